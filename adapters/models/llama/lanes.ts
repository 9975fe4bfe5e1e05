/** Divides requests among lanes, each with a context of its own. */
import type { Row } from "../shared/row.ts";
import { type InWork, Lane, type LaneSetup } from "./lane.ts";

export class Lanes {
  readonly #lanes: readonly Lane[];
  readonly #waiting: InWork[] = [];

  constructor(setups: readonly Omit<LaneSetup, "next">[]) {
    this.#lanes = setups.map((setup) => new Lane({ ...setup, next: (lane) => this.#next(lane) }));
  }

  /** Answers a row. The promise resolves when the row is over. */
  answer(row: Row): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ row, resolve, reject });
    void this.#idlest().work();
    return promise;
  }

  #idlest(): Lane {
    return this.#lanes.reduce((least, lane) => lane.busySeats < least.busySeats ? lane : least);
  }

  #next(lane: Lane): InWork | null {
    if (lane.busySeats > this.#idlest().busySeats) return null;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (!next.row.isOver) return next;
      next.resolve();
    }
    return null;
  }
}
