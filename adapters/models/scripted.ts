/** The scripted model: plays lines, for tests, dry runs and first steps. It needs no network and is deterministic. */
import type { Clock } from "../../core/ports/clock.ts";
import { type ModelErrorKind, type TokenUsage } from "../../core/events/models.ts";
import {
  type Message,
  type Model,
  ModelError,
  type ModelReply,
  type ModelRequest,
  type RequestOrigin,
} from "../../core/ports/model.ts";
import type { ModelAdapter } from "../../core/ports/model_adapter.ts";
import { requestedForm } from "../../core/ports/requested_form.ts";
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { checkOptions, readOptions } from "./options.ts";
import { drawAnswer, type ScriptedAnswer } from "./scripted_answer.ts";
import { compileTemplate, type Script } from "./script_template.ts";
import { MODERATOR_REPLIES, PARTICIPANT_REPLIES } from "./scripted_replies.ts";
import { LATENCY_MS_MAX, type ScriptedOptions, scriptedSchema } from "./scripted_options.ts";

/** Failed requests whose attempts are counted; beyond that, the oldest is forgotten and starts over. */
const COUNTED_REQUESTS_MAX = 10_000;

/** The adapter of the scripted model. */
export const scriptedAdapter: ModelAdapter = {
  checkOptions: (options) => checkOptions(scriptedSchema, options),
  serviceOptions: ["latencyMs", "concurrency"],
  addressOf: () => [],
  concurrencyOf: (options) => readOptions(scriptedSchema, options).concurrency,
  timeoutMsOf: () => LATENCY_MS_MAX,
  create: (spec, { clock }) => new ScriptedModel(readOptions(scriptedSchema, spec.options), clock),
};

/**
 * Plays lines. Everything that it does is a function of the request alone, but for failures, which are also a function
 * of how often the request failed before, so that a retry can succeed.
 */
class ScriptedModel implements Model {
  readonly #options: ScriptedOptions;
  readonly #clock: Clock;
  readonly #participant: readonly Script[];
  readonly #moderator: readonly Script[];
  readonly #annotator: readonly Script[];
  readonly #failedAttempts = new Map<string, number>();

  constructor(options: ScriptedOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#participant = (options.replies ?? PARTICIPANT_REPLIES).map(compileTemplate);
    this.#annotator = (options.annotatorReplies ?? options.replies ?? PARTICIPANT_REPLIES).map(
      compileTemplate,
    );
    this.#moderator = (options.moderatorReplies ?? options.replies ?? MODERATOR_REPLIES).map(compileTemplate);
  }

  generate(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const { latencyMs } = this.#options;
    if (latencyMs === undefined) return this.#answer(request);
    const [least, most] = typeof latencyMs === "number" ? [latencyMs, latencyMs] : latencyMs;
    const ms = least + (most - least) * drawFor(request, "latency").uniform();
    return this.#clock.sleep(ms, signal).then(() => this.#answer(request));
  }

  #answer(request: ModelRequest): Promise<ModelReply> {
    return Promise.try(() => this.#reply(request));
  }

  #reply(request: ModelRequest): ModelReply {
    const kind = this.#options.failures.length === 0 ? null : this.#failure(request);
    if (kind !== null) throw new ModelError(kind, `The scripted model failed, as its script says: ${kind}`);
    const answer = this.#formed(request) ?? { text: this.#isSilent(request) ? "" : this.#line(request) };
    const isCut = this.#options.cut > 0 && drawFor(request, "cut").uniform() < this.#options.cut;
    const text = isCut ? [...answer.text].slice(0, Math.floor(answer.text.length / 2)).join("") : answer.text;
    const usage = usageOf(request.messages, text);
    // Half an answer is none of those that can be chosen.
    return isCut ? { text, finishReason: "length", usage } : { ...answer, finishReason: "stop", usage };
  }

  /** A reply in the form that is asked for; `null` where there is none, or where the script says otherwise. */
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
    const lines = this.#linesOf(origin.role);
    // The sampling seed is uniform already: drawing from it again would only cost time.
    const index = this.#options.order === "cycle" ? origin.turn : seed;
    return lines[index % lines.length]!(request);
  }

  #linesOf(role: RequestOrigin["role"]): readonly Script[] {
    switch (role) {
      case "participant":
        return this.#participant;
      case "moderator":
        return this.#moderator;
      case "annotator":
        return this.#annotator;
      default:
        return unknownRole(role);
    }
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

function drawFor({ seed }: ModelRequest, ...purpose: readonly (string | number)[]): Draw {
  return openDraw(String(seed), "scripted", ...purpose);
}

function unknownRole(role: never): never {
  throw new ModelError("bad-request", `Cannot play a script for the role "${role}": it is unknown`);
}

/** Words separated by spaces stand for tokens. */
function usageOf(messages: readonly Message[], text: string): TokenUsage {
  let promptTokens = 0;
  for (const { content } of messages) promptTokens += countWords(content);
  return { promptTokens, completionTokens: countWords(text) };
}

function countWords(text: string): number {
  let words = 0;
  let inside = false;
  for (let index = 0; index < text.length; index++) {
    // Spaces, tabs, newlines and other control characters end a word.
    const isWord = text.charCodeAt(index) > 32;
    if (isWord && !inside) words++;
    inside = isWord;
  }
  return words;
}
