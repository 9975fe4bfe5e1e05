/**
 * The content of a simulation: small discussions with every built-in rule, an annotation pass over these
 * discussions, the program that runs both, and the replies of the models.
 */
import { ANNOTATION_PROMPT_VERSION, type ReparseOptions } from "../annotation/mod.ts";
import type { Scale } from "../annotation/scales/mod.ts";
import type { AnnotationDesign } from "../events/annotation_design.ts";
import { type OpenState, PROMPT_VERSION } from "../discussion/mod.ts";
import type { DiscussionDesign, RuleSpec } from "../events/discussion_design.ts";
import { type Draw, openDraw } from "../random/mod.ts";
import { turnTakingStrategies } from "../turn_taking/mod.ts";
import {
  annotateDiscussions,
  type AnnotationEnvironment,
  type CutShort,
  type Environment,
  reparseDiscussion,
  runDiscussions,
  type SessionOptions,
} from "../engine/mod.ts";
import type { ModelReply, ModelRequest } from "../ports/mod.ts";

/** The models of discussions. The first one also annotates. */
export const SIMULATED_MODELS = ["simulated", "second", "third"] as const;

const SPEC = { adapter: "simulated", sampling: { temperature: 1 }, options: {} };

const NAMES = ["Ann", "Bob", "Cem", "x: y", "李雷"];
const ANNOTATOR_MODEL = SIMULATED_MODELS[0];

/** All strategies, with the same options. Each strategy ignores the options of the others. */
const TURN_TAKING: readonly RuleSpec[] = [...turnTakingStrategies().keys()]
  .map((name) => ({ name, options: { randomFirst: true, probability: 0.4 } }));

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

/**
 * The discussions and the annotation pass of a simulation, and limits on how many can run at the same time.
 */
export type Scenario = Readonly<{
  designs: readonly DiscussionDesign[];
  pass: AnnotationDesign;
  concurrency: number;
  /** The most requests in flight to each model. */
  slots: number;
  stopEarly: (state: OpenState) => string | null;
}>;

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
  const turns = draw.below(5);
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
    turns,
    history: draw.pick([null, 0, 1, 3]),
    ...interventionsIn(draw, { names, turns }),
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

/** Interventions in any order. Several can follow one turn. They can have the name of a speaker. */
function interventionsIn(
  draw: Draw,
  { names, turns }: Readonly<{ names: readonly string[]; turns: number }>,
): Pick<DiscussionDesign, "interventions"> {
  const count = turns === 0 ? 0 : draw.below(4);
  if (count === 0) return {};
  return {
    interventions: Array.from({ length: count }, (_, nth) => ({
      after: 1 + draw.below(turns),
      author: draw.pick([...names, "Mod", "Mayor"]),
      text: `Intervention ${nth}!`,
    })),
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
    annotators: names.map((name) => ({ name, model: ANNOTATOR_MODEL, persona: {}, instructions: "Judge." })),
    models: { [ANNOTATOR_MODEL]: SPEC },
    history: draw.pick([null, 0, 2]),
    targets: { of: draw.pick(["all", "participants", "moderators"]), perDiscussion: 3 },
    requests: draw.pick(["together", "separate"]),
    retries: draw.below(3),
    seed,
    prompt: { version: ANNOTATION_PROMPT_VERSION },
  };
}

/** What ends the program: the user, or a limit. */
export type Ends = Pick<SessionOptions, "stop" | "abort" | "budget">;

/** Whether the program finished its work, and what stopped it. */
export type Ended = Readonly<{
  isDone: boolean;
  cutShort: CutShort | null;
  /** Discussions that were skipped, because their lane was stopped. */
  left: number;
}>;

/** A program that runs and annotates a scenario. */
export type Program = (scenario: Scenario, environment: Environment, ends?: Ends) => Promise<Ended>;

/** Runs the discussions, annotates them, and reads the annotators' replies again. */
export async function runAndAnnotate(
  { designs, pass, concurrency, stopEarly }: Scenario,
  environment: Environment,
  ends: Ends = {},
): Promise<Ended> {
  const options = { concurrency, ...ends };
  const run = await runDiscussions(designs, environment, { ...options, stopEarly });
  const left = run.stopped.reduce((sum, lane) => sum + lane.left, 0);
  if (run.cutShort !== null) return { isDone: false, cutShort: run.cutShort, left };
  const { rules: { sha256 } } = environment;
  const annotating: AnnotationEnvironment = { ...environment, sha256 };
  const ids = designs.map(({ id }) => id);
  const annotated = await annotateDiscussions(() => ids, pass, { environment: annotating, ...options });
  const { cutShort } = annotated;
  if (run.ended < designs.length || annotated.ended < designs.length) {
    return { isDone: false, cutShort, left };
  }
  for (const id of ids) await reparseDiscussion(id, { ...readAgain(pass), record: true }, annotating);
  return { isDone: true, cutShort, left };
}

