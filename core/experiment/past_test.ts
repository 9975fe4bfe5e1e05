import assert from "node:assert/strict";
import { type DiscussionEvent, type Envelope, eventOf } from "../events/mod.ts";
import { memorySources, type PastSource } from "../ports/mod.ts";
import { designWith, linesOf, participantsNamed, seedPosted, turnTaken } from "../testing/mod.ts";
import { builtInExtensions } from "./extensions.ts";
import { readDocument } from "./document.ts";
import { experimentDocument, experimentFingerprint } from "./fingerprint.ts";
import { parseExperiment } from "./parse.ts";
import { pastsOf, planDiscussions } from "./plan.ts";
import { ExperimentError, formatProblem } from "./problems.ts";
import { SMALL } from "./testing.ts";

/** The lines of a past: the log of a discussion up to its second turn. */
function pastOf(id: string, changes: Parameters<typeof designWith>[0] = {}): string {
  const participants = participantsNamed("Ben", "Anna");
  const openings = [{ author: "Mayor", text: `Opening of ${id}` }];
  const events: DiscussionEvent[] = [
    { type: "DiscussionOpened", data: designWith({ id, participants, openings, ...changes }) },
    seedPosted(0, "Mayor", `Opening of ${id}`),
    turnTaken({ turn: 0, comment: 1, participant: "Anna", text: "One." }),
    { ...intervention, data: { ...intervention.data, comment: 2 } },
    turnTaken({ turn: 1, comment: 3, participant: "Ben", text: "Two." }),
  ];
  return linesOf(id, events).map((line) => `${line}\n`).join("");
}

const intervention = {
  type: "InterventionPosted",
  data: { turn: 0, comment: 0, author: "Eve", text: "Hm." },
} as const;

const BRANCHES = SMALL.replace("turns: 4", "turns: 4\n  past: { run: runs/pilot, condition: base, at: 2 }") +
  "design:\n  factors:\n    discussion.history: [1, 2]\n  replications: 3\n";

const TWO_PASTS = pastOf("p1") + pastOf("p2");

/** Reads branches of a past. */
function parsedWith(text: string, past: string | ((source: PastSource) => string)) {
  return parseExperiment(readDocument(text, "exp.yaml"), {
    sources: {
      ...memorySources({}),
      readPast: (source) => Promise.try(() => typeof past === "string" ? past : past(source)),
    },
    extensions: builtInExtensions(["scripted"]),
  });
}

async function problemsWith(text: string, past: Parameters<typeof parsedWith>[1] = TWO_PASTS) {
  const error = await parsedWith(text, past).then(() => null, (error) => error);
  if (error === null) return [];
  assert.ok(error instanceof ExperimentError, error);
  return error.problems.map(formatProblem);
}

Deno.test("in all conditions, replicate r continues the same discussion; the replicates take the pasts one after the other", async () => {
  const plan = planDiscussions(await parsedWith(BRANCHES, TWO_PASTS));
  assert.deepEqual(
    [...plan].map(({ condition, replicate, forkedFrom, openings, participants }) => [
      condition,
      replicate,
      forkedFrom!.stream,
      openings[0]!.text,
      participants.map(({ name }) => name).join(),
    ]),
    [
      ["1", 1, "p1", "Opening of p1", "Ben,Anna"],
      ["2", 1, "p1", "Opening of p1", "Ben,Anna"],
      ["1", 2, "p2", "Opening of p2", "Ben,Anna"],
      ["2", 2, "p2", "Opening of p2", "Ben,Anna"],
      ["1", 3, "p1", "Opening of p1", "Ben,Anna"],
      ["2", 3, "p1", "Opening of p1", "Ben,Anna"],
    ],
  );
  const { forkedFrom, seed } = plan.at(2);
  const lines = pastOf("p2").trimEnd().split("\n").map((line): Envelope => JSON.parse(line));
  assert.deepEqual(forkedFrom, { stream: "p2", seq: 4, events: 4, hash: lines[4]!.hash, run: "runs/pilot" });
  const past = pastsOf(plan)(forkedFrom!)!;
  assert.deepEqual(past.events.map(({ event }) => event), lines.slice(1).map(eventOf));
  assert.equal(past.turns, 2);
  assert.equal(seed, plan.at(3).seed);
});

