import assert from "node:assert/strict";
import { LIBRARY_PACKAGES } from "./llama/library_packages.ts";
import { BUILT_IN_ADAPTERS } from "./mod.ts";

Deno.test("every adapter in BUILT_IN_ADAPTERS reports an unknown option", () => {
  assert.deepEqual([...BUILT_IN_ADAPTERS.keys()], ["human", "llama", "openai", "scripted", "transformers"]);
  for (const adapter of BUILT_IN_ADAPTERS.values()) {
    const problems = adapter.checkOptions!({ nonsense: true });
    assert.ok(problems.some(({ path, part }) => path[0] === "nonsense" && part === "key"));
  }
});

Deno.test("deno.lock lists the llama.cpp package of every machine, although no import names it", async () => {
  const { specifiers } = JSON.parse(await Deno.readTextFile(new URL("../../deno.lock", import.meta.url)));
  assert.deepEqual(Object.values(LIBRARY_PACKAGES).filter((name) => !(name in specifiers)), []);
});
