import assert from "node:assert/strict";
import { openDraw } from "../random/mod.ts";
import { turnView } from "../testing/mod.ts";
import { respond } from "./respond.ts";
import type { TurnTakingView } from "./strategy.ts";

const SEVEN = ["Ann", "Bob", "Cem", "Dee", "Eva", "Fay", "Gus"];

/** How often each participant is chosen in this view, over 6000 seeds. */
function speakers(view: TurnTakingView, probability: number): number[] {
  const counts = view.participants.map(() => 0);
  for (let seed = 0; seed < 6000; seed++) {
    counts[respond.select(view, openDraw(String(seed), "speaker"), { probability })]!++;
  }
  return counts;
}

Deno.test("respond chooses the second-to-last speaker with probability p + (1 − p) / (n − 1)", () => {
  // n = 7, p = 0.4: 0.4 + 0.6 / 6 = 0.5, and 0.6 / 6 = 0.1 for each of the five others.
  const counts = speakers(turnView(SEVEN, { turn: 9, last: 4, secondToLast: 1 }), 0.4);
  assert.equal(counts[4], 0);
  // Central 99.9 % of the binomial distribution with n = 6000 and p = 0.5.
  assert.ok(counts[1]! >= 2873 && counts[1]! <= 3127, `${counts}`);
  // Three and a half standard deviations around 600: sqrt(6000 · 0.1 · 0.9) = 23.2.
  for (const index of [0, 2, 3, 5, 6]) assert.ok(Math.abs(counts[index]! - 600) < 82, `${counts}`);
});

Deno.test("respond gives half of a discussion's turns to the second-to-last speaker at p = 0.4 and n = 7", () => {
  let last: number | null = null;
  let secondToLast: number | null = null;
  let back = 0;
  for (let turn = 0; turn < 6002; turn++) {
    const view: TurnTakingView = turnView(SEVEN, { turn, last, secondToLast });
    const speaker = respond.select(view, openDraw("42", "speaker", turn), { probability: 0.4 });
    assert.notEqual(speaker, last);
    if (turn >= 2 && speaker === secondToLast) back++;
    [secondToLast, last] = [last, speaker];
  }
  assert.ok(back >= 2873 && back <= 3127, `${back} of 6000`);
});

Deno.test("respond always chooses the second-to-last speaker at p = 1, and draws at random at p = 0", () => {
  const view = turnView(SEVEN, { turn: 9, last: 4, secondToLast: 1 });
  assert.equal(speakers(view, 1)[1], 6000);
  // Central 99.9 % of the binomial distribution with n = 6000 and p = 1/6.
  const counts = speakers(view, 0);
  for (const index of [0, 1, 2, 3, 5, 6]) {
    assert.ok(counts[index]! >= 906 && counts[index]! <= 1096, `${counts}`);
  }
});

Deno.test("respond draws the speakers of the first two turns at random, for every p", () => {
  // Central 99.9 % of the binomial distribution with n = 6000 and p = 1/7.
  for (const count of speakers(turnView(SEVEN), 1)) assert.ok(count >= 769 && count <= 947, `${count}`);
  const second = speakers(turnView(SEVEN, { turn: 1, last: 3 }), 1);
  assert.equal(second[3], 0);
  for (const index of [0, 1, 2, 4, 5, 6]) assert.ok(second[index]! >= 906 && second[index]! <= 1096);
});

Deno.test("respond alternates between two participants, and lets a lone participant speak again", () => {
  const two = turnView(["Ann", "Bob"], { turn: 2, last: 0, secondToLast: 1 });
  assert.deepEqual(speakers(two, 0.4), [0, 6000]);
  const alone = turnView(["Ann"], { turn: 2, last: 0, secondToLast: 0 });
  assert.deepEqual(speakers(alone, 0.4), [6000]);
});

Deno.test("respond accepts only a probability from 0 to 1", () => {
  const fits = (options: object) => respond.options!.safeParse(options).success;
  for (const probability of [0, 0.4, 1]) assert.equal(fits({ probability }), true);
  for (const probability of [-0.1, 1.1, "0.4", null]) assert.equal(fits({ probability }), false);
  assert.equal(fits({}), false);
});
