/** Calls a function on all cores. Its argument and its result are plain data. */

/** The most workers by default. Each worker takes memory and time to start, so more workers rarely help. */
const WORKERS_MAX = 8;

/** The number of the message before the first question, whose number is 0. */
const FIRST = -1;

/** A request to a worker, which answers with one {@linkcode Answered}. */
export type Asked<Question> = Readonly<{ id: number; question: Question }>;

export type Answered<Answer> = Readonly<{ id: number } & ({ answer: Answer } | { failure: string })>;

/** A worker says that it ends itself. No one else notices this, so its questions would wait for ever. */
export type Ended = Readonly<{ ended: true }>;

/** How many workers a pool has. */
export type PoolOptions = Readonly<{
  /**
   * How many workers, at least 1. Default: as many as there are cores, at most {@linkcode WORKERS_MAX}. No core is kept
   * free for the calling thread, because its own work takes less time than the work of the workers.
   */
  workers?: number;
}>;

/** What the workers of a pool do. */
export type PoolWork<First = never> = Readonly<{
  /** Their module, which calls {@linkcode serve}. */
  module: URL;
  /** The work in words, for messages: `measure texts`. */
  task: string;
  /** What each worker is told before its first question. Its answer is not used. Default: nothing. */
  first?: First;
}>;

/**
 * Answers questions in a worker, one after the other. It posts errors as messages, because Deno would print an error that a
 * worker throws. It also posts a message if the worker ends itself by `close()` or `Deno.exit()`.
 */
export function serve<Question, Answer>(answerTo: (question: Question) => Answer | Promise<Answer>): void {
  const scope = globalThis as unknown as {
    onmessage: (event: MessageEvent<Asked<Question>>) => void;
    postMessage: (message: Answered<Answer> | Ended) => void;
    close: () => void;
  };
  const end = scope.close;
  scope.close = () => {
    scope.postMessage({ ended: true });
    end.call(scope);
  };
  // Only Deno.exit() sends this event.
  addEventListener("unload", () => scope.postMessage({ ended: true }));
  let before = Promise.resolve();
  scope.onmessage = ({ data: { id, question } }) => {
    before = before.then(async () => {
      try {
        scope.postMessage({ id, answer: await answerTo(question) });
      } catch (error) {
        scope.postMessage({ id, failure: String(error) });
      }
    });
  };
}

type Waiting<Answer> = Readonly<{ resolve: (answer: Answer) => void; reject: (error: Error) => void }>;

type PoolWorker<Answer> = Readonly<{ worker: Worker; waiting: Map<number, Waiting<Answer>> }>;

/**
 * Workers that answer questions while the program does other work. They start when they are needed, and end with
 * the pool.
 */
export class WorkerPool<Question, Answer, First = never> implements Disposable {
  readonly #work: PoolWork<First>;
  /** The most workers that the pool starts. */
  readonly workersMax: number;
  readonly #workers: PoolWorker<Answer>[] = [];
  #asked = 0;
  #broken: Error | null = null;

  /**
   * Starts no worker yet.
   *
   * @throws {RangeError} When the number of workers is not a whole number of at least 1.
   */
  constructor(work: PoolWork<First>, options: PoolOptions = {}) {
    const workers = options.workers ?? Math.min(navigator.hardwareConcurrency, WORKERS_MAX);
    if (!Number.isSafeInteger(workers) || workers < 1) {
      throw new RangeError(`Cannot start "${workers}" workers: expected a whole number of at least 1`);
    }
    this.#work = work;
    this.workersMax = workers;
  }

  /**
   * Asks the worker with the fewest waiting questions.
   *
   * @throws {Error} When the question cannot be answered, a worker has failed, or the pool is closed.
   */
  readonly ask = async (question: Question): Promise<Answer> => {
    if (this.#broken !== null) throw this.#broken;
    const { worker, waiting } = this.#idlest();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const id = this.#asked++;
    worker.postMessage({ id, question } satisfies Asked<Question>);
    waiting.set(id, { resolve, reject });
    return await promise;
  };

  /** Ends all workers. Waiting requests fail. */
  [Symbol.dispose](): void {
    this.#break(new Error(`Cannot ${this.#work.task}: the pool of workers is closed`));
  }

  #idlest(): PoolWorker<Answer> {
    let idlest: PoolWorker<Answer> | undefined;
    for (const one of this.#workers) {
      if (idlest === undefined || one.waiting.size < idlest.waiting.size) idlest = one;
    }
    if (idlest !== undefined && (idlest.waiting.size === 0 || this.#workers.length === this.workersMax)) {
      return idlest;
    }
    return this.#start();
  }

  #start(): PoolWorker<Answer> {
    // The worker has the program's permissions, although it needs none: Deno restricts workers only with an
    // unstable flag.
    const worker = new Worker(this.#work.module, { type: "module" });
    const waiting = new Map<number, Waiting<Answer>>();
    worker.onmessage = ({ data }: MessageEvent<Answered<Answer> | Ended>) => {
      if ("ended" in data) {
        this.#break(new Error(`Cannot ${this.#work.task}: a worker ended itself`));
        return;
      }
      const asked = waiting.get(data.id);
      waiting.delete(data.id);
      if ("answer" in data) asked?.resolve(data.answer);
      else asked?.reject(new Error(`Cannot ${this.#work.task}: ${data.failure}`));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#break(new Error(`Cannot ${this.#work.task}: a worker failed: ${event.message}`));
    };
    const started = { worker, waiting };
    this.#workers.push(started);
    const { first, task } = this.#work;
    try {
      if (first !== undefined) worker.postMessage({ id: FIRST, question: first } satisfies Asked<First>);
    } catch (error) {
      // A worker that was not told the first message must not get questions.
      this.#break(new Error(`Cannot ${task}: ${error}`));
      throw this.#broken;
    }
    return started;
  }

  #break(error: Error): void {
    this.#broken ??= error;
    for (const { worker, waiting } of this.#workers) {
      worker.terminate();
      for (const { reject } of waiting.values()) reject(this.#broken);
      waiting.clear();
    }
    this.#workers.length = 0;
  }
}
