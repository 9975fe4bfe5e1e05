/** What a worker learns about the capacity of a model. The board adapts the slots of all workers to it. */
import type { CapacityLearner } from "../engine/mod.ts";
import type { Learned } from "../ports/mod.ts";

/** Collects what one worker learns about the capacity of a model. */
export class SharedCapacity implements CapacityLearner {
  #fall = 0;
  #answers = 0;
  #latencyMs = 0;
  #isOverloaded = false;

  /**
   * See `CapacityLearner`. An attempt's number says how often the slots had fallen when the attempt began.
   */
  began(): number {
    return this.#fall;
  }

  /** See `CapacityLearner`. */
  answered(latencyMs: number): void {
    this.#answers++;
    this.#latencyMs += latencyMs;
  }

  /** See `CapacityLearner`. If the attempt began before the last fall, it has no effect. */
  overloaded(attempt: number): void {
    this.#isOverloaded ||= attempt === this.#fall;
  }

  /** Returns what was learned since the last call. */
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

  /** Notes how often the slots have fallen, as the board says. */
  took(falls: number): void {
    this.#fall = falls;
  }
}
