/** The worker's side of a local model: loads it, collects requests into batches, and answers them. */
import { ModelError, type ModelReply } from "../../../core/ports/model.ts";
import type { ModelErrorKind } from "../../../core/events/models.ts";
import { type AnswerPlan, FormedRow, planAnswer } from "./formed_row.ts";
import { answerTogether } from "./batch.ts";
import { type LoadedModel, loadModel } from "./load.ts";
import { PrefixCache } from "./prefix_cache.ts";
import {
  type FromWorker,
  type LoadOrder,
  type Measure,
  type Question,
  reasonOf,
  type ToWorker,
} from "./protocol.ts";
import { FreeRow, type Row, type RowSetup } from "./row.ts";

const REPLY_TOKENS_DEFAULT = 256;

/**
 * How long a batch waits for more requests. Discussions that got their replies together ask again at about the same time.
 */
const GATHER_MS = 3;

const BYTES_PER_MEGABYTE = 1_000_000;

/** A prompt joins a batch only if its length differs from the first prompt's by at most this factor, to limit padding. */
const LENGTH_RATIO_MAX = 1.5;

/** A difference of up to this many tokens is always allowed, because it costs little. */
const LENGTH_DIFFERENCE_MAX = 64;

/** The most prompt tokens in a batch of several prompts, padding included: the memory of a step grows with them. */
export const BATCH_TOKENS_MAX = 32_768;

type Waiting = Readonly<{ id: number; row: Row }>;

export class ModelService {
  readonly #send: (message: FromWorker) => void;
  readonly #queue: Waiting[] = [];
  /** The open requests; `null` until their row exists. */
  readonly #asked = new Map<number, Row | null>();
  #loading: Promise<LoadedModel> | null = null;
  #cache = new PrefixCache(0);
  #batch = 1;
  #isWorking = false;
  #isClosing = false;

  constructor(send: (message: FromWorker) => void) {
    this.#send = send;
  }

  async receive(message: ToWorker): Promise<void> {
    switch (message.type) {
      case "load":
        return await this.#load(message.order);
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

  async #load(order: LoadOrder): Promise<void> {
    this.#batch = order.batch;
    this.#cache = new PrefixCache(order.prefixMegabytes * BYTES_PER_MEGABYTE);
    this.#loading = loadModel(order);
    try {
      await this.#loading;
    } catch (error) {
      this.#send({ type: "load-failed", ...failureOf(error) });
    }
  }

  async #take({ type, id, question }: Extract<ToWorker, { question: Question }>): Promise<void> {
    this.#asked.set(id, null);
    try {
      // `#load()` reports a failure to load.
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
      this.#queue.push({ id, row });
      if (!this.#isWorking) await this.#work(model);
    } catch (error) {
      this.#answer({ type: "failed", id, ...failureOf(error) });
    }
  }

  #answer(message: Extract<FromWorker, { id: number }>): void {
    this.#asked.delete(message.id);
    this.#send(message);
  }

  async #work(model: LoadedModel): Promise<void> {
    this.#isWorking = true;
    const freshTokens = ({ row: { setup: { prompt } } }: Waiting) =>
      prompt.length - (this.#cache.find(prompt)?.columns ?? 0);
    while (this.#queue.length > 0 && !this.#isClosing) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      const batch = takeBatch(this.#queue, this.#batch, freshTokens).filter(({ row }) => !row.aborted);
      try {
        if (batch.length > 0) await answerTogether(model.forward, batch.map(({ row }) => row), this.#cache);
      } catch (error) {
        for (const { id, row } of batch) {
          if (!row.isOver) this.#answer({ type: "failed", id, ...failureOf(error) });
        }
      }
    }
    this.#isWorking = false;
    if (this.#isClosing) await this.#dispose(model);
  }

  async #close(): Promise<void> {
    this.#isClosing = true;
    for (const row of this.#asked.values()) if (row !== null) row.aborted = true;
    const model = await this.#loading?.catch(() => null);
    if (!this.#isWorking) await this.#dispose(model ?? null);
  }

  async #dispose(model: LoadedModel | null): Promise<void> {
    await model?.dispose();
    this.#send({ type: "closed" });
  }
}

/** Removes from a queue the requests to answer together: the first one, and later ones of similar length in tokens. */
export function takeBatch<T>(queue: T[], rowsMax: number, lengthOf: (waiting: T) => number): T[] {
  const [first] = queue;
  if (first === undefined) return [];
  const length = lengthOf(first);
  const taken: T[] = [];
  let longest = 0;
  for (const waiting of [...queue]) {
    const other = lengthOf(waiting);
    const [less, more] = other < length ? [other, length] : [length, other];
    if (more > less * LENGTH_RATIO_MAX && more - less > LENGTH_DIFFERENCE_MAX) continue;
    const widest = Math.max(longest, other);
    if (taken.length > 0 && widest * (taken.length + 1) > BATCH_TOKENS_MAX) continue;
    longest = widest;
    taken.push(waiting);
    queue.splice(queue.indexOf(waiting), 1);
    if (taken.length === rowsMax) break;
  }
  return taken;
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

function failureOf(error: unknown): Readonly<{ kind: ModelErrorKind; message: string }> {
  if (error instanceof ModelError) return { kind: error.kind, message: error.message };
  return { kind: "broken-model", message: `The local model failed: ${reasonOf(error)}` };
}
