/** The worker's side of a local model: loads it, measures questions, and has them answered. */
import { type Message, ModelError, type ModelReply } from "../../../core/ports/model.ts";
import type { ModelErrorKind } from "../../../core/events/models.ts";
import { type AnswerPlan, FormedRow, planAnswer } from "./formed_row.ts";
import { FreeRow } from "./free_row.ts";
import { type FromWorker, type Measure, type Question, reasonOf, type ToWorker } from "./protocol.ts";
import type { Row, RowSetup, SamplerSettings, Vocabulary } from "./row.ts";

const REPLY_TOKENS_DEFAULT = 256;

/** A loaded model. */
export type LoadedModel = Readonly<{
  vocabulary: Vocabulary;
  /** The most tokens of prompt and reply together. */
  context: number;
  /** The sampling settings of requests that set none. */
  sampler: SamplerSettings;
  /** Renders messages with the model's chat template, and returns the tokens. */
  encodePrompt: (messages: readonly Message[]) => readonly number[];
  /** Answers a row: the promise resolves when the row is over. Many may be in work at once. */
  answer: (row: Row) => Promise<void>;
  dispose: () => Promise<void>;
}>;

/** What the worker of an adapter gives to {@linkcode ModelService}. */
export type LoadModel<Order> = (order: Order) => Promise<LoadedModel>;

export class ModelService<Order> {
  readonly #load: LoadModel<Order>;
  readonly #send: (message: FromWorker) => void;
  /** The rows of the open requests, by id; `null` until a request has its row. */
  readonly #asked = new Map<number, Row | null>();
  readonly #inWork = new Set<Promise<void>>();
  #loading: Promise<LoadedModel> | null = null;
  #isClosing = false;

  constructor(load: LoadModel<Order>, send: (message: FromWorker) => void) {
    this.#load = load;
    this.#send = send;
  }

  async receive(message: ToWorker<Order>): Promise<void> {
    switch (message.type) {
      case "load":
        return await this.#open(message.order);
      case "ask":
      case "measure":
        return await this.#take(message);
      case "abort": {
        const row = this.#asked.get(message.id);
        if (row) row.aborted = true;
        this.#asked.delete(message.id);
        return;
      }
      case "close":
        return await this.#close();
      default:
        message satisfies never;
    }
  }

  async #open(order: Order): Promise<void> {
    this.#loading = this.#load(order);
    await reportFailure(this.#loading, this.#send);
  }

  async #take({ type, id, question }: Extract<ToWorker<Order>, { question: Question }>): Promise<void> {
    this.#asked.set(id, null);
    try {
      // `#open()` reports a failure to load.
      const model = await this.#loading!.catch(() => null);
      if (model === null || this.#isClosing || !this.#asked.has(id)) return;
      const { measure, setup, plan } = prepared(model, question);
      const isTooLong = measure.promptTokens + measure.replyTokens > measure.context;
      if (type === "measure" || isTooLong) {
        return this.#answer({ type: type === "measure" ? "measured" : "too-long", id, measure });
      }
      const onReply = (reply: ModelReply) => this.#answer({ type: "reply", id, reply });
      const row = plan === null
        ? new FreeRow({ ...setup, stop: question.sampling.stop ?? [] }, model.vocabulary, onReply)
        : new FormedRow(setup, plan, model.vocabulary, onReply);
      this.#asked.set(id, row);
      await this.#work(model.answer(row));
    } catch (error) {
      this.#answer({ type: "failed", id, ...failureOf(error) });
    }
  }

  async #work(answering: Promise<void>): Promise<void> {
    this.#inWork.add(answering);
    try {
      await answering;
    } finally {
      this.#inWork.delete(answering);
    }
  }

  /** Sends an answer, unless the request was aborted. */
  #answer(message: Extract<FromWorker, { id: number }>): void {
    if (this.#asked.delete(message.id)) this.#send(message);
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    for (const row of this.#asked.values()) if (row !== null) row.aborted = true;
    await Promise.allSettled(this.#inWork);
    const model = await this.#loading?.catch(() => null);
    await model?.dispose();
    this.#send({ type: "closed" });
  }
}

type Prepared = Readonly<{ measure: Measure; setup: RowSetup; plan: AnswerPlan | null }>;

function prepared(model: LoadedModel, question: Question): Prepared {
  const { context, sampler } = model;
  const { temperature, topP, maxTokens = REPLY_TOKENS_DEFAULT } = question.sampling;
  const prompt = model.encodePrompt(question.messages);
  const plan = question.form === null ? null : planAnswer(question.form, model.vocabulary);
  const fixed = plan?.fixedTokens ?? 0;
  const isFree = plan === null || plan.parts.some(({ kind }) => kind === "write");
  const wanted = isFree ? Math.max(maxTokens, fixed) : fixed;
  // A reply can be cut anywhere, but a prompt cannot. So a reply with free text reserves at most half of the context.
  const replyTokens = Math.max(fixed, Math.min(wanted, Math.floor(context / 2)));
  return {
    measure: { promptTokens: prompt.length, replyTokens, context },
    setup: {
      prompt,
      sampler: {
        ...sampler,
        ...(temperature === undefined ? {} : { temperature }),
        ...(topP === undefined ? {} : { topP }),
      },
      replyTokens: Math.min(wanted, context - prompt.length),
      seed: question.seed,
    },
    plan,
  };
}

/** Waits until a model is loaded, and tells the adapter if this fails. */
export async function reportFailure(
  loading: Promise<unknown>,
  send: (message: FromWorker) => void,
): Promise<void> {
  try {
    await loading;
  } catch (error) {
    send({ type: "load-failed", ...failureOf(error) });
  }
}

export function failureOf(error: unknown): Readonly<{ kind: ModelErrorKind; message: string }> {
  if (error instanceof ModelError) return { kind: error.kind, message: error.message };
  return { kind: "broken-model", message: `The local model failed: ${reasonOf(error)}` };
}
