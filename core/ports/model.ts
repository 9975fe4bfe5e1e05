/**
 * The ports of language models. A model turns a request into a reply or a typed error. An adapter makes
 * models.
 */
import type { FinishReason, ModelErrorKind, ModelSpec, Sampling, TokenUsage } from "../events/models.ts";
import { type AnswerForm, type AnswerSchema, type Choice, formProblem } from "../answer_form.ts";
import type { Clock } from "./clock.ts";
import type { Embedded } from "./embedding.ts";
import type { Situation } from "./situation.ts";

/** One message of a prompt for a chat model. */
export type Message = Readonly<{ role: "system" | "user" | "assistant"; content: string }>;

/** The origin of a request in the experiment, for logs and for scripted models. */
export type RequestOrigin = Readonly<{
  discussion: string;
  /** 0-based number of the turn. */
  turn: number;
  speaker: string;
  role: "participant" | "moderator" | "annotator";
}>;

/** A request to a model. */
export type ModelRequest = Readonly<{
  messages: readonly Message[];
  sampling: Sampling;
  /** The sampling seed, 0 … 2^31 − 1. It depends on discussion, turn and role, but not on the attempt. */
  seed: number;
  origin: RequestOrigin;
  /**
   * The allowed texts of the reply. If this list is missing, every text is allowed. A model that can
   * constrain its replies returns one of these texts, and their probabilities in `choice`. Other models
   * ignore the list: the caller reads the text with `readAnswer()`, and asks again or records the reply as
   * unparsed. `sampling.stop` has no effect.
   */
  answers?: readonly string[];
  /**
   * A schema that is given instead of `answers`. The reply must be the JSON text of an object with this
   * schema. A model that can constrain its replies writes the properties in order and without spaces, and
   * returns the probabilities in `choices`. `sampling.maxTokens` then limits only the texts inside the
   * object. Other models ignore the schema, and the caller reads the text as for `answers`.
   */
  answerSchema?: AnswerSchema;
  /**
   * Renders the prompt without the `commentsLeftOut` oldest comments, so that it fits the model's context.
   * Returns `null` if it has fewer comments. Instructions are never left out.
   */
  shorten?: (commentsLeftOut: number) => readonly Message[] | null;
  /** What a person is allowed to see of this question, in place of the prompt. Computed when needed. */
  situation?: () => Situation;
}>;

/** A model's reply. */
export type ModelReply = Readonly<{
  /** The model's text, word for word. It can be empty, and it can include thoughts. */
  text: string;
  finishReason: FinishReason;
  /** The server's own name for the finish reason, if `finishReason` is `other`. */
  finishReasonGiven?: string;
  /** Thoughts that the server sent beside the text. */
  reasoning?: string;
  usage?: TokenUsage;
  /** The model that the server reports, if it reports one. */
  servedBy?: string;
  /** How many of the oldest comments the model left out of the prompt with `shorten`. Default: 0. */
  commentsLeftOut?: number;
  /**
   * The chosen answer, and the model's probability of each allowed answer. Missing if the request has no
   * `answers`, or if the model reports no probabilities. In the second case, the text can still be an allowed
   * answer.
   */
  choice?: Choice;
  /**
   * Name of a property → its choice, as in `choice`. It has all properties of `answerSchema` with a fixed set
   * of values. The probabilities of a property depend on the values of the properties before it.
   */
  choices?: Readonly<Record<string, Choice>>;
  /** Facts that can differ between equal runs, such as whether a person pasted the text. They go to the event's `meta`. */
  meta?: Readonly<Record<string, string | number | boolean>>;
}>;

const RETRYABLE: ReadonlySet<ModelErrorKind> = new Set(
  ["rate-limited", "server-error", "unreachable", "time-out", "malformed-reply"] as const,
);

const WRONG_SETUP: ReadonlySet<ModelErrorKind> = new Set(
  ["unauthorised", "unknown-model"] as const,
);

/** A request failed. The members of the error decide what the engine does next. */
export class ModelError extends Error {
  /** Identifies errors of this class. */
  override readonly name = "ModelError";
  /** The kind of failure. */
  readonly kind: ModelErrorKind;
  /** The HTTP status, if there was one. */
  readonly status?: number;
  /** The wait that the server asked for, in milliseconds. */
  readonly retryAfterMs?: number;

