import assert from "node:assert/strict";
import { BUILT_IN_ADAPTERS } from "./mod.ts";

Deno.test("every adapter in BUILT_IN_ADAPTERS reports an unknown option", () => {
  assert.deepEqual([...BUILT_IN_ADAPTERS.keys()], ["human", "llama", "openai", "scripted", "transformers"]);
  for (const adapter of BUILT_IN_ADAPTERS.values()) {
    const problems = adapter.checkOptions!({ nonsense: true });
    assert.ok(problems.some(({ path, part }) => path[0] === "nonsense" && part === "key"));
  }
});
