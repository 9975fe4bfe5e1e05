import assert from "node:assert/strict";
import { REAL_DISCUSSIONS_HERE, realDiscussions, realEvents } from "../../testing/real_discussions.ts";
import { declaredAs, declaredBy } from "./mod.ts";
import { checked, experimentWith, flagged, held, inEnvelopes, QUICK_RULES, type Run } from "./testing/mod.ts";
import { Fidelity } from "./fidelity.ts";

Deno.test("Fidelity checks all that an experiment declares", async () => {
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
  // 24 discussions of 12 turns, the first two of which answer nobody; among seven, 0.4 + 0.6 / 6 of the rest are answers.
  assert.equal(rate.observed!.of, 24 * 10);
  assert.ok(Math.abs(rate.expected! - 24 * 10 * 0.5) < 1e-9);
});

/** The declaration of one experiment, and what another one ran. */
async function declaredAndRan(
  declared: Parameters<typeof experimentWith>[0],
  ran: Parameters<typeof experimentWith>[0],
): Promise<readonly string[]> {
  const run = held(await experimentWith(ran));
  return flagged(checked(run, { declaration: declaredBy(await experimentWith(declared)) }));
}

Deno.test("Fidelity finds out that another strategy or probability ran, by the speakers alone", async () => {
  const cases: [string, string, string[]][] = [
    ["respond, probability: 0.4", "random", ["respond rate"]],
    ["respond, probability: 0.4", "respond, probability: 0.1", ["respond rate"]],
    ["random", "respond, probability: 0.4", ["respond rate"]],
    ["random", "weighted", ["talkativeness of speakers"]],
    ["weighted", "random", ["talkativeness of speakers"]],
    ["round-robin", "random", ["speakers the rule allows"]],
    ["random", "round-robin", ["respond rate"]],
    ["respond, probability: 1", "random", ["respond rate", "speakers the rule allows"]],
    ["mention", "random", ["speakers the rule allows"]],
  ];
  for (const [declared, ran, expected] of cases) {
    const found = await declaredAndRan({ turnTaking: declared }, { turnTaking: ran });
    const missing = [...expected, "designs", "speaker draws"].filter((check) => !found.includes(check));
    assert.deepEqual(missing, [], `${ran} for ${declared} was flagged by ${found.join(", ")}`);
  }
});

Deno.test("Fidelity finds out that some speak more often than they should", async () => {
  const experiment = await experimentWith({ turnTaking: "random", replications: 40 });
  const run = held(experiment).map((events) =>
    events.map((event) => {
      if (event.type !== "TurnTaken" || event.data.turn % 4 !== 0) return event;
      const first = events[0]!;
      assert.ok(first.type === "DiscussionOpened");
      return { ...event, data: { ...event.data, participant: first.data.participants[0]!.name } };
    })
  );
  const found = flagged(checked(run, { declaration: declaredBy(experiment) }));
  for (const check of ["speaker distribution", "never twice in a row", "speaker draws", "window length"]) {
    assert.ok(found.includes(check), `${check} is not among ${found.join(", ")}`);
  }
});

Deno.test("Fidelity finds out that another window, number of turns or number of discussions ran", async () => {
  assert.deepEqual(await declaredAndRan({ history: 3 }, { history: 5 }), ["designs", "window length"]);
  assert.deepEqual(await declaredAndRan({ turns: 12 }, { turns: 11 }), ["designs", "turn counts"]);
  assert.deepEqual(await declaredAndRan({ replications: 20 }, { replications: 24 }), [
    "discussions",
    "designs",
  ]);
});

/** A run of the usual experiment in which something else happened than its log's own designs say. */
async function flaggedOf(
  change: (run: Run) => Run,
): Promise<readonly string[]> {
  const experiment = await experimentWith();
  return flagged(checked(change(held(experiment)), { declaration: declaredBy(experiment) }));
}

Deno.test("Fidelity finds out that a log says one window, and prompts show another", async () => {
  const longer = await experimentWith();
  const run = held(longer, (design) => ({ ...design, history: 4 })).map((events) =>
    events.map((event) =>
      event.type === "DiscussionOpened" ? { ...event, data: { ...event.data, history: 3 } } : event
    )
  );
  assert.deepEqual(flagged(checked(run, { declaration: declaredBy(longer) })), ["window length"]);
  assert.deepEqual(flagged(checked(run)), ["window length"], "without the experiment");
});

