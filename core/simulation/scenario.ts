import { ANNOTATION_PROMPT_VERSION, type ReparseOptions } from "../annotation/mod.ts";
import type { AnnotationDesign, Scale } from "../events/annotation_design.ts";
import { type OpenState, PROMPT_VERSION } from "../discussion/mod.ts";
import type { DiscussionDesign, RuleSpec } from "../events/discussion_design.ts";
import { type Draw, openDraw } from "../random/mod.ts";
import {
  annotateDiscussions,
  type AnnotationEnvironment,
  type CutShort,
  type Environment,
  reparseDiscussion,
  runDiscussions,
  type SessionOptions,
} from "../engine/mod.ts";

/** What is held in a simulation: small discussions of every kind, and a pass over them. */

/** The models of discussions; the first one judges, too. */
export const SIMULATED_MODELS = ["simulated", "second", "third"] as const;

const SPEC = { adapter: "simulated", sampling: { temperature: 1 }, options: {} };

const NAMES = ["Ann", "Bob", "Cem", "x: y", "李雷"];
const JUDGE = SIMULATED_MODELS[0];

const TURN_TAKING: readonly RuleSpec[] = [
  { name: "round-robin", options: { randomFirst: true } },
  { name: "random", options: {} },
  { name: "weighted", options: {} },
  { name: "mention", options: {} },
  { name: "respond", options: { probability: 0.4 } },
];

const SCHEDULES: readonly RuleSpec[] = [
  { name: "every-turn", options: {} },
  { name: "on-demand", options: {} },
  { name: "every", options: { n: 2 } },
  { name: "threshold", options: { signal: "exclamations", above: 0 } },
];

const SCALES: readonly Scale[] = [
  { name: "mood", type: "ordinal", min: 1, max: 3, question: "How friendly is it?" },
  {
    name: "stance",
    type: "nominal",
    labels: ["for", "against"],
    question: "Which side is it on?",
    grammar: "exact",
  },
];

/** What is held, and how many at a time. */
export type Scenario = Readonly<{
  designs: readonly DiscussionDesign[];
  pass: AnnotationDesign;
  /** Discussions at a time. */
  concurrency: number;
  /** Requests at a time, of each model. */
  slots: number;
  stopEarly: (state: OpenState) => string | null;
}>;

/** Draws what a simulation holds. */
export function scenarioOf(seed: string): Scenario {
  const draw = openDraw(seed, "scenario");
  const turnsMost = draw.below(6);
  return {
    designs: Array.from({ length: 1 + draw.below(4) }, (_, index) => discussion(draw, `d${index}`)),
    pass: pass(draw, seed),
    concurrency: 1 + draw.below(5),
    slots: 1 + draw.below(3),
    stopEarly: ({ turn }) => turn > turnsMost ? "that is enough" : null,
  };
}

function discussion(draw: Draw, id: string): DiscussionDesign {
  const names = draw.sample(NAMES, 1 + draw.below(NAMES.length));
  const models = draw.sample(SIMULATED_MODELS, draw.pick([1, 1, 2]));
  const moderator = {
    name: "Mod",
    model: models.at(-1)!,
    persona: {},
    instructions: "Keep it civil.",
    schedule: draw.pick(SCHEDULES),
  };
  return {
    id,
    experiment: "simulation",
    condition: "base",
    factors: {},
    varied: {},
    replicate: 1,
    seed: String(draw.below(1000)),
    participants: names.map((name, nth) => ({ name, model: models[nth % models.length]!, persona: {} })),
    moderator: draw.below(2) === 0 ? null : moderator,
    openings: draw.sample([...names, "Mayor"], draw.below(3)).map((author) => ({ author, text: "Why?" })),
    turns: draw.below(5),
    history: draw.pick([null, 0, 1, 3]),
    turnTaking: draw.pick(TURN_TAKING),
    passWord: "PASS",
    prompt: {
      layout: draw.pick(["transcript", "dialogue"]),
      version: PROMPT_VERSION,
      context: "A forum.",
      instructions: "Write.",
    },
    models: Object.fromEntries(models.map((model) => [model, SPEC])),
  };
}

function pass(draw: Draw, seed: string): AnnotationDesign {
  const names = draw.sample(["Rita", "Sam"], 1 + draw.below(2));
  return {
    pass: "judges",
    codebook: {
      version: "1",
      hash: "0".repeat(64),
      scales: draw.sample(SCALES, 1 + draw.below(SCALES.length)),
    },
    annotators: names.map((name) => ({ name, model: JUDGE, persona: {}, instructions: "Judge." })),
    models: { [JUDGE]: SPEC },
    history: draw.pick([null, 0, 2]),
    targets: { of: draw.pick(["all", "participants", "moderators"]), perDiscussion: 3 },
    requests: draw.pick(["together", "separate"]),
    retries: draw.below(3),
    seed,
    prompt: { version: ANNOTATION_PROMPT_VERSION },
  };
}

/** The program that a simulation runs: what a run of an experiment does with the engine. */

/** What ends the program: the user, or a bound. */
export type Ends = Pick<SessionOptions, "stop" | "abort" | "budget">;

/** How far the program came, and what kept it from going further. */
export type Ended = Readonly<{
  isDone: boolean;
  cutShort: CutShort | null;
  /** Discussions that were left as they were, since a model or condition was stopped. */
  left: number;
}>;

/** A program that holds and judges what a scenario says. */
export type Program = (scenario: Scenario, environment: Environment, ends?: Ends) => Promise<Ended>;

/** Holds the discussions, judges those that have ended, and reads the judges' replies again. */
export async function holdAndJudge(
  { designs, pass, concurrency, stopEarly }: Scenario,
  environment: Environment,
  ends: Ends = {},
): Promise<Ended> {
  const options = { concurrency, ...ends };
  const held = await runDiscussions(designs, environment, { ...options, stopEarly });
  const left = held.stopped.reduce((sum, lane) => sum + lane.left, 0);
  if (held.cutShort !== null) return { isDone: false, cutShort: held.cutShort, left };
  const { rules: { sha256 } } = environment;
  const judging: AnnotationEnvironment = { ...environment, sha256 };
  const ids = designs.map(({ id }) => id);
  const judged = await annotateDiscussions(() => ids, pass, { environment: judging, ...options });
  const { cutShort } = judged;
  if (held.ended < designs.length || judged.ended < designs.length) return { isDone: false, cutShort, left };
  for (const id of ids) await reparseDiscussion(id, { ...readAgain(pass), record: true }, judging);
  return { isDone: true, cutShort, left };
}

function readAgain({ pass, codebook }: AnnotationDesign): ReparseOptions & Readonly<{ pass: string }> {
  const scales = codebook.scales.map((scale) => ({ ...scale, grammar: "mention" as const }));
  return { pass, as: `${pass} again`, codebook: { ...codebook, version: "2", scales } };
}
