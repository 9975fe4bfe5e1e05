import assert from "node:assert/strict";
import { onRealDiscussions, realDiscussions, realEvents } from "../../core/testing/real_discussions.ts";
import { planDiscussions } from "../../core/experiment/mod.ts";
import { play } from "../../core/testing/mod.ts";
import { turnTakingStrategies, type TurnTakingStrategy } from "../../core/turn_taking/mod.ts";
import { CHANCE_TESTS, declaredAs, declaredBy } from "./mod.ts";
import { checked, experimentWith, flagged, held, inEnvelopes, QUICK_RULES } from "./testing/mod.ts";
import type { FidelityCheck } from "./checks.ts";
import { Fidelity } from "./fidelity.ts";

Deno.test("Fidelity checks everything that an experiment declares", async () => {
  const experiment = await experimentWith();
  const checks = checked(held(experiment), { declaration: declaredBy(experiment) });
  assert.deepEqual(flagged(checks), []);
  const passed = checks.filter(({ verdict }) => verdict === "pass").map(({ check }) => check);
  assert.deepEqual(passed, [
    "discussions",
    "designs",
    "turn counts",
    "respond rate",
    "speaker distribution",
    "talkativeness of speakers",
    "never twice in a row",
    "speakers the rule allows",
    "speaker draws",
    "moderator schedule",
    "window length",
    "model",
    "sampling seeds",
    "silence",
    "what was drawn",
    "sampling of personas",
    "sampling of openings",
    "share of role troll",
  ]);
  const rate = checks.find(({ check }) => check === "respond rate")!;
  // There are 24 discussions of 12 turns. The first two turns of a discussion cannot be answers. Each later
  // turn is an answer with probability 0.4 + 0.6 / 6.
  assert.equal(rate.observed!.of, 24 * 10);
  assert.ok(Math.abs(rate.expected! - 24 * 10 * 0.5) < 1e-9);
});

Deno.test("Fidelity expects fewer participants with a drawn role if another role has a fixed count", async () => {
  const roles =
    "roles: [{ name: troll, probability: 0.2, instructions: x }, { name: host, count: 5, instructions: x }]";
  const experiment = await experimentWith({ turns: 1, replications: 120, roles });
  const declaration = declaredBy(experiment);
  const checks = checked(held(experiment), { declaration });
  assert.deepEqual(flagged(checks), []);
  const share = checks.find(({ check }) => check === "share of role troll")!;
  // The number is binomial for seven participants, but at most two get the role. So its mean is 2 − 2 P(0) − P(1).
  assert.ok(Math.abs(share.expected! - 120 * (2 - 2 * 0.8 ** 7 - 7 * 0.2 * 0.8 ** 6)) < 1e-9);
  assert.equal(share.test!.method, "normal approximation");
  assert.deepEqual([share.observed!.unit, share.observed!.of], ["mean", 120]);
  const none = held(experiment, (design) => ({
    ...design,
    participants: design.participants.map(({ role, ...others }) =>
      role?.name === "host" ? { ...others, role } : others
    ),
  }));
  assert.deepEqual(flagged(checked(none, { declaration })), ["designs", "share of role troll"]);
});

Deno.test("Fidelity does not count draws from different lists together", async () => {
  const lists = ["A", "B"].map((letter) =>
    `[${Array.from({ length: 9 }, (_, at) => `{ name: ${letter}${at} }`).join(", ")}]`
  );
  const design = `, matched: false, factors: { participants.personas: [{ label: a, value: ${lists[0]} }, ` +
    `{ label: b, value: ${lists[1]} }] }`;
  const experiment = await experimentWith({ turns: 1, replications: 60, design });
  const checks = checked(held(experiment), { declaration: declaredBy(experiment) });
  assert.deepEqual(flagged(checks), []);
  const sampled = checks.filter(({ check }) => check === "sampling of personas");
  assert.deepEqual(sampled.map(({ observed }) => observed!.of), [60, 60]);
});

