import assert from "node:assert/strict";
import { missingWords } from "./use_row.ts";

Deno.test("missingWords() distinguishes discussions that the run does not have from discussions that have not begun", () => {
  const plan = { discussions: 4, conditions: 2, replications: 2 };
  const absent = 'The run has no discussion "a.r0003.12345678".';
  const waiting = "This discussion has not begun.";
  const words = (name: string, listed: number | null) => missingWords(name, { row: null, listed }, plan);
  assert.equal(words("a.r0002.12345678", 3), waiting);
  assert.equal(words("a.r0002.12345678", 4), 'The run has no discussion "a.r0002.12345678".');
  assert.equal(words("a.r0003.12345678", 3), absent);
  assert.equal(words("other", 3), 'The run has no discussion "other".');
  assert.equal(words("other", null), null);
});
