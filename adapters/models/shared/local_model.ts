/** The program's side of a local model, which runs in a worker. The first request starts the worker. */
import type { Clock } from "../../../core/ports/clock.ts";
import {
  type Model,
  ModelError,
  type ModelFacts,
  type ModelReply,
  type ModelRequest,
  requestedForm,
} from "../../../core/ports/model.ts";
import type { FromWorker, Measure, Question, ToEmbedder, ToWorker } from "./protocol.ts";

/** How long a worker may take to close before it is terminated, in milliseconds. */
const CLOSE_MS_MAX = 5_000;

type Messages = Question["messages"];

type Measured = Readonly<{ measure: Measure }>;

/** The prompt does not matter: it is measured only because a measure also states the model's context. */
const ANY_MESSAGES: Messages = [{ role: "user", content: "" }];

/** How a local model is started. */
export type LocalModelSetup<Order> = Readonly<{
  /** The address of the worker's module, which calls `serveModel()`. */
  worker: URL;
  /** The worker that returns vectors of texts, if the adapter has one. */
  embedWorker?: URL;
  order: Order;
  timeoutSeconds: number;
  clock: Clock;
}>;

export class LocalModel<Order> implements Model {
  readonly #setup: LocalModelSetup<Order>;
  #link: WorkerLink<Order> | null = null;
  #embedLink: WorkerLink<Order> | null = null;
  readonly embed?: Model["embed"];

  constructor(setup: LocalModelSetup<Order>) {
    this.#setup = setup;
    const { embedWorker, order } = setup;
    if (embedWorker === undefined) return;
    this.embed = (texts, signal) =>
      this.#inTime(signal, async (timed) => {
        this.#embedLink = working(this.#embedLink) ?? new WorkerLink(embedWorker, order);
        const { embedded } = await this.#embedLink.ask({ type: "embed", texts }, timed) as Vectors;
        return embedded;
      });
  }

  async generate(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    return await this.#inTime(signal, (timed) => this.#answer(request, timed));
  }

  /** Fails with `time-out` if the answer takes too long. */
  async #inTime<T>(signal: AbortSignal, ask: (timed: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const { clock, timeoutSeconds } = this.#setup;
    const answered = new AbortController();
    const late = new AbortController();
    const timer = clock.sleep(timeoutSeconds * 1000, answered.signal).then(
      () => late.abort(timeOut(timeoutSeconds)),
      () => {},
    );
    try {
      return await ask(AbortSignal.any([signal, late.signal]));
    } finally {
      answered.abort();
      await timer;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#link?.close(), this.#embedLink?.close()]);
    [this.#link, this.#embedLink] = [null, null];
  }

  async facts(signal: AbortSignal): Promise<ModelFacts> {
    const question = { messages: ANY_MESSAGES, sampling: {}, seed: 0, form: null };
    const { measure } = await this.#openLink().ask({ type: "measure", question }, signal) as Measured;
    return { contextTokens: measure.context };
  }

  #openLink(): WorkerLink<Order> {
    const { worker, order } = this.#setup;
    return this.#link = working(this.#link) ?? new WorkerLink(worker, order);
  }

  async #answer(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const link = this.#openLink();
    const { messages, sampling, seed, shorten } = request;
    const question: Question = { messages, sampling, seed, form: requestedForm(request) };
    const answer = await link.ask({ type: "ask", question }, signal) as Replied;
    if (answer.type === "reply") return answer.reply;
    const fits = async (messages: Messages) => {
      const asked = { type: "measure", question: { ...question, messages } } as const;
      const { measure } = await link.ask(asked, signal) as Measured;
      return measure.promptTokens + measure.replyTokens <= measure.context;
    };
    const shorter = shorten && await shortest(shorten, fits);
    if (!shorter) throw tooLong(answer.measure);
    const asked = { type: "ask", question: { ...question, messages: shorter.messages } } as const;
    const shortened = await link.ask(asked, signal) as Replied;
    if (shortened.type !== "reply") throw tooLong(shortened.measure);
    return { ...shortened.reply, commentsLeftOut: shorter.leftOut };
  }
}