  /**
   * Makes an error.
   *
   * @param message A text for people: what happened, where, and what to do. It must not contain keys or
   *   headers.
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

/** What a model or its server reports about the model. If a fact is not known, its member is missing. */
export type ModelFacts = Readonly<{
  /** The most tokens that prompt and reply can have together. */
  contextTokens?: number;
  /** Whether the server's list of models has this model. */
  isListed?: boolean;
}>;

/** A language model. Every implementation passes `core/ports/model_conformance.ts`. */
export interface Model {
  /**
   * Answers one request. Many requests can be in flight at the same time.
   *
   * @param signal Ends the request early; the promise then rejects with the signal's reason.
   * @returns The reply; an empty text is a valid reply.
   * @throws {ModelError} For every failure except the caller's abort.
   */
  generate(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
  /**
   * Reports what is known about the model, without asking it for a reply. It can be missing.
   *
   * @throws {ModelError} When the server cannot be reached or refuses access, or the model cannot be loaded.
   */
  facts?(signal: AbortSignal): Promise<ModelFacts>;
  /**
   * Returns the vectors of texts. If it is missing, the model has no vectors. Equal texts have equal vectors,
   * except for rounding.
   *
   * @param signal Ends the request early; the promise then rejects with the signal's reason.
   * @throws {ModelError} For every failure except the caller's abort; `bad-request` if a text may be too long.
   */
  embed?(texts: readonly string[], signal: AbortSignal): Promise<Embedded>;
  /** Frees the model's resources. A request after that is a programming error. */
  close?(): Promise<void>;
}

/** Looks a model up by its name in the experiment. */
export type Models = (name: string) => Model;

/**
 * Returns the form that a request asks for.
 *
 * @returns A valid form; `null` if the reply may be any text.
 * @throws {ModelError} `bad-request` if the request asks for two forms, or for a form that no reply can have.
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

/** The options of an adapter in an experiment file. The options of sampling are not among them. */
export type AdapterOptions = ModelSpec["options"];

/** A problem in the options of a model. */
export type OptionProblem = Readonly<{
  /** The path below the model: keys of mappings and 0-based indices of lists; empty for the model as a whole. */
  path: readonly (string | number)[];
  /** Whether the key or its value is wrong. */
  part: "key" | "value";
  /** The problem as a sentence, without its path and the suggestion. */
  message: string;
  /** A description of the expected value. */
  expected?: string;
  /** The value in the file. */
  found?: string;
  /** The nearest valid name, if the name looks misspelt. */
  suggestion?: string;
}>;

/** The access to the environment that adapters get. */
export type AdapterContext = Readonly<{
  /** Looks up an environment variable. Keys come only from here. */
  env: (name: string) => string | undefined;
  clock: Clock;
  /** The experiment file's folder: paths in options are relative to it. Default: the working folder. */
  folder?: string;
  /** Asks a person. Only commands that serve pages to people give this function. */
  askPerson?: AskPerson;
}>;

/** How long a person may take. */
export type PersonTerms = Readonly<{
  /** The time limit of an answer, in milliseconds; `null` for none. */
  timeLimitMs: number | null;
}>;

/** Puts a question to a person, and waits for the answer. */
export type AskPerson = (
  request: ModelRequest,
  terms: PersonTerms,
  signal: AbortSignal,
) => Promise<ModelReply>;

/**
 * A kind of model. The file of a researcher exports an adapter as its `default`. Only `create` is required.
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
   * Lists all problems of the options in an experiment file. Sends no request.
   *
   * @param folder Paths in the options are relative to it. If it is missing, no files are checked.
   */
  checkOptions?(options: AdapterOptions, folder?: string): readonly OptionProblem[];
  /**
   * The options for access to the model, such as a server's address or a time-out. They do not describe the
   * model itself. They may change when a run is resumed. The logs of discussions do not contain them.
   */
  readonly serviceOptions?: readonly string[];
  /**
   * Returns the address of the model. Two models of a file can be equal except for their addresses. A run
   * cannot be resumed if one of them now has the address of the other. If this function is missing, all
   * `serviceOptions` together are the address.
   *
   * @returns The parts of the address, such as a server's URL and then the name of a key; empty if it is the same for all
   *   models.
   */
  addressOf?(options: AdapterOptions): readonly string[];
  /**
   * Lists the keys of a model's entry that this adapter cannot use, such as `temperature`. The keys of
   * options are checked by `checkOptions`.
   *
   * @param entry The whole entry of the experiment file.
   */
  checkEntry?(entry: Readonly<Record<string, unknown>>): readonly OptionProblem[];
  /**
   * Whether people answer. An answer can take days. So only the adapter limits its time. While a discussion
   * waits for it, other discussions can run. The end of a run does not wait for it.
   */
  readonly asksPeople?: boolean;
  /** How many requests may be in flight at the same time. If it is missing, the engine decides. */
  concurrencyOf?(options: AdapterOptions): number;
  /**
   * The model's time limit for a request, in milliseconds. The engine ends a request that takes longer. If
   * this function is missing, the engine ends a request after ten minutes.
   */
  timeoutMsOf?(options: AdapterOptions): number;
  /**
   * Makes the model. Sends no request: the first request shows whether the server answers.
   *
   * @param spec The model's description; its options have passed `checkOptions`.
   * @throws {ModelError} If the model's setup is wrong, such as a missing key or a missing file.
   */
  create(spec: ModelSpec, context: AdapterContext): Model | Promise<Model>;
  /**
   * Identifies the content of a model that can be replaced at the same path or name. A run cannot be resumed after the
   * content has changed. Sends no request.
   *
   * @param spec The model's description; its options have passed `checkOptions`.
   * @returns Component → identifier, such as a file's SHA-256. All machines have the same component names.
   */
  identify?(spec: ModelSpec, context: AdapterContext): Promise<Readonly<Record<string, string>>>;
}
