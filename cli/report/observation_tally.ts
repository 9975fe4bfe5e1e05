/** Observes the discussions of a run while their logs are read. */
import { AHEAD_MAX } from "../../adapters/workers/text_pool.ts";
import type { Observation } from "../../analysis/outcomes/observation.ts";
import { observe } from "../../analysis/outcomes/observe.ts";
import { type MeasureTexts, measureTexts } from "../../analysis/texts/text_measures.ts";
import type { DiscussionSlots, LogCollector, ReadLog } from "../../analysis/projections/mod.ts";

/**
 * At most about this many characters are measured at once. Measuring needs a few times as many bytes of
 * memory.
 */
const CHARS_AHEAD_MAX = 16_000_000;

/** Measures texts in this thread. */
export const measureHere: MeasureTexts = (comments) => Promise.try(() => measureTexts(comments));

/** The part of a discussion that counts; `null` if nothing of it counts. */
export type DiscussionPart = (discussion: DiscussionSlots) => DiscussionSlots | null;

/** Observes the discussions of a run, except those whose logs are damaged or contradict themselves. */
export class ObservationTally implements LogCollector {
  readonly #run: string;
  readonly #measure: MeasureTexts;
  readonly #take: (observation: Observation) => void;
  readonly #part: DiscussionPart;
  /** Observations that were not taken yet, in the order of the logs. */
  readonly #observed: Promise<Observation>[] = [];
  /** Characters of the texts that are being measured. */
  #charsAhead = 0;

  /**
   * @param take Gets each observation, in the order in which the logs were read.
   * @param part By default, the whole discussion.
   */
  constructor(
    run: string,
    measure: MeasureTexts,
    take: (observation: Observation) => void,
    part: DiscussionPart = (discussion) => discussion,
  ) {
    this.#run = run;
    this.#part = part;
    this.#take = take;
    this.#measure = async (comments) => {
      const chars = comments.reduce((sum, { text }) => sum + text.length, 0);
      this.#charsAhead += chars;
      try {
        return await measure(comments);
      } finally {
        this.#charsAhead -= chars;
      }
    };
  }

  /** Waits while many texts are being measured, so that not all logs are in memory at once. */
  async ended({ damage, slots }: ReadLog): Promise<void> {
    const part = slots !== null && damage === null && slots.problem === null ? this.#part(slots) : null;
    if (part !== null) {
      const observation = observe(this.#run, part, this.#measure);
      // `#takeNext()` handles a failure. Until then, the failure would count as unhandled.
      observation.catch(() => {});
      this.#observed.push(observation);
    }
    while (this.#charsAhead > CHARS_AHEAD_MAX || this.#observed.length >= AHEAD_MAX) await this.#takeNext();
  }

  /**
   * Resolves when all observations were taken.
   *
   * @throws {Error} When texts cannot be measured.
   */
  async allTaken(): Promise<void> {
    while (this.#observed.length > 0) await this.#takeNext();
  }

  async #takeNext(): Promise<void> {
    const [next] = this.#observed;
    if (next === undefined) return;
    this.#take(await next);
    this.#observed.shift();
  }
}
