/**
 * The scripted model replies with the lines of a script, for tests, dry runs and first steps. It needs no network
 * and is deterministic.
 */
import type { Clock } from "../../../core/ports/clock.ts";
import type { Embedded } from "../../../core/ports/embedding.ts";
import {
  type Message,
  type Model,
  type ModelAdapter,
  ModelError,
  type ModelReply,
  type ModelRequest,
  requestedForm,
  type RequestOrigin,
} from "../../../core/ports/model.ts";
import { MODEL_ERROR_KINDS, type ModelErrorKind, type TokenUsage } from "../../../core/events/models.ts";
import { type AnswerForm, type Choice, labelsOf } from "../../../core/answer_form.ts";
import { answerText, valueOfLabel } from "../../../core/ports/read_answer.ts";
import { type Draw, openDraw } from "../../../core/random/mod.ts";
import { checkOptions, concurrencySchema, probability, readOptions } from "../shared/options.ts";
import {
  compileTemplate,
  MODERATOR_REPLIES,
  PARTICIPANT_REPLIES,
  PLACEHOLDERS,
  type Script,
  unknownPlaceholders,
} from "./lines.ts";
import { vectorOfWords } from "./word_vectors.ts";
import { z } from "../../../core/zod.ts";
import { listed } from "../../../core/experiment/problems.ts";

/** For how many requests failures are counted. Beyond that, the count that changed longest ago is dropped. */
const COUNTED_REQUESTS_MAX = 10_000;

const LATENCY_MS_MAX = 3_600_000;

const latency =
  `a number of milliseconds from 0 to ${LATENCY_MS_MAX}, or two such numbers: the lowest and the highest`;
const milliseconds = z.number({ error: latency }).min(0, { error: latency }).max(LATENCY_MS_MAX, {
  error: latency,
});

const line = z.string({ error: "a text" }).refine((text) => unknownPlaceholders(text).length === 0, {
  error: `a text whose placeholders are ${listed(PLACEHOLDERS.map((name) => `{{${name}}}`))}`,
});
const lines = z.array(line, { error: "a list of texts" }).min(1, { error: "at least one text" });

const turn = "the number of a turn, counted from 1";
const failure = z.strictObject({
  kind: z.enum(MODEL_ERROR_KINDS, { error: listed(MODEL_ERROR_KINDS) }),
  probability: probability.default(1),
  turns: z.array(z.int({ error: turn }).min(1, { error: turn }), { error: "a list of turns" }).optional(),
}, { error: "{ kind, probability, turns }" });

const scriptedSchema = z.strictObject({
  replies: lines.optional().describe("The comments of participants"),
  moderatorReplies: lines.optional().describe("The comments of moderators; replies when left out"),
  annotatorReplies: lines.optional().describe(
    "What annotators reply, valid or not; by default valid answers drawn at random",
  ),
  order: z.enum(["seed", "cycle"], { error: "seed or cycle" }).default("seed").describe(
    "Whether the request's seed or the turn picks a line",
  ),
  silence: probability.default(0).describe("The probability of an empty reply to a request for any text"),
  cut: probability.default(0).describe(
    "The probability that a reply is cut in half, as at a token limit",
  ),
  latencyMs: z.union([
    milliseconds,
    z.tuple([milliseconds, milliseconds]).refine(([least, most]) => least <= most, { error: latency }),
  ], { error: latency }).optional().describe("The time that a reply takes"),
  failures: z.array(failure, { error: "a list of failures" }).default([]).describe(
    "Failures by kind: the probability for each attempt, and the turns",
  ),
  concurrency: concurrencySchema,
});

type ScriptedOptions = Readonly<z.output<typeof scriptedSchema>>;

export const scriptedAdapter: ModelAdapter = {
  checkOptions: (options) => checkOptions(scriptedSchema, options),
  serviceOptions: ["latencyMs", "concurrency"],
  addressOf: () => [],
  concurrencyOf: (options) => readOptions(scriptedSchema, options).concurrency,
  timeoutMsOf: () => LATENCY_MS_MAX,
  create: (spec, { clock }) => new ScriptedModel(readOptions(scriptedSchema, spec.options), clock),
};

/**
 * Replies with lines. Every reply is a function of the options and the request. Failures also depend on how often the
 * request has just failed, so that a retry can succeed.
 */
class ScriptedModel implements Model {
  readonly #options: ScriptedOptions;
  readonly #clock: Clock;
  readonly #lines: Readonly<Record<RequestOrigin["role"], readonly Script[]>>;
  readonly #failedAttempts = new Map<string, number>();