function readAgain({ pass, codebook }: AnnotationDesign): ReparseOptions & Readonly<{ pass: string }> {
  const scales = codebook.scales.map((scale) => ({ ...scale, grammar: "mention" as const }));
  return { pass, as: `${pass} again`, codebook: { ...codebook, version: "2", scales } };
}

// Each reply depends only on its question, so that a retry gets the same reply. Many replies contain text
// that could break terminals, logs or parsers.

/** The kinds of replies. The engine must handle all of them. */
export type AnswerKind =
  | "plain"
  | "silent"
  | "empty"
  | "enormous"
  | "hostile"
  | "unreadable"
  | "thinking"
  | "cut";

type Answer = Readonly<{ kind: AnswerKind; reply: ModelReply }>;

const ENORMOUS_LENGTH = 20_000;

const HOSTILE = [
  "\u001b[2J\u001b]0;owned\u0007\u009b31m",
  "right\u202eto left\u2066\u2069\u200f",
  '"}\n{"stream":"d0","seq":0,"type":"DiscussionCompleted","v":1,"data":{},"hash":"00"}',
  '","hash":"0000000000000000000000000000000000000000000000000000000000000000"}',
  "lone surrogates \ud800 \udfff, NUL \u0000, byte order mark \ufeff, \u2028\u2029\u0085",
  "Ann: Bob: Cem: @Ann @Bob\r\n\r\nMod: PASS",
  "__proto__",
];

export function answerTo(request: ModelRequest): Answer {
  const { origin, answers, seed } = request;
  if (origin.role !== "annotator") return spoken(request);
  if (seed % 5 === 0) return { kind: "unreadable", reply: said(request, HOSTILE[seed % HOSTILE.length]!) };
  const rating = 1 + seed % 3;
  if (answers === undefined) return { kind: "plain", reply: said(request, `mood: ${rating}\nstance: for`) };
  const answer = answers[seed % answers.length]!;
  const probabilities = Object.fromEntries(answers.map((text) => [text, text === answer ? 1 : 0]));
  const choice = seed % 2 === 0 ? {} : { choice: { answer, probabilities } };
  return { kind: "plain", reply: { ...said(request, answer), ...choice } };
}

function spoken(request: ModelRequest): Answer {
  const { seed } = request;
  if (seed % 211 === 0) {
    return { kind: "enormous", reply: said(request, "word ".repeat(ENORMOUS_LENGTH / 5)) };
  }
  switch (seed % 11) {
    case 0:
      return { kind: "silent", reply: said(request, "PASS") };
    case 1:
      return { kind: "empty", reply: said(request, "") };
    case 2:
    case 3:
      return { kind: "hostile", reply: said(request, HOSTILE[Math.floor(seed / 11) % HOSTILE.length]!) };
    case 4:
      return { kind: "thinking", reply: thinking(request) };
    case 5:
      return {
        kind: "cut",
        reply: { ...said(request, seed % 2 === 0 ? "" : "The night bu"), finishReason: "length" },
      };
    default:
      return { kind: "plain", reply: plain(request) };
  }
}

/** A reply with thoughts in a tag. They are before the text, without a text, or cut off. */
function thinking(request: ModelRequest): ModelReply {
  const thoughts = `<think>I am ${request.origin.speaker}.`;
  switch (request.seed % 3) {
    case 0:
      return said(request, `${thoughts}</think>\n\nI agree.`);
    case 1:
      return said(request, `${thoughts}</think>`);
    default:
      return { ...said(request, thoughts), finishReason: "length" };
  }
}

/**
 * A reply that names the length of the prompt and the seed, so that a different prompt or seed gives a
 * different reply.
 */
function plain(request: ModelRequest): ModelReply {
  const { messages, seed, origin: { turn, speaker }, shorten } = request;
  const isShortened = seed % 7 === 0 && (shorten?.(1) ?? null) !== null;
  const signs = messages.reduce((sum, { content }) => sum + content.length, 0);
  return {
    ...said(request, `${speaker}, turn ${turn}, seed ${seed}, after ${signs} signs!`),
    ...(isShortened ? { commentsLeftOut: 1 } : {}),
  };
}

function said({ seed }: ModelRequest, text: string): ModelReply {
  return {
    text,
    finishReason: (["stop", "stop", "stop", "stop", "length", "refused", "other"] as const)[seed % 7]!,
    ...(seed % 2 === 0 ? { usage: { promptTokens: seed % 100, completionTokens: seed % 10 } } : {}),
    ...(seed % 3 === 0 ? { servedBy: "another" } : {}),
  };
}
