/** Sends requests to the worker that reads outcomes. */
import type { OutcomeMessage, OutcomeRequest, OutcomeTasks } from "./outcome_worker.ts";

type Waiting = Readonly<{
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
  progress: (done: number, of: number) => void;
}>;

/** A worker that reads outcomes. It starts when it is asked for the first time. */
export class AskedWorker implements Disposable {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #asked = 0;

  /**
   * @throws {Error} With the worker's reason, if the worker cannot carry out the task, or ends before it has
   *   answered.
   */
  async ask<Task extends keyof OutcomeTasks>(
    task: Task,
    given: OutcomeTasks[Task][0],
    progress: Waiting["progress"] = () => {},
  ): Promise<OutcomeTasks[Task][1]> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = this.#asked++;
    this.#waiting.set(id, { resolve, reject, progress });
    (this.#worker ??= this.#start()).postMessage({ id, task, given } as OutcomeRequest);
    return await promise as OutcomeTasks[Task][1];
  }

  /** Ends the worker. Waiting requests fail. */
  [Symbol.dispose](): void {
    this.#end(new Error("Cannot read outcomes: the viewer ends"));
  }

  #start(): Worker {
    const worker = new Worker(new URL("./outcome_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<OutcomeMessage>) => {
      const asked = this.#waiting.get(data.id);
      if ("done" in data) {
        asked?.progress(data.done, data.of);
        return;
      }
      this.#waiting.delete(data.id);
      if ("failure" in data) asked?.reject(new Error(data.failure));
      else asked?.resolve(data.answer);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new Error(`Cannot read outcomes: a worker failed: ${event.message}`));
    };
    return worker;
  }

  #end(error: Error): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
