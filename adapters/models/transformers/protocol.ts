/** What the program and the worker of a model tell each other. */
import type { AnswerForm } from "../../../core/ports/answer_form.ts";
import type { ModelErrorKind, Sampling } from "../../../core/events/models.ts";
import type { Message, ModelReply } from "../../../core/ports/model.ts";
import type { TransformersOptions } from "./options.ts";

/** What a worker needs to load a model. */
export type LoadOrder =
  & Pick<TransformersOptions, "dtype" | "device" | "revision" | "threads" | "batch" | "prefixMegabytes">
  & Pick<TransformersOptions, "topK" | "minP" | "repetitionPenalty">
  & Readonly<{
    /** The folder's absolute path, or the name on the hub. */
    model: string;
    isLocal: boolean;
    cacheFolder: string;
  }>;

/** One request, as it goes to the worker. */
export type Question = Readonly<{
  messages: readonly Message[];
  sampling: Sampling;
  seed: number;
  /** `null` where the reply may be any text. */
  form: AnswerForm | null;
}>;

/** How many tokens a question needs: it fits when `promptTokens + replyTokens` is not above `context`. */
export type Measure = Readonly<{ promptTokens: number; replyTokens: number; context: number }>;

/** From the program to the worker. */
export type ToWorker =
  | Readonly<{ type: "load"; order: LoadOrder }>
  /** Is answered by `reply`, by `too-long`, or by `failed`. */
  | Readonly<{ type: "ask"; id: number; question: Question }>
  /** Is answered by `measured` or by `failed`. */
  | Readonly<{ type: "measure"; id: number; question: Question }>
  /** Is not answered, and nor is what it ends. */
  | Readonly<{ type: "abort"; id: number }>
  | Readonly<{ type: "close" }>;

/** From the worker to the program. */
export type FromWorker =
  | Readonly<{ type: "reply"; id: number; reply: ModelReply }>
  | Readonly<{ type: "too-long" | "measured"; id: number; measure: Measure }>
  | Readonly<{ type: "failed"; id: number; kind: ModelErrorKind; message: string }>
  | Readonly<{ type: "load-failed"; kind: ModelErrorKind; message: string }>
  | Readonly<{ type: "closed" }>;