  constructor(options: ScriptedOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    const { replies, moderatorReplies, annotatorReplies } = options;
    this.#lines = {
      participant: (replies ?? PARTICIPANT_REPLIES).map(compileTemplate),
      moderator: (moderatorReplies ?? replies ?? MODERATOR_REPLIES).map(compileTemplate),
      annotator: (annotatorReplies ?? replies ?? PARTICIPANT_REPLIES).map(compileTemplate),
    };
  }

  generate(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    return this.#later(request, signal, () => this.#reply(request));
  }

  embed(texts: readonly string[], signal: AbortSignal): Promise<Embedded> {
    const request = requestFor(texts);
    return this.#later(request, signal, () => {
      this.#failIfAsked(request);
      return { vectors: texts.map(vectorOfWords), usage: usageOf(request.messages, "") };
    });
  }

  #later<T>(request: ModelRequest, signal: AbortSignal, answer: () => T): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const { latencyMs } = this.#options;
    if (latencyMs === undefined) return Promise.try(answer);
    const [least, most] = typeof latencyMs === "number" ? [latencyMs, latencyMs] : latencyMs;
    const ms = least + (most - least) * drawFor(request, "latency").uniform();
    return this.#clock.sleep(ms, signal).then(answer);
  }

  #failIfAsked(request: ModelRequest): void {
    const kind = this.#options.failures.length === 0 ? null : this.#failure(request);
    if (kind === null) return;
    throw new ModelError(kind, `The scripted model failed: its options ask for the failure ${kind}`);
  }

  #reply(request: ModelRequest): ModelReply {
    this.#failIfAsked(request);
    const answer = this.#formed(request) ?? { text: this.#isSilent(request) ? "" : this.#line(request) };
    const isCut = this.#options.cut > 0 && drawFor(request, "cut").uniform() < this.#options.cut;
    const text = isCut ? firstHalf(answer.text) : answer.text;
    const usage = usageOf(request.messages, text);
    // Half of an answer is not an allowed answer, so a cut reply has no choice.
    return isCut ? { text, finishReason: "length", usage } : { ...answer, finishReason: "stop", usage };
  }

  /**
   * A reply in the requested form; `null` if there is no form, or if an annotator's reply comes from
   * `annotatorReplies`.
   */
  #formed(request: ModelRequest): ScriptedAnswer | null {
    const form = requestedForm(request);
    const isScripted = request.origin.role === "annotator" && this.#options.annotatorReplies !== undefined;
    if (form === null || isScripted) return null;
    return drawAnswer(form, drawFor(request, "answer"), () => this.#line(request));
  }

  #isSilent(request: ModelRequest): boolean {
    const { silence } = this.#options;
    return silence > 0 && drawFor(request, "silence").uniform() < silence;
  }

  #line(request: ModelRequest): string {
    const { origin, seed } = request;
    const lines = this.#lines[origin.role] as readonly Script[] | undefined;
    if (lines === undefined) {
      const reason = `Cannot play a script for the role "${origin.role}": it is unknown`;
      throw new ModelError("bad-request", reason);
    }
    // The sampling seed is already uniform, so no draw is needed.
    const index = this.#options.order === "cycle" ? origin.turn : seed;
    return lines[index % lines.length]!(request);
  }

  #failure(request: ModelRequest): ModelErrorKind | null {
    const { discussion, turn, role, speaker } = request.origin;
    const key = `${turn} ${role} ${speaker} ${discussion}`;
    const failedBefore = this.#failedAttempts.get(key) ?? 0;
    this.#failedAttempts.delete(key);
    for (const [index, { kind, probability, turns }] of this.#options.failures.entries()) {
      if (turns !== undefined && !turns.includes(turn + 1)) continue;
      if (drawFor(request, "failure", index, failedBefore).uniform() >= probability) continue;
      this.#failedAttempts.set(key, failedBefore + 1);
      if (this.#failedAttempts.size > COUNTED_REQUESTS_MAX) {
        this.#failedAttempts.delete(this.#failedAttempts.keys().next().value!);
      }
      return kind;
    }
    return null;
  }
}

/** A request that stands for the texts, so that failures and latencies are drawn as for replies. */
function requestFor(texts: readonly string[]): ModelRequest {
  const discussion = texts.join("\n");
  return {
    messages: texts.map((content) => ({ role: "user", content })),
    sampling: {},
    seed: openDraw(discussion, "scripted", "embedding").below(2 ** 31),
    origin: { discussion, turn: 0, speaker: "", role: "annotator" },
  };
}

function drawFor({ seed }: ModelRequest, ...purpose: readonly (string | number)[]): Draw {
  return openDraw(String(seed), "scripted", ...purpose);
}

function firstHalf(text: string): string {
  const characters = [...text];
  return characters.slice(0, Math.floor(characters.length / 2)).join("");
}

/** Counts words instead of tokens. */
function usageOf(messages: readonly Message[], text: string): TokenUsage {
  let promptTokens = 0;
  for (const { content } of messages) promptTokens += countWords(content);
  return { promptTokens, completionTokens: countWords(text) };
}

function countWords(text: string): number {
  let words = 0;
  let inside = false;
  for (let index = 0; index < text.length; index++) {
    // Spaces and control characters end a word.
    const isWord = text.charCodeAt(index) > 32;
    if (isWord && !inside) words++;
    inside = isWord;
  }
  return words;
}

type ScriptedAnswer = Pick<ModelReply, "text" | "choice" | "choices">;

/** Draws an answer in the form. All labels are equally likely. */
function drawAnswer(form: AnswerForm, draw: Draw, line: () => string): ScriptedAnswer {
  if ("answers" in form) {
    const choice = drawChoice(form.answers, draw);
    return { text: choice.answer, choice };
  }
  const values: Record<string, string | number | boolean> = {};
  const choices: Record<string, Choice> = {};
  for (const [name, property] of Object.entries(form.answerSchema.properties)) {
    const labels = labelsOf(property);
    if (labels === null) {
      const most = "maxLength" in property ? property.maxLength : 0;
      values[name] = [...line().toWellFormed()].slice(0, most).join("");
      continue;
    }
    const choice = drawChoice(labels, draw);
    choices[name] = choice;
    values[name] = valueOfLabel(property, choice.answer);
  }
  return { text: answerText(form.answerSchema, values), choices };
}

function drawChoice(labels: readonly string[], draw: Draw): Choice {
  const share = 1 / labels.length;
  return {
    answer: draw.pick(labels),
    probabilities: Object.fromEntries(labels.map((label) => [label, share])),
  };
}
