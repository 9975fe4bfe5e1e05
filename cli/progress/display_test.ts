import assert from "node:assert/strict";
import { Pace, PACE_WINDOW_MS, remainingMs } from "./display.ts";

Deno.test("Pace.perSecond() returns null at first, then the mean pace since the beginning", () => {
  const pace = new Pace(0, 100);
  assert.equal(pace.perSecond(500, 110), null);
  assert.equal(pace.perSecond(2_000, 120), 10);
});

Deno.test("Pace.perSecond() ignores samples that are older than its window", () => {
  const pace = new Pace(0, 0);
  // The count grows by ten a second for ten minutes, then by one a second for a little longer than the window.
  for (let second = 1; second <= 600; second++) pace.perSecond(second * 1000, second * 10);
  const window = PACE_WINDOW_MS / 1000 + 1;
  for (let second = 1; second < window; second++) pace.perSecond((600 + second) * 1000, 6000 + second);
  assert.equal(pace.perSecond((600 + window) * 1000, 6000 + window), 1);
});

Deno.test("remainingMs() divides the rest by the pace, and returns null without a pace", () => {
  assert.equal(remainingMs(30, 10), 3_000);
  assert.equal(remainingMs(30, null), null);
  assert.equal(remainingMs(30, 0), null);
  assert.equal(remainingMs(0, null), 0);
});
