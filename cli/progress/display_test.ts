import assert from "node:assert/strict";
import { Pace, PACE_WINDOW_MS, remainingMs } from "./display.ts";

Deno.test("Pace.perSecond() says nothing at first, then the mean since the beginning", () => {
  const pace = new Pace(0, 100);
  assert.equal(pace.perSecond(500, 110), null);
  assert.equal(pace.perSecond(2_000, 120), 10);
});

Deno.test("Pace.perSecond() forgets what is older than its window", () => {
  const pace = new Pace(0, 0);
  // Ten a second for ten minutes, then one a second for as long as the window and a little more.
  for (let second = 1; second <= 600; second++) pace.perSecond(second * 1000, second * 10);
  const window = PACE_WINDOW_MS / 1000 + 1;
  for (let second = 1; second < window; second++) pace.perSecond((600 + second) * 1000, 6000 + second);
  assert.equal(pace.perSecond((600 + window) * 1000, 6000 + window), 1);
});

Deno.test("remainingMs() divides what is left by the pace, where there is one", () => {
  assert.equal(remainingMs(30, 10), 3_000);
  assert.equal(remainingMs(30, null), null);
  assert.equal(remainingMs(30, 0), null);
  assert.equal(remainingMs(0, null), 0);
});
