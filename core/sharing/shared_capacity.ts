/** What a worker learns about the capacity of a model. The board adapts the slots of all workers to it. */
import type { CapacityLearner } from "../engine/mod.ts";
import type { Learned } from "../ports/mod.ts";

/** This worker's part in learning the capacity of a model. */
export class SharedCapacity implements CapacityLearner {
  #fall = 0;
  #answers = 0;
  #latencyMs = 0;
  #isOverloaded = false;

  /** See `CapacityLearner`. The number of an attempt is how often the slots had fallen when it began. */
  began(): number {
    return this.#fall;
  }

  /** See `CapacityLearner`. */
  answered(latencyMs: number): void {
    this.#answers++;
    this.#latencyMs += latencyMs;
  }

  /** See `CapacityLearner`. Attempts that began before the last fall are no news. */
  overloaded(attempt: number): void {
    this.#isOverloaded ||= attempt === this.#fall;
  }

  /** What to report. The next report begins anew. */
  report(): Learned {
    const learned = {
      answers: this.#answers,
      latencyMs: this.#latencyMs,
      isOverloaded: this.#isOverloaded,
      fall: this.#fall,
    };
    this.#answers = this.#latencyMs = 0;
    this.#isOverloaded = false;
    return learned;
  }

  /** Takes over how often the slots have fallen. */
  took(falls: number): void {
    this.#fall = falls;
  }
}
