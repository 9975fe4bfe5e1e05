/** The ports of language models: a request goes in, a reply or a typed failure comes out; an adapter makes the model. */
import type { FinishReason, ModelErrorKind, ModelSpec, Sampling, TokenUsage } from "../events/models.ts";
import { type AnswerForm, type AnswerSchema, type Choice, formProblem } from "../answer_form.ts";
import type { Clock } from "./clock.ts";

/** One message of a prompt, as chat models take them. */
export type Message = Readonly<{ role: "system" | "user" | "assistant"; content: string }>;

/** Where in the experiment a request comes from: for logs, and for models that play a script. */
export type RequestOrigin = Readonly<{
  discussion: string;
  /** 0-based. */
  turn: number;
  speaker: string;
  role: "participant" | "moderator" | "annotator";
}>;

/** What a model is asked. */
export type ModelRequest = Readonly<{
  messages: readonly Message[];
  sampling: Sampling;
  /** The sampling seed, 0 … 2^31 − 1: a function of discussion, turn and role, not of the attempt. */
  seed: number;
  origin: RequestOrigin;
  /**
   * The only texts that the reply may be; any text where it is left out. A model that can constrain its replies gives
   * one of them and, in `choice`, their probabilities. Other models ignore the form: the caller reads
   * the text with `readAnswer()`, and asks again or records that it could not be read. `sampling.stop` does not apply.
   */
  answers?: readonly string[];
  /**
   * The schema of the object whose JSON text the reply must be, instead of `answers`. A model that can constrain its
   * replies gives nothing else, without spaces and with the properties in order, and the probabilities in `choices`;
   * `sampling.maxTokens` then limits the texts in it, never the rest. Other models ignore it, as above.
   */
  answerSchema?: AnswerSchema;
  /**
   * Renders the prompt without its oldest comments, for a model whose context it does not fit in: `null` if there
   * are not that many. Instructions are never left out.
   */
  shorten?: (commentsLeftOut: number) => readonly Message[] | null;
}>;

/** What a model answered. */
export type ModelReply = Readonly<{
  /** What the model wrote, word for word: thoughts can be in it. An empty text is a reply. */
  text: string;
  finishReason: FinishReason;
  /** The server's own word for the end, where `finishReason` is `other`. */
  finishReasonGiven?: string;
  /** Thoughts that the server sent beside the text. */
  reasoning?: string;
  usage?: TokenUsage;
  /** What the server said it ran, where it says so. */
  servedBy?: string;
  /** How many of the oldest comments the model left out of the prompt, by `shorten`; none if it is left out. */
  commentsLeftOut?: number;
  /**
   * Which of the allowed answers the text is, by the model's own probabilities. Left out where there were no `answers`
   * to choose from, or where the model does not tell probabilities: the text can be one of them all the same.
   */
  choice?: Choice;
  /** The same for each finite property of `answerSchema`, by its name; each given the properties before it. */
  choices?: Readonly<Record<string, Choice>>;
}>;

const RETRYABLE: ReadonlySet<ModelErrorKind> = new Set(
  ["rate-limited", "server-error", "unreachable", "time-out", "malformed-reply"] as const,
);

const WRONG_SETUP: ReadonlySet<ModelErrorKind> = new Set(
  ["unauthorised", "unknown-model"] as const,
);

