import assert from "node:assert/strict";
import { moderationView } from "../testing/mod.ts";
import { type ModerationSchedule, moderationSchedules } from "./mod.ts";

/** After which of the first turns a schedule asks the moderator. */
function dueAfter(name: string, options: Record<string, number>, turns: number): number[] {
  const schedule = moderationSchedules().get(name)!;
  return Array.from({ length: turns }, (_, turn) => turn)
    .filter((turn) => schedule.isDue(moderationView(["Hello."], { turn }), options));
}

Deno.test("every-turn and on-demand ask after each turn, and only on-demand offers silence", () => {
  assert.deepEqual(dueAfter("every-turn", {}, 4), [0, 1, 2, 3]);
  assert.deepEqual(dueAfter("on-demand", {}, 4), [0, 1, 2, 3]);
  const schedules = moderationSchedules();
  assert.deepEqual(
    [...schedules.values()].filter(({ mayAbstain }) => mayAbstain).map(({ name }) => name),
    ["on-demand"],
  );
});

Deno.test("every-turn, every and on-demand ask after silent turns as well", () => {
  for (const name of ["every-turn", "every", "on-demand"]) {
    const view = moderationView([], { turn: 3, silent: true });
    assert.equal(moderationSchedules().get(name)!.isDue(view, { n: 2 }), true, name);
  }
});

Deno.test("every asks after turns n, 2n, 3n, counted from one", () => {
  assert.deepEqual(dueAfter("every", { n: 1 }, 4), [0, 1, 2, 3]);
  assert.deepEqual(dueAfter("every", { n: 3 }, 10), [2, 5, 8]);
  assert.deepEqual(dueAfter("every", { n: 11 }, 10), []);
});

Deno.test("every checks that n is a whole number of at least 1", () => {
  const { check } = moderationSchedules().get("every")!;
  for (const n of [1, 14]) assert.deepEqual(check!({ n }), []);
  for (const n of [0, -1, 1.5, "2", null]) {
    assert.deepEqual(check!({ n }), ["n must be a whole number of at least 1"]);
  }
  assert.deepEqual(check!({}), ["n must be a whole number of at least 1"]);
});

Deno.test("moderationSchedules() lets a researcher's own schedule take a built-in one's place", () => {
  const own: ModerationSchedule = { name: "every", mayAbstain: true, isDue: () => false };
  const schedules = moderationSchedules([own]);
  assert.equal(schedules.get("every"), own);
  assert.deepEqual([...schedules.keys()].sort(), ["every", "every-turn", "on-demand", "threshold"]);
});