Deno.test("a branch keeps the names of models, roles and drawn levels of its past, and the file describes them", async () => {
  const [Ben, Anna] = participantsNamed("Ben", "Anna");
  const past = pastOf("p1", {
    varied: { "discussion.history": "2" },
    participants: [
      { ...Ben!, model: "second", role: { name: "troll", instructions: "Old." } },
      { ...Anna!, model: "gone", persona: { age: 1 }, role: { name: "lost", instructions: "Old." } },
    ],
  });
  const text = BRANCHES.replace("factors:", "vary:").replace(
    "models:\n",
    "models:\n  second: { adapter: scripted }\n",
  ).replace(
    "model: talker\n",
    "model: [talker, second]\n  roles: [{ name: troll, probability: 0, instructions: New. }]\n",
  ).replace("{ name: Anna }", "{ name: Anna, age: 30 }");
  for (const design of planDiscussions(await parsedWith(text, past))) {
    const [ben, anna] = design.participants;
    assert.deepEqual(ben, {
      name: "Ben",
      model: "second",
      persona: {},
      role: { name: "troll", instructions: "New." },
    });
    assert.deepEqual([anna!.persona, anna!.role], [{ age: 30 }, undefined]);
    assert.ok(["talker", "second"].includes(anna!.model));
    assert.equal(design.varied["discussion.history"], "2");
    assert.equal(design.history, 2);
  }
});

Deno.test("experiments with different pasts have different fingerprints, and the past is one of their files", async () => {
  const fingerprint = async (past: string) =>
    experimentFingerprint(experimentDocument(await parsedWith(BRANCHES, past)));
  assert.equal(await fingerprint(TWO_PASTS), await fingerprint(TWO_PASTS));
  assert.notEqual(await fingerprint(TWO_PASTS), await fingerprint(pastOf("p1")));
  const { sources } = await parsedWith(BRANCHES, TWO_PASTS);
  assert.deepEqual([...sources].map(([name, { text }]) => [name, text]), [
    ["past of runs/pilot, base, turn 2.jsonl", TWO_PASTS],
  ]);
});

Deno.test("a reader without other runs reads the copy of a past by its name", async () => {
  const { conditions } = await parseExperiment(readDocument(BRANCHES, "exp.yaml"), {
    sources: memorySources({ "past of runs/pilot, base, turn 2.jsonl": TWO_PASTS }),
    extensions: builtInExtensions(["scripted"]),
  });
  assert.equal(conditions[0]!.variants[0]!.past!.length, 2);
});

const DAMAGED = TWO_PASTS.replace("Two.", "Tow.");

