import assert from "node:assert/strict";
import type { Envelope, LogEnd } from "../../core/events/mod.ts";
import { LogEndTally } from "./log_ends.ts";

const event = (stream: string, seq: number, hash: string) => ({ stream, seq, hash }) as Envelope;

Deno.test("LogEndTally finds logs that are cut, changed or missing, and does not report damaged logs", () => {
  const ends = new Map<string, LogEnd>([
    ["whole", [2, "b"]],
    ["grown", [1, "a"]],
    ["cut", [3, "c"]],
    ["changed", [2, "b"]],
    ["damaged", [2, "b"]],
    ["missing", [1, "a"]],
    ["emptied by a repair", [0, "0"]],
  ]);
  const tally = new LogEndTally(ends);
  for (const [log, second] of Object.entries({ whole: "b", grown: "b", cut: "b", changed: "x", own: "b" })) {
    tally.add(event(log, 0, "a"));
    tally.add(event(log, 1, second));
    tally.ended(log, false);
  }
  tally.add(event("damaged", 0, "a"));
  tally.ended("damaged", true);
  assert.deepEqual(tally.found(), ["cut", "changed", "missing"]);
});
