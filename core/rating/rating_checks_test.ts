/** The expected figures were counted by hand. */
import assert from "node:assert/strict";
import { INSULT, TOXICITY } from "../testing/mod.ts";
import { checkResults } from "./rating_checks.ts";
import { type RatingEntry, ratingLine, readRatingLog } from "./rating_log.ts";
import type { RatingItem } from "./rating_order.ts";

const at = "2026-06-01T00:00:00.000Z";
const comments = [{ author: "Ann", text: "Hm." }];
const quiz = (item: number): RatingItem => ({
  kind: "quiz",
  item,
  comments,
  answers: { toxicity: "1", insult: "no" },
});
const known = (item: number): RatingItem => ({ kind: "known", item, comments, answers: { toxicity: "5" } });
const comment = (kind: "comment" | "repeat", ordinal: number): RatingItem => ({
  kind,
  discussion: "d1",
  comment: ordinal,
});

function logOf(entries: readonly RatingEntry[]): string {
  return entries.map((entry) => `${ratingLine(entry)}\n`).join("");
}

function rated(from: number, answers: readonly (readonly [string | null, string | null])[]): RatingEntry[] {
  return answers.map(([toxicity, insult], index) => ({
    kind: "rated",
    at,
    place: from + index,
    answers: { toxicity, insult },
  }));
}

Deno.test("checkResults() counts repeats, known answers and the attempts at the quiz", () => {
  const items = [0, 1, 2, 3].map((ordinal) => comment("comment", ordinal));
  const repeats = [0, 1, 2].map((ordinal) => comment("repeat", ordinal));
  const state = readRatingLog(logOf([
    { kind: "drawn", at, items: [quiz(0), quiz(1)], attempt: 1 },
    ...rated(0, [["1", "no"], ["1", "yes"]]),
    { kind: "confirmed", at, places: 2 },
    { kind: "drawn", at, items: [quiz(0), quiz(1)], attempt: 2 },
    ...rated(2, [["1", "no"], ["1", "no"]]),
    { kind: "confirmed", at, places: 4 },
    { kind: "drawn", at, items: [...items, known(0), ...repeats, known(1), known(2)] },
    ...rated(4, [["1", "no"], ["4", "yes"], ["2", null], ["3", "no"], ["5", "no"]]),
    ...rated(9, [["1", "no"], ["2", "no"], [null, "yes"], [null, "no"]]),
  ]));
  assert.deepEqual(checkResults(state, [TOXICITY, INSULT]), {
    quiz: [{ right: 1, of: 2 }, { right: 2, of: 2 }],
    scales: [
      { scale: "toxicity", repeated: 2, repeatedEqual: 1, distance: 1, known: 2, knownRight: 1 },
      { scale: "insult", repeated: 2, repeatedEqual: 1, distance: null, known: 0, knownRight: 0 },
    ],
  });
});

Deno.test("checkResults() counts the last correction of a rating", () => {
  const state = readRatingLog(logOf([
    { kind: "drawn", at, items: [known(0)] },
    ...rated(0, [["1", "no"]]),
    ...rated(0, [["5.", "no"]]),
  ]));
  assert.equal(checkResults(state, [TOXICITY]).scales[0]!.knownRight, 1);
});

Deno.test("readRatingLog() ignores an unfinished last line, and refuses a damaged one", () => {
  const log = logOf([{ kind: "drawn", at, items: [known(0)] }, ...rated(0, [["1", "no"]])]);
  assert.equal(readRatingLog(`${log}{"kind":"rat`).rated, 1);
  for (const damaged of ["{\n", `${log}{"kind":"rated","at":"${at}","place":1,"answers":{}}\n`]) {
    assert.throws(() => readRatingLog(damaged), /line [13] is damaged/);
  }
});