const wrong: readonly [what: string, text: string, past: string, problem: string][] = [
  [
    "a past that names discussions and a condition",
    BRANCHES.replace("condition: base,", "condition: base, discussions: [p1],"),
    TWO_PASTS,
    "discussion.past: expected either discussions or condition",
  ],
  [
    "a damaged past",
    BRANCHES,
    DAMAGED,
    'discussion.past: cannot continue the discussions of "runs/pilot": the past of "p1" is damaged: ',
  ],
  [
    "a past that ends with another turn",
    BRANCHES.replace("at: 2", "at: 1"),
    TWO_PASTS,
    'discussion.past: cannot continue the discussions of "runs/pilot": the past of "p1" does not end with turn 1',
  ],
  [
    "discussions that end with their past",
    BRANCHES.replace("turns: 4", "turns: 2"),
    TWO_PASTS,
    "discussion.turns: the discussions end with turn 2, but their past already has 2 turns: give them more turns",
  ],
  [
    "personas without a participant of the past",
    BRANCHES.replace("{ name: Ben }, ", ""),
    TWO_PASTS,
    'participants.personas: expected a persona for everybody who takes part in the past, found none for "Ben"',
  ],
  [
    "personas without several participants of the past",
    BRANCHES.replace("{ name: Ben }", "{ name: Eve }").replace("{ name: Anna }", "{ name: Mia }"),
    TWO_PASTS,
    'everybody who takes part in the past, found none for "Ben" or "Anna"',
  ],
  [
    "an intervention that is too late",
    BRANCHES.replace("turns: 4", "turns: 4\n  interventions: [{ after: 1, author: Eve, text: Oh. }]"),
    TWO_PASTS,
    "discussion.interventions.0.after: expected turn 2 or a later one, " +
    "because the discussions continue after turn 2, found 1",
  ],
  [
    "a factor of values that the past decides",
    BRANCHES.replace("discussion.history: [1, 2]", "participants.count: [1, 2]"),
    TWO_PASTS,
    'design.factors.participants.count: "participants.count" cannot vary: the past decides it',
  ],
  [
    "pasts that vary within a condition",
    BRANCHES.replace("factors:", "vary:").replace("discussion.history: [1, 2]", "discussion.past.at: [2]"),
    TWO_PASTS,
    'design.vary.discussion.past.at: "discussion.past.at" cannot vary within a condition: make it a factor',
  ],
];

for (const [what, text, past, problem] of wrong) {
  Deno.test(`parseExperiment() refuses ${what}`, async () => {
    const problems = await problemsWith(text, past);
    assert.ok(problems.some((one) => one.includes(problem)), problems.join("\n"));
  });
}

Deno.test("parseExperiment() reports a wrong number of a turn only once", async () => {
  for (
    const wrong of [
      "turns: 0",
      "turns: -1",
      "turns: 4\n  interventions: [{ after: 0, author: Eve, text: Oh. }]",
    ]
  ) {
    const problems = await problemsWith(BRANCHES.replace("turns: 4", wrong));
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0]!, /expected a whole number from 1 to \d+, found/);
  }
});

Deno.test("parseExperiment() accepts an intervention that the past has", async () => {
  const text = BRANCHES.replace(
    "turns: 4",
    "turns: 4\n  interventions: [{ after: 1, author: Eve, text: Hm. }]",
  );
  assert.deepEqual(await problemsWith(text), []);
});

Deno.test("the turn of the past can be a factor", async () => {
  const text = BRANCHES.replace("discussion.history: [1, 2]", "discussion.past.at: [0, 2]");
  const asked: number[] = [];
  const openings = pastOf("p1").split("\n").slice(0, 2).join("\n");
  const experiment = await parsedWith(text, ({ at }) => {
    asked.push(at);
    return at === 0 ? openings : TWO_PASTS;
  });
  assert.deepEqual(asked, [0, 2]);
  assert.deepEqual(experiment.conditions.map(({ variants }) => variants[0]!.past!.length), [1, 2]);
});

Deno.test("a past with words of people is refused, even if the key is there; a past that ends before these words is accepted", async () => {
  const sealedTurn = (stream: string): string => {
    const events = pastOf(stream).trimEnd().split("\n").map((line) => eventOf(JSON.parse(line)));
    const last = events.at(-1)!;
    const words = { ...last.data, text: "", sealed: { person: `${stream}/Ben`, box: "YQ==" } };
    const lines = linesOf(stream, [...events.slice(0, -1), { ...last, data: words } as DiscussionEvent]);
    return lines.map((line) => `${line}\n`).join("");
  };
  const [problem, ...others] = await problemsWith(BRANCHES, pastOf("p1") + sealedTurn("p2"));
  assert.deepEqual(others, []);
  assert.match(problem!, /the discussion "p2" has words of people, who agreed to take part only in that run/);
  const before = sealedTurn("p2").split("\n").slice(0, 3).map((line) => `${line}\n`).join("");
  assert.deepEqual(await problemsWith(BRANCHES.replace("at: 2", "at: 1"), before), []);
});
