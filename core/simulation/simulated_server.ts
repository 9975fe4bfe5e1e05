/**
 * The server behind the model of a simulation: whether it is there at all.
 *
 * Legal faults: it is down for up to an hour, or until all faults end; then every request to it fails in the same way.
 */
import type { ModelErrorKind } from "../ports/mod.ts";
import type { Weather } from "./faults.ts";
import type { Scheduler } from "./scheduler.ts";

/** Down for a moment, for minutes, for longer than most wait. */
const DOWN_MS_MAX = [10_000, 300_000, 3_600_000];

const WAYS: readonly ModelErrorKind[] = ["unreachable", "time-out", "server-error"];

/** A server that goes on, or does not, whatever becomes of the processes that ask it. */
export class SimulatedServer {
  readonly #scheduler: Scheduler;
  readonly #weather: Weather;
  #downUntilMs = 0;
  #way: ModelErrorKind = "unreachable";

  /** Makes a server that is there. */
  constructor({ scheduler, weather }: Readonly<{ scheduler: Scheduler; weather: Weather }>) {
    this.#scheduler = scheduler;
    this.#weather = weather;
  }

  /** How a request fails that is sent now; `null` while the server is there. */
  outage(): ModelErrorKind | null {
    const { nowMs } = this.#scheduler;
    if (nowMs >= this.#downUntilMs) {
      if (this.#weather.strikes("server-gone")) this.#downUntilMs = Infinity;
      else if (this.#weather.strikes("server-down")) {
        this.#downUntilMs = nowMs + this.#weather.between(1, this.#weather.draw.pick(DOWN_MS_MAX));
      } else return null;
      this.#way = this.#weather.draw.pick(WAYS);
    }
    return this.#way;
  }

  /** It is there again. */
  comeBack(): void {
    this.#downUntilMs = 0;
  }
}
