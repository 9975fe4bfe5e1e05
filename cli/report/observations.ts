/** Observation of a run's discussions while its logs are read. */
import { AHEAD_MAX } from "../../adapters/workers/mod.ts";
import type { LogCollector, LogEnd } from "../../analysis/projections/mod.ts";
import { type Observation, Observer } from "../../analysis/outcomes/mod.ts";
import type { MeasureTexts } from "../../analysis/mod.ts";
import { type Envelope, eventOf } from "../../core/events/mod.ts";

/** Texts of so many characters are measured at once; memory is a few times that. */
const CHARS_AHEAD_MAX = 16_000_000;

/** Observes the discussions of a run; one whose log is damaged, or in an order that cannot be, is left out. */
export class ObservationTally implements LogCollector {
  readonly #run: string;
  readonly #measure: MeasureTexts;
  readonly #observed: Promise<Observation | null>[] = [];
  /** Characters of the texts that are being measured. */
  #charsAhead = 0;
  /** How many of those observed were waited for. */
  #awaited = 0;
  #observer: Observer | null = null;
  #isBroken = false;

  /**
   * @param run The run's name.
   * @param measure Measures texts, of several discussions at once.
   */
  constructor(run: string, measure: MeasureTexts) {
    this.#run = run;
    this.#measure = async (comments) => {
      const chars = comments.reduce((sum, { length }) => sum + length, 0);
      this.#charsAhead += chars;
      try {
        return await measure(comments);
      } finally {
        this.#charsAhead -= chars;
      }
    };
  }

  add(envelope: Envelope): void {
    this.#observer ??= new Observer(this.#run);
    if (this.#isBroken) return;
    try {
      this.#observer.add(eventOf(envelope));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#isBroken = true;
    }
  }

  /** Waits where many are being measured: texts are not read faster than that. */
  async ended({ damage }: LogEnd): Promise<void> {
    if (this.#observer !== null && damage === null && !this.#isBroken) {
      const observation = this.#observer.finish(this.#measure);
      // Whoever takes the observations is told of a failure.
      observation.catch(() => {});
      this.#observed.push(observation);
    }
    [this.#observer, this.#isBroken] = [null, false];
    const isMuch = () =>
      this.#charsAhead > CHARS_AHEAD_MAX || this.#observed.length - this.#awaited >= AHEAD_MAX;
    while (this.#awaited < this.#observed.length && isMuch()) await this.#observed[this.#awaited++];
  }

  /** What was observed, in the order in which the logs were read. */
  async observations(): Promise<readonly Observation[]> {
    return (await Promise.all(this.#observed)).filter((observation) => observation !== null);
  }
}