/** A request that failed, in the terms that the engine acts on. */
export class ModelError extends Error {
  /** Tells it from other errors. */
  override readonly name = "ModelError";
  /** What went wrong. */
  readonly kind: ModelErrorKind;
  /** The HTTP status, where there was one. */
  readonly status?: number;
  /** How long the server asked to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;

  /**
   * Makes an error that the engine can act on.
   *
   * @param message For people: what happened, where, what to do. Never a key, never a header.
   */
  constructor(
    kind: ModelErrorKind,
    message: string,
    options: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    if (options.status !== undefined) this.status = options.status;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether the same request can succeed later without any change. */
  get retryable(): boolean {
    return RETRYABLE.has(this.kind);
  }

  /** Whether every further request to this model will fail the same way. */
  get wrongSetup(): boolean {
    return WRONG_SETUP.has(this.kind);
  }
}

/** A language model behind a port. Every implementation passes `core/ports/model_conformance.ts`. */
export interface Model {
  /**
   * Answers one request. Many may be in flight at once.
   *
   * @param signal Ends the request early; the promise then rejects with the signal's reason.
   * @returns The reply; an empty text is a valid reply.
   * @throws {ModelError} For every failure that is not the caller's abort.
   */
  generate(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
  /** Frees what the model holds. Requests after that are programming errors. */
  close?(): Promise<void>;
}

/** Looks a model up by its name in the experiment. */
export type Models = (name: string) => Model;

/**
 * Finds out which form a request asks for.
 *
 * @returns The form, which is sound; `null` if the reply may be any text.
 * @throws {ModelError} `bad-request` when it asks for two forms, or for a form that no reply can have.
 */
export function requestedForm({ answers, answerSchema }: ModelRequest): AnswerForm | null {
  if (answers !== undefined && answerSchema !== undefined) {
    throw refusal("it has both answers and answerSchema; give one of them");
  }
  const form = answers !== undefined ? { answers } : answerSchema !== undefined ? { answerSchema } : null;
  const problem = form === null ? null : formProblem(form);
  if (problem !== null) throw refusal(problem);
  return form;
}

function refusal(problem: string): ModelError {
  return new ModelError("bad-request", `Cannot ask for an answer in this form: ${problem}`);
}

/** What an experiment file gives to an adapter, besides sampling. */
export type AdapterOptions = ModelSpec["options"];

/** One thing that is wrong with the options of a model. */
export type OptionProblem = Readonly<{
  /** Where, below the model: keys of mappings and 0-based indices of lists; empty for the model as a whole. */
  path: readonly (string | number)[];
  /** Whether the key itself is wrong, or what stands under it. */
  part: "key" | "value";
  /** What is wrong, as a sentence without place and suggestion. */
  message: string;
  /** What would have been right. */
  expected?: string;
  /** What stands there instead. */
  found?: string;
  /** The nearest valid name, where something looks like a slip of the pen. */
  suggestion?: string;
}>;

/** What adapters may take from the world. */
export type AdapterContext = Readonly<{
  /** Looks an environment variable up; keys come from nowhere else. */
  env: (name: string) => string | undefined;
  clock: Clock;
  /** What paths in options are relative to: the experiment file's folder; the working folder where it is left out. */
  folder?: string;
}>;

/**
 * A kind of model. A file of the researcher's own exports one as its `default`; only `create` is needed.
 *
 * @example
 * ```ts
 * import type { ModelAdapter } from "./model.ts";
 *
 * const echo: ModelAdapter = {
 *   create: () => ({
 *     generate: ({ messages }) => Promise.resolve({ text: messages.at(-1)!.content, finishReason: "stop" }),
 *   }),
 * };
 * ```
 */
export interface ModelAdapter {
  /**
   * Says everything that is wrong with the options in an experiment file; none when all is well. Asks no server.
   *
   * @param folder What paths in it are relative to, for files that must be there; they are not looked for without it.
   */
  checkOptions?(options: AdapterOptions, folder?: string): readonly OptionProblem[];
  /**
   * The options that say how the model is reached, not what it is: a server's address, a time-out. They may change while
   * a run is resumed, and stand in no log.
   */
  readonly serviceOptions?: readonly string[];
  /**
   * Says where requests go, for models of a file that differ in nothing else: a run cannot be resumed when one of them
   * would be asked where another one was. Without it, all options that say how the model is reached are taken together.
   *
   * @returns What decides who answers, such as a server's address, and then the name of a key; none if it is the
   *   same everywhere.
   */
  addressOf?(options: AdapterOptions): readonly string[];
  /** How many requests may be in flight at once; without it, the engine's own default holds. */
  concurrencyOf?(options: AdapterOptions): number;
  /**
   * How long the model lets one request take by itself, in milliseconds. The engine ends a request that takes longer
   * than that; without it, after ten minutes.
   */
  timeoutMsOf?(options: AdapterOptions): number;
  /**
   * Makes the model. Asks no server: that it answers is found out by the first request.
   *
   * @param spec The model's description; its options have passed `checkOptions`.
   * @throws {ModelError} When the model cannot work as it is set up: a missing key, a missing file.
   */
  create(spec: ModelSpec, context: AdapterContext): Model | Promise<Model>;
  /**
   * Says what the model consists of, for models of which another one can come to lie in the same place: a run cannot be
   * resumed when that has changed. Asks no server.
   *
   * @param spec The model's description; its options have passed `checkOptions`.
   * @returns What stands for each part, such as its SHA-256, by a name that is the same on every machine.
   */
  identify?(spec: ModelSpec, context: AdapterContext): Promise<Readonly<Record<string, string>>>;
}