Deno.test("Fidelity does not flag a discussion that was ended early, before its moderator was asked", async () => {
  const experiment = await experimentWith({ replications: 1 });
  const [events] = held(experiment);
  const second = events!.findIndex(({ type, data }) =>
    type.startsWith("Turn") && "turn" in data && data.turn === 1
  );
  const early = {
    type: "DiscussionCompleted",
    data: { reason: "stopped-early", turns: 2, comments: 3 },
  } as const;
  const checks = checked([[...events!.slice(0, second + 1), early]], { declaration: declaredBy(experiment) });
  assert.deepEqual(flagged(checks), []);
  assert.equal(checks.find(({ check }) => check === "discussions")!.verdict, "pass");
});

Deno.test("Fidelity gives a reason for each check without a verdict if a run has only begun", async () => {
  const experiment = await experimentWith();
  const [first] = held(experiment);
  const checks = checked([first!.slice(0, 1)], { declaration: declaredBy(experiment) });
  assert.deepEqual(flagged(checks), []);
  for (const { observed, expected, test, verdict, reason } of checks) {
    assert.notEqual(reason, "");
    if (verdict === "cannot-tell") continue;
    for (const number of [observed!.count, observed!.of, expected!, test?.p ?? 1]) {
      assert.ok(Number.isFinite(number));
    }
  }
  const { verdict, reason } = checks.find(({ check }) => check === "respond rate") ?? checks[0]!;
  assert.deepEqual([verdict, reason], ["cannot-tell", "only 0 of 24 have ended so far"]);
});

Deno.test("Fidelity does not check the events that a fork copied from its original", async () => {
  const experiment = await experimentWith({ replications: 1 });
  const [events] = held(experiment);
  const first = events![0]!;
  assert.ok(first.type === "DiscussionOpened");
  const forkedFrom = { stream: "d0", seq: 8, events: 8 };
  const opened = { ...first, data: { ...first.data, forkedFrom, history: 1 } };
  const checks = checked([[opened, ...events!.slice(1, 9)]]);
  assert.equal(checks.find(({ check }) => check === "window length")!.verdict, "cannot-tell");
});

/** Checks one discussion of the default experiment with a custom strategy. */
async function heldByOwn(own: TurnTakingStrategy): Promise<readonly FidelityCheck[]> {
  const rules = { ...QUICK_RULES, strategies: turnTakingStrategies([own]) };
  const [design] = planDiscussions(await experimentWith({ replications: 1 }));
  const { events } = play(
    { ...design!, turnTaking: { name: own.name, options: {} } },
    (_, nth) => `Comment ${nth}`,
    rules,
  );
  const fidelity = new Fidelity(rules);
  for (const envelope of inEnvelopes("d", events)) fidelity.add(envelope);
  return fidelity.results(CHANCE_TESTS);
}

/** Three turns of the first participant, then one of the second. */
const monologue: TurnTakingStrategy = { name: "monologue", select: ({ turn }) => turn % 4 < 3 ? 0 : 1 };

const TWICE = "never twice in a row";

Deno.test("Fidelity does not expect a custom strategy to forbid two turns in a row", async () => {
  const checks = await heldByOwn(monologue);
  assert.deepEqual(flagged(checks), []);
  const { verdict, reason } = checks.find(({ check }) => check === TWICE)!;
  assert.deepEqual([verdict, reason], [
    "cannot-tell",
    "the declared strategy does not say how likely each participant is to speak",
  ]);
  assert.equal(checks.find(({ check }) => check === "speaker draws")!.verdict, "pass");
});

