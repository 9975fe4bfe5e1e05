/** Limits how many requests to a model are in flight at the same time. */
import { NEVER, type WaitSignals } from "./waits.ts";

/** Callers that wait, first come, first served. */
class Callers {
  readonly #waiting = new Set<() => void>();

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Resolves when it is this caller's turn.
   *
   * @throws The reason of the signal that ended the wait.
   */
  wait({ signal, stop }: WaitSignals): Promise<void> {
    return new Promise((resolve, reject) => {
      const ending = AbortSignal.any([signal, stop]);
      const settle = (act: () => void) => () => {
        this.#waiting.delete(take);
        ending.removeEventListener("abort", cancel);
        act();
      };
      const take = settle(resolve);
      const cancel = settle(() => reject(ending.reason));
      if (ending.aborted) return cancel();
      this.#waiting.add(take);
      ending.addEventListener("abort", cancel, { once: true });
    });
  }

  /** Ends the wait of the first caller. Returns whether there was one. */
  next(): boolean {
    const [take] = this.#waiting;
    take?.();
    return take !== undefined;
  }
}

/** Hands out slots, first come, first served. A request needs a slot while it is in flight. */
export class Limiter {
  /** Requests that cannot start immediately wait here first. */
  readonly queue = new RequestQueue();
  #limit: number;
  #held = 0;
  #demand = 0;
  #share: SlotShare | null = null;
  readonly #waiting = new Callers();

  /** Starts with this many free slots; at least 1. */
  constructor(slots: number) {
    this.#limit = checked(slots);
  }

  /**
   * How many slots there are. If several processes share the model, this is at most the share of this
   * process.
   */
  get limit(): number {
    return Math.min(this.#limit, this.#share?.slots() ?? Infinity);
  }

  /** How many slots there would be if this process had the model for itself. */
  get ownLimit(): number {
    return this.#limit;
  }

  /** How many slots are taken. */
  get held(): number {
    return this.#held;
  }

  /** Whether no slot is free. */
  get isFull(): boolean {
    return this.#held >= this.limit;
  }

  /** Shares the model with other processes. Call `refresh()` when the share grows. */
  share(share: SlotShare): void {
    this.#share = share;
  }

  /** Hands out the slots that were added. */
  refresh(): void {
    this.#handOut();
  }

  /** The most requests that were in flight or waited at the same time since the last call. */
  demand(): number {
    const now = this.#held + Math.max(this.#waiting.size, this.queue.size);
    const most = Math.max(this.#demand, now);
    this.#demand = now;
    return most;
  }

  /**
   * Takes a slot if one is free, and returns whether it did. This is one step, because the share can end
   * between two steps. Every slot must be released.
   */
  takeAtOnce(): boolean {
    if (this.isFull) return false;
    this.#held++;
    this.#demand = Math.max(this.#demand, this.#held);
    return true;
  }

  /**
   * Takes a slot. Returns `null` if a slot is free, otherwise a promise that resolves with the slot. Every
   * slot must be released. The signals end the wait, because a process without a share can wait for ever.
   */
  acquire(waits: WaitSignals = { signal: NEVER, stop: NEVER }): Promise<void> | null {
    this.#demand = Math.max(this.#demand, this.#held + Math.max(1 + this.#waiting.size, this.queue.size));
    if (this.takeAtOnce()) return null;
    this.#share?.isWanted();
    return this.#waiting.wait(waits);
  }

  /** Gives a slot back. The caller that has waited longest gets it. */
  release(): void {
    this.#held--;
    this.#handOut();
  }

  /** Changes the number of slots; at least 1. Excess slots stay taken until their release, and are then removed. */
  resize(slots: number): void {
    this.#limit = checked(slots);
    this.#handOut();
  }

  #handOut(): void {
    while (!this.isFull && this.#waiting.next()) this.#held++;
  }
}

/** A process's share of the slots of a model. */
export type SlotShare = Readonly<{
  /** How many slots the process may use now; 0 if it has no share. */
  slots: () => number;
  /** A request waits for a slot. */
  isWanted: () => void;
}>;

function checked(slots: number): number {
  if (!Number.isSafeInteger(slots) || slots < 1) {
    throw new RangeError(`Cannot limit to "${slots}" requests: expected a whole number of at least 1`);
  }
  return slots;
}

/**
 * Waiting requests, first come, first served. Only the first request checks whether it can start; the others
 * sleep.
 */
export class RequestQueue {
  #hasFirst = false;
  readonly #behind = new Callers();

  get isEmpty(): boolean {
    return !this.#hasFirst;
  }

  get size(): number {
    return this.#behind.size + (this.#hasFirst ? 1 : 0);
  }

  /**
   * Joins the queue. Returns `null` if the caller is first, otherwise a promise that resolves when it is.
   * Call `leave()` afterwards. If the promise rejects, the caller has already left the queue.
   */
  join(waits: WaitSignals): Promise<void> | null {
    if (this.#hasFirst) return this.#behind.wait(waits);
    this.#hasFirst = true;
    return null;
  }

  leave(): void {
    if (!this.#behind.next()) this.#hasFirst = false;
  }
}
