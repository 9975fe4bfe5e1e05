import assert from "node:assert/strict";
import { KEY_TABLE, keyClashes } from "./key_table.ts";

Deno.test("no two keys of the page clash", () => {
  assert.deepEqual(keyClashes(KEY_TABLE), []);
});

Deno.test("keyClashes() finds equal keys, and a key that begins another one", () => {
  const table = {
    everywhere: { title: "", keys: { help: { press: ["?"], text: "" }, go: { press: ["g o"], text: "" } } },
    list: { title: "", keys: { ask: { press: ["?"], text: "" }, grow: { press: ["g"], text: "" } } },
    other: { title: "", keys: { first: { press: ["g g"], text: "" } } },
  };
  assert.deepEqual(keyClashes(table), ['list: "?" (help) and "?" (ask)', 'list: "g o" (go) and "g" (grow)']);
});
