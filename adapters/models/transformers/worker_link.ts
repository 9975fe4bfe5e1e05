/** The program's side of a model's worker: questions go out, answers come back to whoever waits for them. */
import { ModelError } from "../../../core/ports/model.ts";
import type { FromWorker, LoadOrder, Question, ToWorker } from "./protocol.ts";

/** How long a worker may take to end by itself before it is stopped, in milliseconds. */
const CLOSE_MS_MAX = 5_000;

/** What comes back for one message. */
export type Answer = Extract<FromWorker, { type: "reply" | "too-long" | "measured" }>;

type Waiting = Readonly<{ resolve: (answer: Answer) => void; reject: (error: unknown) => void }>;

/** A worker that has been started. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #closed = Promise.withResolvers<void>();
  #asked = 0;
  #broken: ModelError | null = null;

  /** @param order What the worker is to load; failing to is told to everybody who asks. */
  constructor(order: LoadOrder) {
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#break(new ModelError("broken-model", `The worker of the local model failed: ${event.message}`));
    };
    this.#post({ type: "load", order });
  }

  /** Whether it can be asked no more. */
  get isBroken(): boolean {
    return this.#broken !== null;
  }

  /**
   * Sends a question.
   *
   * @param type Whether it is to be answered, or only measured.
   * @param question What is asked.
   * @param signal Gives it up.
   * @throws {ModelError} When the model could not be loaded, or failed.
   */
  async ask(type: "ask" | "measure", question: Question, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    if (this.#broken !== null) throw this.#broken;
    const id = this.#asked++;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.set(id, { resolve, reject });
    const giveUp = () => {
      this.#waiting.delete(id);
      this.#post({ type: "abort", id });
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    this.#post({ type, id, question });
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Ends the worker and frees its memory; what is still asked fails. */
  async close(): Promise<void> {
    if (this.#broken === null) {
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
    this.#broken = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (!keepWorker) this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