Deno.test("Fidelity finds out that other personas, openings or roles were drawn than chance explains", async () => {
  const experiment = await experimentWith();
  const declaration = declaredBy(experiment);
  const same = held(experiment, (design) => ({
    ...design,
    openings: [{ author: "P0", text: "Should trams be free?" }],
    participants: design.participants.map((participant, at) => {
      const { role: _, ...others } = participant;
      return at < 6 ? { ...others, name: `P${at}`, role: { name: "troll", instructions: "Provoke." } } : {
        ...others,
        name: `P${6 + Number(participant.name.slice(1)) % 6}`,
      };
    }),
  }));
  const found = flagged(checked(same, { declaration }));
  assert.deepEqual(found, ["designs", "sampling of personas", "sampling of openings", "share of role troll"]);
  const strangers = held(experiment, (design) => ({
    ...design,
    participants: design.participants.map((participant, at) => ({
      ...participant,
      name: at === 0 ? "Eve" : participant.name,
    })),
  }));
  assert.deepEqual(flagged(checked(strangers, { declaration })), ["designs", "what was drawn"]);
});

Deno.test("Fidelity finds out that the moderator was asked at other turns", async () => {
  const every = (schedule: { name: string; options: Record<string, number> }) =>
    experimentWith().then((experiment) =>
      flagged(checked(
        held(experiment, (design) => ({ ...design, moderator: { ...design.moderator!, schedule } })),
        { declaration: declaredBy(experiment) },
      ))
    );
  assert.deepEqual(await every({ name: "every", options: { n: 3 } }), ["designs", "moderator schedule"]);
  assert.deepEqual(await every({ name: "every-turn", options: {} }), ["designs", "moderator schedule"]);
  const silenced = await flaggedOf((run) =>
    run.map((events) =>
      events.filter(({ type }) => type !== "ModeratorAbstained" && type !== "ModeratorIntervened")
    )
  );
  assert.ok(silenced.includes("moderator schedule"));
});

Deno.test("Fidelity finds out that another model, other parameters or seeds ran, or another version in the midst of it", async () => {
  type Answered = Extract<Run[number][number], { data: { generation?: unknown } }>;
  const withGenerations = (changes: (nth: number) => Record<string, unknown>) => (run: Run): Run => {
    let nth = 0;
    return run.map((events) =>
      events.map((event) => {
        if (!("generation" in event.data)) return event;
        const generation = { ...event.data.generation, ...changes(nth++) };
        return { ...event, data: { ...event.data, generation } } as Answered;
      })
    );
  };
  const found = (changes: (nth: number) => Record<string, unknown>) => flaggedOf(withGenerations(changes));
  assert.deepEqual(await found((nth) => nth === 70 ? { model: "other" } : {}), ["model"]);
  assert.deepEqual(await found(() => ({ seed: 7 })), ["sampling seeds"]);
  assert.deepEqual(await found((nth) => ({ servedBy: nth < 100 ? "m-1" : "m-2" })), ["model version"]);
  assert.deepEqual(await found(() => ({ servedBy: "m-1" })), []);
  const hotter = await experimentWith();
  const run = held(hotter, (design) => ({
    ...design,
    models: { talker: { ...design.models.talker!, sampling: { temperature: 1 } } },
  }));
  assert.deepEqual(flagged(checked(run, { declaration: declaredBy(hotter) })), ["designs"]);
  const limited = held(hotter, (design) => ({
    ...design,
    models: { talker: { ...design.models.talker!, sampling: { maxTokens: 20 } } },
  }));
  const usage = (completionTokens: number) => ({ usage: { promptTokens: 9, completionTokens } });
  const lengths = (most: number) =>
    flagged(checked(withGenerations((nth) => usage(nth === 50 ? most : 20))(limited)));
  assert.deepEqual(lengths(20), []);
  assert.deepEqual(lengths(21), ["length limit"]);
});

Deno.test("Fidelity finds out that silence was taken for a comment", async () => {
  const spoken = await flaggedOf((run) =>
    run.map((events) =>
      events.map((event) =>
        event.type === "TurnTaken" ? { ...event, data: { ...event.data, text: '""', raw: '""' } } : event
      )
    )
  );
  assert.ok(spoken.includes("silence"));
});

Deno.test("Fidelity says of a run that has only begun what it cannot tell", async () => {
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

Deno.test("Fidelity leaves to a fork's original what was taken over from it", async () => {
  const experiment = await experimentWith({ replications: 1 });
  const [events] = held(experiment);
  const first = events![0]!;
  assert.ok(first.type === "DiscussionOpened");
  const forkedFrom = { stream: "d0", seq: 8, events: 8 };
  const opened = { ...first, data: { ...first.data, forkedFrom, history: 1 } };
  const checks = checked([[opened, ...events!.slice(1, 9)]]);
  assert.equal(checks.find(({ check }) => check === "window length")!.verdict, "cannot-tell");
});

Deno.test("Fidelity refuses events that cannot follow on each other", async () => {
  const [events] = held(await experimentWith({ replications: 1 }));
  const fidelity = new Fidelity(QUICK_RULES);
  const [, second] = inEnvelopes("d", events!);
  assert.throws(() => fidelity.add(second!), RangeError);
});

Deno.test({
  name:
    "Fidelity flags the respond rate of the real discussions, and passes that nobody speaks twice in a row",
  ignore: !REAL_DISCUSSIONS_HERE,
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
