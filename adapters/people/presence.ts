/** Who is at their page. A page sends a sign of life every few seconds. Nothing is stored, and no person is removed. */
import type { Clock } from "../../core/ports/clock.ts";

/** After this time without a sign of life, a person counts as away, in milliseconds. */
export const AWAY_MS = 60_000;

const GOODBYE_STEP_MS = 100;

/** Whether a person is there: `never` if the page was not opened since the start. */
export type Attendance = "here" | "away" | "never";

/** The last signs of life of people. */
export class Presence {
  readonly #clock: Clock;
  readonly #lastMs = new Map<string, number>();

  #waitedFor: Set<string> | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A person's page gave a sign of life. */
  seen(person: string): void {
    this.#lastMs.set(person, this.#clock.now());
  }

  /** A person's page got the news. */
  told(person: string): void {
    this.seen(person);
    this.#waitedFor?.delete(person);
  }

  /** Waits until every person who is there has got the news once more, but at most `msMax` milliseconds. */
  async goodbye(msMax: number): Promise<void> {
    const waitedFor = new Set([...this.#lastMs.keys()].filter((person) => this.of(person) === "here"));
    this.#waitedFor = waitedFor;
    const endMs = this.#clock.now() + msMax;
    while (waitedFor.size > 0 && this.#clock.now() < endMs) await this.#clock.sleep(GOODBYE_STEP_MS);
    // The last responses still need time to arrive.
    await this.#clock.sleep(GOODBYE_STEP_MS);
  }

  /** Whether a person is there. */
  of(person: string): Attendance {
    const lastMs = this.#lastMs.get(person);
    if (lastMs === undefined) return "never";
    return this.#clock.now() - lastMs < AWAY_MS ? "here" : "away";
  }
}
