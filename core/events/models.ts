/** Types for models, requests, replies and failures, as designs and events store them. */
import type { Json } from "../json.ts";

/** What to do with thoughts in a model's text: remove them, or keep them in the text. */
export type ThoughtsOption = "strip" | "keep";

/** A model, as an experiment describes it. It never contains a key, only the name of the variable with the key. */
export type ModelSpec = Readonly<{
  /** The name of a built-in adapter, or a path to a file that exports one. */
  adapter: string;
  sampling: Sampling;
  /** Further options of the adapter. The adapter's schema defines them. */
  options: Readonly<Record<string, Json>>;
  /** What to do with thoughts in the model's comments; `strip` by default. */
  thoughts?: ThoughtsOption;
}>;

/** How replies are sampled. If a member is left out, the server's default applies. */
export type Sampling = Readonly<{
  temperature?: number;
  topP?: number;
  /** Longest reply, in tokens. */
  maxTokens?: number;
  /** Texts that end the reply. They are not part of the reply. */
  stop?: readonly string[];
}>;

/**
 * Why a reply ended. `stop`: the model finished it. `length`: the limit of tokens cut it. `refused`: the
 * server withheld it. `sent`: a person sent it. `timed-out`: a person did not answer in time. `declined`: a
 * person does not take part. `other`: any other reason. A complete reply in a required form counts as
 * finished, even if it used all tokens.
 */
export type FinishReason = (typeof FINISH_REASONS)[number];

/** Every reason why a reply can end. */
export const FINISH_REASONS = [
  "stop",
  "length",
  "refused",
  "sent",
  "timed-out",
  "declined",
  "other",
] as const;

/** Tokens of one request. */
export type TokenUsage = Readonly<{ promptTokens: number; completionTokens: number }>;

/** The kinds of failure that callers tell apart. */
export type ModelErrorKind = (typeof MODEL_ERROR_KINDS)[number];

/** Every kind of failure. */
export const MODEL_ERROR_KINDS = [
  "unauthorised",
  "unknown-model",
  "bad-request",
  "rate-limited",
  "server-error",
  "unreachable",
  "time-out",
  "malformed-reply",
  "broken-model",
] as const;

/**
 * How a reply was made. The prompt is not stored, because it follows from the earlier events. `promptHash`
 * proves that a prompt rendered later is the prompt that was sent.
 */
export type Generation = Readonly<{
  /** The model's name in the experiment. */
  model: string;
  /** SHA-256 (hex) of the exact prompt: the JSON text of its list of messages. */
  promptHash: string;
  /** How many of the oldest comments the prompt left out, so that it fitted the model's context. */
  commentsLeftOut?: number;
  /** The sampling seed that was sent with the request. */
  seed: number;
  finishReason: FinishReason;
  /** The server's own word for the end of the reply, if `finishReason` is `other`. */
  finishReasonGiven?: string;
  /** Token counts, if the model's server reports them. */
  usage?: TokenUsage;
  /** The model that the server reported, if it differs from the requested model. */
  servedBy?: string;
}>;

/** The members of a question that are stored with its answer. */
export type AskedQuestion = Readonly<{
  model: string;
  promptHash: string;
  commentsLeftOut?: number;
  request: Readonly<{ seed: number }>;
}>;

/** The stored members of a question and its answer. */
export function generationOf(
  { model, promptHash, commentsLeftOut, request: { seed } }: AskedQuestion,
  { finishReason, finishReasonGiven, usage, servedBy }: Pick<
    Generation,
    "finishReason" | "finishReasonGiven" | "usage" | "servedBy"
  >,
): Generation {
  return {
    model,
    promptHash,
    ...(commentsLeftOut === undefined ? {} : { commentsLeftOut }),
    seed,
    finishReason,
    ...(finishReasonGiven === undefined ? {} : { finishReasonGiven }),
    ...(usage === undefined ? {} : { usage }),
    ...(servedBy === undefined ? {} : { servedBy }),
  };
}

/** Why a reply counts as silence. */
export type SilenceReason = (typeof SILENCE_REASONS)[number];

/**
 * Every reason. `cut-before-text`: the limit of tokens left no room for a word, so the speaker did not choose
 * silence. `timed-out`: a person did not answer in time. `declined`: a person refused to take part, or
 * withdrew.
 */
export const SILENCE_REASONS = [
  "empty",
  "pass-word",
  "refused",
  "cut-before-text",
  "timed-out",
  "declined",
] as const;

/**
 * The encrypted words of a person. The event's members that hold words are then empty. Members that are
 * optional in this event type are missing.
 */
export type Sealed = Readonly<{
  /** The person: a participant as `<discussion>/<participant>`, or an annotator's name. */
  person: string;
  /**
   * Base64 of the nonce and the encrypted JSON of the members with words. Empty if the words were never
   * stored.
   */
  box: string;
  /** The person withdrew. This member is added when a log is read. It is never stored. */
  withdrawn?: true;
}>;

/** Members of every event that holds a reply. A member is missing if it would be empty. */
export type TakenOut = Readonly<{
  /** The model's thoughts: first those that its server sent beside the text, then those from the text. */
  thoughts?: string;
  /** Other removed texts: labels with the speaker's name, marks of chat templates, and text after these marks. */
  removed?: readonly string[];
  /** The encrypted words of a person in this event, if they cannot be decrypted. */
  sealed?: Sealed;
}>;

/** The members that are not empty. */
export function takenOut(
  { thoughts, removed }: Readonly<{ thoughts: string | null; removed: readonly string[] }>,
): TakenOut {
  return {
    ...(thoughts === null ? {} : { thoughts }),
    ...(removed.length === 0 ? {} : { removed }),
  };
}
