/** The messages between the program and the worker of a local model. */
import type { AnswerForm } from "../../../core/answer_form.ts";
import type { ModelErrorKind, Sampling } from "../../../core/events/models.ts";
import type { Embedded } from "../../../core/ports/embedding.ts";
import type { Message, ModelReply } from "../../../core/ports/model.ts";

export type Question = Readonly<{
  messages: readonly Message[];
  sampling: Sampling;
  seed: number;
  /** `null` if the reply may be any text. */
  form: AnswerForm | null;
}>;

/** How many tokens a question needs. It fits when `promptTokens + replyTokens` is at most `context`. */
export type Measure = Readonly<{ promptTokens: number; replyTokens: number; context: number }>;

/** An order has all that an adapter needs to load its model. */
export type ToWorker<Order> =
  | Readonly<{ type: "load"; order: Order }>
  /** The worker answers with `reply`, `too-long` or `failed`. */
  | Readonly<{ type: "ask"; id: number; question: Question }>
  /** The worker answers with `measured` or `failed`. */
  | Readonly<{ type: "measure"; id: number; question: Question }>
  /** The worker answers neither this message nor the aborted request. */
  | Readonly<{ type: "abort"; id: number }>
  | Readonly<{ type: "close" }>;

/** The messages to a worker that returns vectors. It answers `embed` with `vectors` or `failed`. */
export type ToEmbedder<Order> =
  | Extract<ToWorker<Order>, { type: "load" | "abort" | "close" }>
  | Readonly<{ type: "embed"; id: number; texts: readonly string[] }>;

export type FromWorker =
  | Readonly<{ type: "vectors"; id: number; embedded: Embedded }>
  | Readonly<{ type: "reply"; id: number; reply: ModelReply }>
  | Readonly<{ type: "too-long" | "measured"; id: number; measure: Measure }>
  | Readonly<{ type: "failed"; id: number; kind: ModelErrorKind; message: string }>
  | Readonly<{ type: "load-failed"; kind: ModelErrorKind; message: string }>
  | Readonly<{ type: "closed" }>;

const REASON_LENGTH_MAX = 300;

/** The first line of an error's message, shortened. Further lines can hold whole prompts. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]!.slice(0, REASON_LENGTH_MAX);
}
