/** What is kept of a model's answer, besides its text. */
import type { FinishReason, ModelReply, TokenUsage } from "../ports/model.ts";

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

/** What is kept of a question and its answer. */
export function generationOf(
  { model, promptHash, commentsLeftOut, request: { seed } }: AskedQuestion,
  { finishReason, finishReasonGiven, usage, servedBy }: ModelReply,
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
