/** Compares the last event of each discussion's log with the run's log, which records how each log ends. */
import type { Appendable } from "../projections/appendable.ts";
import type { Envelope, LogEnd } from "../../core/events/mod.ts";

/** The counts of a {@linkcode LogEndTally}. */
export type CountedEnds = Readonly<{ ended: readonly string[]; lost: readonly string[] }>;

/** Finds logs that lack events that the run's log records. */
export class LogEndTally implements Appendable<CountedEnds> {
  readonly #ends: ReadonlyMap<string, LogEnd>;
  readonly #unseen: Set<string>;
  readonly #lost: string[] = [];
  #hasEnd = false;
  /** The current log and its recorded end. Looking it up once is faster than at each event. */
  #stream: string | null = null;
  #end: LogEnd | undefined;

  /** @param ends Discussion → the recorded end of its log: the number of events, and the hash of the last event. */
  constructor(ends: ReadonlyMap<string, LogEnd>) {
    this.#ends = ends;
    this.#unseen = new Set(ends.keys());
  }

  /** Takes in the next event of a log. */
  add({ stream, seq, hash }: Envelope): void {
    if (stream !== this.#stream) [this.#stream, this.#end] = [stream, this.#ends.get(stream)];
    if (this.#end?.[0] === seq + 1) this.#hasEnd = this.#end[1] === hash;
  }

  /** The log has no more events. A damaged log is not reported here, because the caller reports it. */
  ended(discussion: string, isDamaged: boolean): void {
    if (this.#unseen.delete(discussion) && !this.#hasEnd && !isDamaged) this.#lost.push(discussion);
    this.#hasEnd = false;
  }

  counted(): CountedEnds {
    const ended = [...this.#ends.keys()].filter((discussion) => !this.#unseen.has(discussion));
    return { ended, lost: this.#lost };
  }

  append({ ended, lost }: CountedEnds): void {
    for (const discussion of ended) this.#unseen.delete(discussion);
    this.#lost.push(...lost);
  }

  /** The discussions whose logs are missing, or lack recorded events. */
  found(): readonly string[] {
    const missing = [...this.#unseen].filter((discussion) => this.#ends.get(discussion)![0] > 0);
    return [...this.#lost, ...missing];
  }
}
