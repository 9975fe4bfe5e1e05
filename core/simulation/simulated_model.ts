/**
 * The simulated models: an adapter, and a server behind it.
 *
 * Legal faults of the adapter:
 * - It fails with any kind of error that the port names. The error can state a wait. Or it fails with an
 *   error that is not a `ModelError`.
 * - It returns a value that is not a reply.
 * - It answers late, after an abort, or never. But its answers to equal questions are always equal.
 *
 * Legal faults of the server: it is down for up to an hour, or until all faults end. From some moment on, it refuses every
 * request, or takes only a few requests in each minute.
 */
import { type Model, ModelError, type ModelReply, type ModelRequest } from "../ports/mod.ts";
import type { ModelErrorKind } from "../events/models.ts";
import { type AnswerKind, answerTo } from "./scenario.ts";
import type { Fault, Weather } from "./faults.ts";
import type { Scheduler } from "./simulated_time.ts";

const ANSWER_MS_MAX = 2_000;
const TIME_OUT_MS = 60_000;
const LATE_MS_MAX = 120_000;
const RETRY_AFTER_MS_MAX = 90_000;
const LONG_RETRY_AFTER_MS = 24 * 3600 * 1000;

/** Faults that end a request with a `ModelError`. */
const FAILURES: readonly (readonly [Fault, ModelErrorKind])[] = [
  ["time-out", "time-out"],
  ["refused-connection", "unreachable"],
  ["too-many-requests", "rate-limited"],
  ["retry-after", "rate-limited"],
  ["long-retry-after", "rate-limited"],
  ["server-error", "server-error"],
  ["error-in-reply", "server-error"],
  ["malformed-body", "malformed-reply"],
  ["refused-key", "unauthorised"],
  ["refused-request", "bad-request"],
];

/** Values that the adapter of a researcher can return by mistake. */
export const NO_REPLIES: ReadonlySet<unknown> = new Set([
  undefined,
  "text",
  { text: 5, finishReason: "stop" },
  { text: "text" },
  { text: "text", finishReason: "done" },
  { text: "text", finishReason: "stop", usage: { promptTokens: -1, completionTokens: 0 } },
  { text: "text", finishReason: "stop", servedBy: 7 },
  { text: "text", finishReason: "stop", commentsLeftOut: 1000 },
  { text: "text", finishReason: "stop", commentsLeftOut: "1" },
  { text: "1", finishReason: "stop", choice: { answer: "1" } },
  { text: "1", finishReason: "stop", choice: { answer: "1", probabilities: { 1: "much" } } },
]);

export type ModelParts = Readonly<{
  scheduler: Scheduler;
  weather: Weather;
  server: SimulatedServer;
  /** Whether the world has a watchdog. */
  isWatched: boolean;
  /** Called when the watchdog aborts a request that would never have ended. */
  onTimeOut: () => void;
  onAnswer: (kind: AnswerKind) => void;
}>;

export class SimulatedModel implements Model {
  readonly #parts: ModelParts;

  constructor(parts: ModelParts) {
    this.#parts = parts;
  }

  generate(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const { scheduler, weather, isWatched, onAnswer, onTimeOut } = this.#parts;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const answer = () => {
        const { kind, reply } = answerTo(request);
        onAnswer(kind);
        resolve(reply);
      };
      // Decides whether the answer still arrives after the abort.
      const isLate = () => {
        const late = weather.strikes("late-answer");
        if (late) scheduler.after(weather.between(1, LATE_MS_MAX), answer, false);
        return late;
      };
      if (isWatched && weather.strikes("deaf-adapter")) {
        signal.addEventListener("abort", () => {
          if (signal.reason instanceof ModelError) onTimeOut();
          isLate();
        });
        return;
      }
      const outcome = this.#outcome();
      const cancel = scheduler.after(outcome.ms, () => {
        signal.removeEventListener("abort", onAbort);
        if ("noReply" in outcome) return resolve(outcome.noReply as ModelReply);
        if (!("error" in outcome)) return answer();
        reject(outcome.error);
        isLate();
      });
      const onAbort = () => {
        cancel();
        // If the adapter ignores its signal, it answers when it is done.
        if (!isLate()) reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  #outcome(): Readonly<{ ms: number; error?: unknown; noReply?: unknown }> {
    const { weather, server } = this.#parts;
    const ms = weather.between(1, ANSWER_MS_MAX);
    const outage = server.outage();
    if (outage !== null) return failure(outage, "the server is down", ms);
    const refusal = server.refusal();
    if (refusal !== null) return { ms, error: refusal };
    if (weather.strikes("broken-adapter")) return { ms, error: new TypeError("undefined is not a function") };
    if (weather.strikes("not-a-reply")) return { ms, noReply: weather.draw.pick([...NO_REPLIES]) };
    for (const [fault, kind] of FAILURES) {
      if (!weather.strikes(fault)) continue;
      const message = `simulated: ${fault}`;
      if (fault === "retry-after" || fault === "long-retry-after") {
        const retryAfterMs = fault === "retry-after"
          ? weather.between(0, RETRY_AFTER_MS_MAX)
          : LONG_RETRY_AFTER_MS;
        return { ms, error: new ModelError(kind, message, { status: 429, retryAfterMs }) };
      }
      return failure(kind, message, ms);
    }
    return { ms };
  }
}

function failure(
  kind: ModelErrorKind,
  message: string,
  ms: number,
): Readonly<{ ms: number; error: unknown }> {
  return { ms: kind === "time-out" ? TIME_OUT_MS : ms, error: new ModelError(kind, message) };
}

/** The longest times of an outage, in milliseconds. One of them is drawn for each outage. */
const DOWN_MS_MAX = [10_000, 300_000, 3_600_000];

const MINUTE_MS = 60_000;
const PER_MINUTE_MIN = 3;
const PER_MINUTE_MAX = 40;

const REFUSALS = ["unauthorised", "bad-request", "unknown-model", "broken-model"] as const;

const WAYS: readonly ModelErrorKind[] = ["unreachable", "time-out", "server-error"];

/**
 * A server. It continues to exist when a process that sends requests ends. It can be down, or refuse
 * requests.
 */
export class SimulatedServer {
  readonly #scheduler: Scheduler;
  readonly #weather: Weather;
  #downUntilMs = 0;
  #way: ModelErrorKind = "unreachable";
  #refusal: ModelErrorKind | null = null;
  #limit: { perMinute: number; isStated: boolean; minute: number; taken: number } | null = null;

  constructor({ scheduler, weather }: Readonly<{ scheduler: Scheduler; weather: Weather }>) {
    this.#scheduler = scheduler;
    this.#weather = weather;
  }

  /** The failure of a request that is sent now; `null` if the server is not down. */
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

  /** The server's refusal of a request that is sent now; `null` if it takes the request. */
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

  /** Ends every outage and every refusal. */
  comeBack(): void {
    this.#refusal = null;
    this.#limit = null;
    this.#downUntilMs = 0;
  }
}
