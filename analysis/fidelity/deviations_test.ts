import assert from "node:assert/strict";
import { declaredBy } from "./mod.ts";
import { checked, experimentWith, flagged, held, type Run } from "./testing/mod.ts";

/** Compares a run of one experiment with the declaration of another, and returns the flagged checks. */
async function declaredAndRan(
  declared: Parameters<typeof experimentWith>[0],
  ran: Parameters<typeof experimentWith>[0],
): Promise<readonly string[]> {
  const run = held(await experimentWith(ran));
  return flagged(checked(run, { declaration: declaredBy(await experimentWith(declared)) }));
}

Deno.test("Fidelity flags a wrong strategy or a wrong probability, from the order of speakers alone", async () => {
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

Deno.test("Fidelity flags a participant who speaks too often", async () => {
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

Deno.test("Fidelity flags wrong history windows, and wrong numbers of turns and discussions", async () => {
  assert.deepEqual(await declaredAndRan({ history: 3 }, { history: 5 }), ["designs", "window length"]);
  assert.deepEqual(await declaredAndRan({ turns: 12 }, { turns: 11 }), ["designs", "turn counts"]);
  assert.deepEqual(await declaredAndRan({ replications: 20 }, { replications: 24 }), [
    "discussions",
    "designs",
  ]);
});

/** Changes a run of the default experiment, and returns the flagged checks. */
async function flaggedOf(
  change: (run: Run) => Run,
): Promise<readonly string[]> {
  const experiment = await experimentWith();
  return flagged(checked(change(held(experiment)), { declaration: declaredBy(experiment) }));
}

Deno.test("Fidelity flags prompts whose history window differs from the design in the log", async () => {
  const longer = await experimentWith();
  const run = held(longer, (design) => ({ ...design, history: 4 })).map((events) =>
    events.map((event) =>
      event.type === "DiscussionOpened" ? { ...event, data: { ...event.data, history: 3 } } : event
    )
  );
  assert.deepEqual(flagged(checked(run, { declaration: declaredBy(longer) })), ["window length"]);
  assert.deepEqual(flagged(checked(run)), ["window length"], "without the experiment");
});

Deno.test("Fidelity flags draws of personas, openings or roles that chance does not explain", async () => {
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

Deno.test("Fidelity flags a moderator who was asked at other turns than declared", async () => {
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

Deno.test("Fidelity flags wrong models, parameters and seeds, and model versions that change during the run", async () => {
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

Deno.test("Fidelity flags silence that was logged as a comment", async () => {
  const spoken = await flaggedOf((run) =>
    run.map((events) =>
      events.map((event) =>
        event.type === "TurnTaken" ? { ...event, data: { ...event.data, text: '""', raw: '""' } } : event
      )
    )
  );
  assert.ok(spoken.includes("silence"));
});
