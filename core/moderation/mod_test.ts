import assert from "node:assert/strict";
import type { RuleOptions } from "../events/mod.ts";
import { moderationView } from "../testing/mod.ts";
import { type ModerationSchedule, moderationSchedules, scheduleClause } from "./mod.ts";

/** The turns after which a schedule asks the moderator, in a discussion with this number of turns. */
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

Deno.test("a schedule that does not depend on comments says how often it asks", () => {
  const calls = (name: string, options: Record<string, number> = {}) =>
    moderationSchedules().get(name)!.calls?.(10, options);
  assert.deepEqual([calls("every-turn"), calls("on-demand"), calls("every", { n: 3 })], [10, 10, 3]);
  assert.equal(calls("threshold"), undefined);
});

Deno.test("plans show the schedule every as `every 2`", () => {
  assert.equal(moderationSchedules().get("every")!.short!({ n: 2 }), "every 2");
});

Deno.test("every takes a whole number of at least 1", () => {
  const fits = (options: object) => moderationSchedules().get("every")!.options!.safeParse(options).success;
  for (const n of [1, 14]) assert.equal(fits({ n }), true);
  for (const n of [0, -1, 1.5, "2", null]) assert.equal(fits({ n }), false);
  assert.equal(fits({}), false);
});

Deno.test("moderationSchedules() lets a schedule of a researcher replace a built-in one", () => {
  const own: ModerationSchedule = { name: "every", mayAbstain: true, isDue: () => false };
  const schedules = moderationSchedules([own]);
  assert.equal(schedules.get("every"), own);
  assert.deepEqual([...schedules.keys()].sort(), ["every", "every-turn", "on-demand", "threshold"]);
});

Deno.test("scheduleClause() says when a moderator was asked, and names an unknown schedule", () => {
  const schedules = moderationSchedules();
  const clause = (name: string, options: RuleOptions = {}) =>
    scheduleClause({ name, options }, schedules.get(name));
  for (const name of schedules.keys()) assert.doesNotMatch(clause(name), /by the rule/, name);
  assert.equal(clause("every", { n: 3 }), "after every 3 turns");
  assert.equal(
    clause("threshold", { signal: "words", words: ["fool", "liar"], above: 1 }),
    "after comments whose number of words out of fool and liar was above 1",
  );
  assert.equal(clause("./own.ts"), "by the rule ./own.ts");
});
