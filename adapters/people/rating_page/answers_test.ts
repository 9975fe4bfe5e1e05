import assert from "node:assert/strict";
import { cannotTellKey, keysOf } from "./answers.ts";

function questionWith(...answers: readonly string[]) {
  return { choices: answers.map((answer) => ({ answer, label: null })) };
}

Deno.test("a digit chooses the answer that is this number, and no other number", () => {
  assert.deepEqual(keysOf(questionWith("0", "1", "2")), ["0", "1", "2"]);
  assert.deepEqual(keysOf(questionWith("9", "10", "11")), ["9", null, null]);
  assert.deepEqual(keysOf(questionWith("-1", "0", "1")), [null, "0", "1"]);
  assert.deepEqual(keysOf(questionWith("yes", "no")), ["1", "2"]);
});

Deno.test('the key 0 chooses "cannot tell", unless 0 is an answer of some question', () => {
  assert.equal(cannotTellKey([questionWith("1", "2"), questionWith("yes", "no")]), "0");
  assert.equal(cannotTellKey([questionWith("1", "2"), questionWith("0", "1")]), "x");
});
