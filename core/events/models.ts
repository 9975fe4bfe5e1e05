/** What designs and events say of models: what is asked, how a reply came about, and how a request fails. */
import type { Json } from "../json.ts";

/** How to treat thoughts that stand in a model's text: they are taken out, or stay where they are. */
export type ThoughtsOption = "strip" | "keep";

/** A model, as an experiment describes it. Never holds a key, only the name of the variable that does. */
export type ModelSpec = Readonly<{
  /** The name of a built-in adapter, or a path to a file that exports one. */
  adapter: string;
  sampling: Sampling;
  /** What the adapter takes besides; its own schema says what that is. */
  options: Readonly<Record<string, Json>>;
  /** How to treat thoughts in its comments; they are taken out where this is left out. */
  thoughts?: ThoughtsOption;
}>;

/** How the reply is drawn. Whatever is left out is the server's default. */
export type Sampling = Readonly<{
  temperature?: number;
  topP?: number;
  /** Longest reply, in tokens. */
  maxTokens?: number;
  /** Texts at which the reply ends; they are not part of it. */
  stop?: readonly string[];
}>;

/**
 * Why a reply ended: by itself, at a limit of tokens, because the server withheld it, or for another reason. A reply that
 * was restricted to a form and is complete ended by itself, even where its tokens ran out right behind it.
 */
export type FinishReason = (typeof FINISH_REASONS)[number];

/** Every reason why a reply can end. */
export const FINISH_REASONS = ["stop", "length", "refused", "other"] as const;

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
 * How a reply came about. The prompt itself is not stored: it is derivable from the events before it, and
 * `promptHash` proves that the derivation gives what the model was sent.
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
  /** The server's own word for the end of the reply, where `finishReason` is `other`. */
  finishReasonGiven?: string;
  /** Token counts, where the model's server reports them. */
  usage?: TokenUsage;
  /** What the server said it ran, where that differs from what was asked for. */
  servedBy?: string;
}>;

/** A question, as far as it is kept with its answer. */
export type AskedQuestion = Readonly<{
  model: string;
  promptHash: string;
  commentsLeftOut?: number;
  request: Readonly<{ seed: number }>;
}>;

/** The kept part of a question and its answer. */
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

/** Every reason. `cut-before-text` is not a choice: the limit of tokens left no room for a word. */
export const SILENCE_REASONS = ["empty", "pass-word", "refused", "cut-before-text"] as const;

/** Members of every event that holds a reply; each is left out if there was nothing of it. */
export type TakenOut = Readonly<{
  /** What the model thought: what its server sent beside the text, then what stood in the text. */
  thoughts?: string;
  /** What else was taken off the text: labels with the speaker's name, marks of chat templates. */
  removed?: readonly string[];
}>;

/** The members that there are. */
export function takenOut(
  { thoughts, removed }: Readonly<{ thoughts: string | null; removed: readonly string[] }>,
): TakenOut {
  return {
    ...(thoughts === null ? {} : { thoughts }),
    ...(removed.length === 0 ? {} : { removed }),
  };
}