type Answer = Exclude<FromWorker, { type: "failed" | "load-failed" | "closed" }>;

type Replied = Extract<Answer, { type: "reply" | "too-long" | "measured" }>;

type Vectors = Extract<Answer, { type: "vectors" }>;

/** A request, before it has an id. */
type Asked = Readonly<
  { type: "ask" | "measure"; question: Question } | { type: "embed"; texts: readonly string[] }
>;

/** The link, if its worker still answers. */
function working<Order>(link: WorkerLink<Order> | null): WorkerLink<Order> | null {
  return link?.broken === null ? link : null;
}

type Waiting = Readonly<{ resolve: (answer: Answer) => void; reject: (error: unknown) => void }>;

/** The link to a running worker. It sends questions, and gives each answer to the caller that waits for it. */
class WorkerLink<Order> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #closed = Promise.withResolvers<void>();
  #asked = 0;
  /** Why the worker no longer answers; `null` while it works. */
  broken: ModelError | null = null;

  constructor(module: URL, order: Order) {
    this.#worker = new Worker(module, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#break(new ModelError("broken-model", `The worker of the local model failed: ${event.message}`));
    };
    this.#post({ type: "load", order });
  }

  /** Sends a request. Throws a `ModelError` if the model could not be loaded, or failed. */
  async ask(asked: Asked, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    if (this.broken !== null) throw this.broken;
    const id = this.#asked++;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.set(id, { resolve, reject });
    const abort = () => {
      this.#waiting.delete(id);
      this.#post({ type: "abort", id });
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    this.#post({ ...asked, id });
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async close(): Promise<void> {
    if (this.broken === null) {
      this.#break(new ModelError("broken-model", "The local model was closed"), { keepWorker: true });
      this.#post({ type: "close" });
      const timer = setTimeout(this.#closed.resolve, CLOSE_MS_MAX);
      await this.#closed.promise;
      clearTimeout(timer);
    }
    this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    if (message.type === "closed") return this.#closed.resolve();
    if (message.type === "load-failed") return this.#break(new ModelError(message.kind, message.message));
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === "failed") waiting?.reject(new ModelError(message.kind, message.message));
    else waiting?.resolve(message);
  }

  #break(error: ModelError, { keepWorker = false } = {}): void {
    this.broken = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (!keepWorker) this.#worker.terminate();
  }

  #post(message: ToWorker<Order> | ToEmbedder<Order>): void {
    this.#worker.postMessage(message);
  }
}

type Shortened = Readonly<{ leftOut: number; messages: Messages }>;

/**
 * Finds the prompt that fits and leaves out the fewest comments; `null` if none fits. Doubles the number of omitted
 * comments until the prompt fits, then bisects between the last two numbers.
 */
async function shortest(
  shorten: NonNullable<ModelRequest["shorten"]>,
  fits: (messages: Messages) => Promise<boolean>,
): Promise<Shortened | null> {
  let tooFew = 0;
  let found: Shortened | null = null;
  let beyond = Infinity;
  while (found === null ? beyond - tooFew > 1 : found.leftOut - tooFew > 1) {
    const limit = Math.min(found?.leftOut ?? Infinity, beyond);
    const leftOut = limit === Infinity ? Math.max(1, tooFew * 2) : Math.floor((tooFew + limit) / 2);
    const messages = shorten(leftOut);
    if (messages === null) beyond = leftOut;
    else if (await fits(messages)) found = { leftOut, messages };
    else tooFew = leftOut;
  }
  return found;
}

function tooLong({ promptTokens, replyTokens, context }: Measure): ModelError {
  return new ModelError(
    "bad-request",
    `Cannot ask the local model: a prompt of ${promptTokens} tokens and a reply of up to ${replyTokens} exceed its ` +
      `context of ${context}, and leaving out earlier comments does not help; shorten the instructions and personas, ` +
      "or lower maxTokens",
  );
}

function timeOut(seconds: number): ModelError {
  return new ModelError(
    "time-out",
    `The local model did not answer within ${seconds} s; is it too large for this machine, or is timeoutSeconds too short?`,
  );
}