Deno.test("Fidelity compares a custom strategy with the chances that it states", async () => {
  const chances: TurnTakingStrategy["chances"] = ({ participants, last }) =>
    participants.map((_, index) => index === last ? 0 : 1 / (participants.length - (last === null ? 0 : 1)));
  assert.deepEqual(flagged(await heldByOwn({ ...monologue, chances })), [TWICE]);
  const may: TurnTakingStrategy["chances"] = ({ participants }) =>
    participants.map((_, index) => index < 2 ? 0.5 : 0);
  const checks = await heldByOwn({ ...monologue, chances: may });
  assert.deepEqual(flagged(checks), []);
  assert.equal(checks.find(({ check }) => check === TWICE)!.verdict, "cannot-tell");
  await assert.rejects(
    () => heldByOwn({ ...monologue, chances: () => [1] }),
    /"monologue": it gave the chances \[1\], expected 7 numbers from 0 to 1 that sum to 1$/,
  );
});

Deno.test("Fidelity checks a declared built-in strategy instead of the custom strategy in the log", async () => {
  const rules = { ...QUICK_RULES, strategies: turnTakingStrategies([monologue]) };
  const [design] = planDiscussions(await experimentWith({ replications: 1 }));
  const own = { ...design!, turnTaking: { name: "monologue", options: {} } };
  const { events } = play(own, (_, nth) => `Comment ${nth}`, rules);
  const declaration = declaredAs({ turnTaking: { name: "random", options: {} } });
  assert.ok(flagged(checked([events], { declaration })).includes(TWICE));
});

Deno.test("Fidelity does not mix up the versions of two models with the same name in two conditions", async () => {
  const experiment = await experimentWith({ replications: 1, turns: 2 });
  const run = ["one", "two"].map((option) =>
    held(experiment, (design) => ({
      ...design,
      condition: option,
      models: { talker: { ...design.models.talker!, options: { option } } },
    }))[0]!.map((event) =>
      event.type === "TurnTaken"
        ? { ...event, data: { ...event.data, generation: { ...event.data.generation!, servedBy: option } } }
        : event
    )
  );
  const checks = checked(run);
  assert.equal(checks.find(({ check }) => check === "model version")!.verdict, "pass");
});

Deno.test("Fidelity refuses events that cannot follow each other", async () => {
  const [events] = held(await experimentWith({ replications: 1 }));
  const fidelity = new Fidelity(QUICK_RULES);
  const [, second] = inEnvelopes("d", events!);
  assert.throws(() => fidelity.add(second!), RangeError);
});

Deno.test({
  ...onRealDiscussions(
    "Fidelity flags the respond rate of the real discussions, but not the rule that no one speaks twice in a row",
  ),
  async fn() {
    const declaration = declaredAs({
      turnTaking: { name: "respond", options: { probability: 0.4 } },
      turns: 15,
      schedule: { name: "every-turn", options: {} },
    });
    const run = (await Array.fromAsync(realDiscussions())).map((discussion) => [...realEvents(discussion)]);
    const checks = checked(run, { declaration });
    assert.deepEqual(flagged(checks), ["respond rate"]);
    const rate = checks.find(({ check }) => check === "respond rate")!;
    assert.deepEqual(rate.observed, { count: 824, of: 4680, unit: "share" });
    assert.ok(Math.abs(rate.expected! - 2340) < 1e-6);
    const passed = (check: string) => checks.find((one) => one.check === check)!;
    assert.deepEqual(passed("never twice in a row").observed, { count: 5040, of: 5040, unit: "share" });
    assert.deepEqual(passed("turn counts").observed, { count: 360, of: 360, unit: "share" });
    assert.deepEqual(passed("moderator schedule").observed, { count: 4050, of: 4050, unit: "share" });
    for (
      const check of ["never twice in a row", "turn counts", "moderator schedule", "speaker distribution"]
    ) {
      assert.equal(passed(check).verdict, "pass", check);
    }
    for (const check of ["window length", "model", "sampling seeds", "sampling of personas", "silence"]) {
      assert.equal(passed(check).verdict, "cannot-tell", check);
    }
    const undeclared = checked(run);
    assert.deepEqual(flagged(undeclared), []);
    assert.equal(undeclared.find(({ check }) => check === "respond rate")!.verdict, "cannot-tell");
  },
});
