import assert from "node:assert/strict";
import { PrivateWords } from "../../adapters/stores/archive/private_words.ts";
import type { RunLogs } from "../shared/logs.ts";
import { Cleaner } from "./clean_texts.ts";
import { renamedPaths } from "./renamed_paths.ts";

/** Paths are put together, so that this file names none. */
const level = (name: string) => ["", "srv", name, "lvl"].join("/");

/** A run whose discussions were opened and have no further events. */
function runOf(designs: Readonly<Record<string, unknown>>): RunLogs {
  return {
    run: { store: { release: () => {} } },
    async *discussions() {
      yield* Object.keys(designs);
    },
    async *events(name: string) {
      yield { type: "DiscussionOpened", data: designs[name] };
    },
  } as unknown as RunLogs;
}

Deno.test("renamedPaths() removes paths and servers from the names of conditions and discussions, and keeps names different", async () => {
  const [one, two] = [level("secretdir"), level("otherdir")];
  const models = { m: { adapter: "openai", options: { baseUrl: "http://gpu9.planted.example:8000/v1" } } };
  const run = runOf({
    "gentle+-srv-secretdir-lvl.r0001.aa": {
      condition: `gentle+${one}`,
      factors: { a: "gentle", b: one },
      models,
    },
    "gentle+-srv-otherdir-lvl.r0001.bb": {
      condition: `gentle+${two}`,
      factors: { a: "gentle", b: two },
      models,
    },
    "gpu9.planted.example.r0001.cc": { condition: "gpu9.planted.example", factors: { a: "x" }, models },
  });
  const words = new PrivateWords({ users: [], hosts: [], folders: [] });
  const clean = new Cleaner(words, await renamedPaths([run], words));
  assert.deepEqual(
    clean.deep([...await Array.fromAsync(run.discussions()), `gentle+${one}`, { b: two }, "gentle"]),
    [
      "gentle+removed-path-lvl.r0001.aa",
      "gentle+removed-path-lvl-2.r0001.bb",
      "removed-host.r0001.cc",
      "gentle+removed-path/lvl",
      { b: "removed-path/lvl 2" },
      "gentle",
    ],
  );
});

Deno.test("renamedPaths() does not bring a path back if a level contains the signs of a replacement pattern", async () => {
  const one = `${level("secretdir")} $&`;
  const run = runOf({ d: { condition: `gentle+${one}`, factors: { a: "gentle", b: one }, models: {} } });
  const renamed = await renamedPaths([run], new PrivateWords({ users: [], hosts: [], folders: [] }));
  assert.deepEqual([...renamed.values()], [
    "removed-path/lvl $&",
    "gentle+removed-path/lvl $&",
    "gentle+removed-path-lvl",
  ]);
});
