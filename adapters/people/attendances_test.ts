import assert from "node:assert/strict";
import type { Desk } from "./desk.ts";
import { Attendances } from "./attendances.ts";
import { AWAY_MS, Presence } from "./presence.ts";

Deno.test("Attendances reports once that an awaited person has left, and once that the person is back", () => {
  let nowMs = 0;
  const clock = { now: () => nowMs, sleep: () => new Promise<void>(() => {}) };
  const presence = new Presence(clock);
  const waitedFor = ["d/Ann", "d/Ben"];
  const desk = { waitedFor: () => waitedFor.values() } as unknown as Desk;
  const attendances = new Attendances({ desk, presence, clock, say: () => {} });
  presence.seen("d/Ann");
  assert.deepEqual(attendances.changes(), []);
  nowMs += AWAY_MS;
  const away = "away, and the run waits for an answer: d/Ann";
  assert.deepEqual([attendances.changes(), attendances.changes()], [[away], []]);
  presence.seen("d/Ann");
  assert.deepEqual([attendances.changes(), attendances.changes()], [["back: d/Ann"], []]);
  attendances.close();
});
