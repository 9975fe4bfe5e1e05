/**
 * The server behind a model of a simulation: whether it is there, and whether it takes requests.
 *
 * Legal faults: it is down for up to an hour, or until all faults end; then every request to it fails in the same way.
 * From some moment on it refuses every request, or takes only a few of each minute of its own clock.
 */
import { type ModelErrorKind } from "../events/mod.ts";
import { ModelError } from "../ports/mod.ts";
import type { Weather } from "./faults.ts";
import type { Scheduler } from "./scheduler.ts";

/** Down for a moment, for minutes, for longer than most wait. */
const DOWN_MS_MAX = [10_000, 300_000, 3_600_000];

const MINUTE_MS = 60_000;
const PER_MINUTE_MIN = 3;
const PER_MINUTE_MAX = 40;

const REFUSALS = ["unauthorised", "bad-request", "unknown-model", "broken-model"] as const;

const WAYS: readonly ModelErrorKind[] = ["unreachable", "time-out", "server-error"];

/** A server that goes on, or does not, whatever becomes of the processes that ask it. */
export class SimulatedServer {
  readonly #scheduler: Scheduler;
  readonly #weather: Weather;
  #downUntilMs = 0;
  #way: ModelErrorKind = "unreachable";
  #refusal: ModelErrorKind | null = null;
  #limit: { perMinute: number; isStated: boolean; minute: number; taken: number } | null = null;

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

  /** How a request is refused that is sent now, though the server is there; `null` when it is taken. */
  refusal(): ModelError | null {
    const { draw } = this.#weather;
    if (this.#weather.strikes("refused-model")) this.#refusal = draw.pick(REFUSALS);
    if (this.#refusal !== null) return new ModelError(this.#refusal, "simulated: refused-model");
    for (const fault of ["rate-window", "silent-rate-window"] as const) {
      if (!this.#weather.strikes(fault)) continue;
      const perMinute = this.#weather.between(PER_MINUTE_MIN, PER_MINUTE_MAX);
      this.#limit = { perMinute, isStated: fault === "rate-window", minute: -1, taken: 0 };
    }
    return this.#limit === null ? null : this.#overLimit(this.#limit);
  }

  #overLimit(
    limit: { perMinute: number; isStated: boolean; minute: number; taken: number },
  ): ModelError | null {
    const { nowMs } = this.#scheduler;
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== limit.minute) Object.assign(limit, { minute, taken: 0 });
    if (++limit.taken <= limit.perMinute) return null;
    const stated = limit.isStated ? { retryAfterMs: (minute + 1) * MINUTE_MS - nowMs } : {};
    return new ModelError("rate-limited", "simulated: too many requests a minute", {
      status: 429,
      ...stated,
    });
  }

  /** It is there again, and takes every request. */
  comeBack(): void {
    this.#refusal = null;
    this.#limit = null;
    this.#downUntilMs = 0;
  }
}
