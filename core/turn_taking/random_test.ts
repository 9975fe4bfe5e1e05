import assert from "node:assert/strict";
import { openDraw } from "../random/mod.ts";
import { turnView } from "../testing/mod.ts";
import { random } from "./random.ts";

Deno.test("random never chooses the last speaker, and chooses all others equally often", () => {
  const counts = [0, 0, 0, 0];
  const view = turnView(["Ann", "Bob", "Cem", "Dee"], { turn: 5, last: 2, secondToLast: 0 });
  for (let seed = 0; seed < 6000; seed++) counts[random.select(view, openDraw(String(seed)), {})]!++;
  assert.equal(counts[2], 0);
  // The central 99.9 % of the binomial distribution with n = 6000 and p = 1/3.
  for (const index of [0, 1, 3]) assert.ok(counts[index]! >= 1880 && counts[index]! <= 2121, `${counts}`);
});

Deno.test("random draws the first speaker from all participants", () => {
  const speakers = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    speakers.add(random.select(turnView(["Ann", "Bob", "Cem"]), openDraw(String(seed)), {}));
  }
  assert.deepEqual([...speakers].sort(), [0, 1, 2]);
});

Deno.test("random alternates between two participants, and lets a lone participant speak again", () => {
  assert.equal(random.select(turnView(["Ann", "Bob"], { last: 0 }), openDraw("42"), {}), 1);
  assert.equal(random.select(turnView(["Ann", "Bob"], { last: 1 }), openDraw("42"), {}), 0);
  assert.equal(random.select(turnView(["Ann"], { last: 0 }), openDraw("42"), {}), 0);
});
