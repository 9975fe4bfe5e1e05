/** What must be true of the requests of a process, whatever happens: kept beside the engine. */
import type { ModelNotice } from "../engine/mod.ts";
import type { Clock, Model, ModelReply, ModelRequest } from "../ports/mod.ts";
import type { Weather } from "./faults.ts";
import { NO_REPLIES } from "./simulated_model.ts";
import type { Guards } from "./guards.ts";
import type { Reaction } from "./reactions.ts";
import type { Scheduler } from "./scheduler.ts";

/** What may be sent at once after a rest: a second's worth, but at least one request. */
const BURST_SHARE = 1 / 60;

/** Pauses take so many times as long as their policy says, and this, at most: a clock that is set back hides probes. */
const PAUSE_FACTOR_MAX = 4;
const PROBE_MS_MAX = 3_600_000;

/** Times of day are told in whole milliseconds. */
const ROUNDING_MS = 1;

/** What the witness has to do with. */
export type WitnessParts = Readonly<{
  guards: Guards;
  /** Requests that wait at a time, at most. */
  waitingMax: number;
  scheduler: Scheduler;
  clock: Clock;
  weather: Weather;
  /** Whether the program was told to end. */
  isEnding: () => boolean;
  /** Told of what the engine does about faults. */
  onReaction: (reaction: Reaction) => void;
}>;

/** Sees every request of one process. */
export class RequestWitness {
  readonly #parts: WitnessParts;
  readonly #beganMs: number;
  readonly #jumpsBefore: number;
  readonly #probes = new Set<symbol>();
  /** Requests in flight: ticket → the discussion that asks. */
  readonly #asking = new Map<symbol, string>();
  #hasFailed = false;
  /** When a model that takes no more requests may be sent the next one, by the time of the schedule. */
  #closedUntilMs = -Infinity;
  #sent = 0;
  #pausedSinceMs: number | null = null;
  #breach: string | null = null;

  /** Begins with the process. */
  constructor(parts: WitnessParts) {
    this.#parts = parts;
    this.#beganMs = parts.scheduler.nowMs;
    this.#jumpsBefore = parts.weather.counts["clock-forwards"];
  }

  /** The discussions that have a request in flight. */
  get asking(): Iterable<string> {
    return this.#asking.values();
  }

  /** Whether a request failed in this process. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Whether a further request need not wait, as far as limits go. */
  get isFree(): boolean {
    const { guards: { rates, slots } } = this.#parts;
    return rates === null && this.#asking.size < slots;
  }

  /** What must never happen, and has happened; `null` while all is well. */
  get breach(): string | null {
    const { guards: { pause }, scheduler: { nowMs } } = this.#parts;
    const pauseMsMax = PAUSE_FACTOR_MAX * (pause?.pauseMsMax ?? 0) + PROBE_MS_MAX;
    if (nowMs - (this.#pausedSinceMs ?? nowMs) > pauseMsMax) {
      this.#breach ??= `a pause takes more than ${pauseMsMax} ms`;
    }
    return this.#breach;
  }

  /** The model went down, or came back. */
  told(notice: ModelNotice): void {
    const { onReaction, scheduler: { nowMs }, clock } = this.#parts;
    onReaction(notice.kind);
    this.#closedUntilMs = -Infinity;
    this.#probes.clear();
    if (notice.kind === "resumed") this.#pausedSinceMs = null;
    else {
      this.#pausedSinceMs ??= nowMs;
      if (notice.cause === "down") return;
      onReaction("rate-limited");
      this.#closedUntilMs = nowMs + notice.untilMs - clock.now() - ROUNDING_MS;
    }
  }

  /** The same model, but for its requests being seen. */
  witness(model: Model): Model {
    return { generate: (request, signal) => this.#see(model, request, signal) };
  }

  #see(model: Model, request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const { guards: { slots, requestMsMax }, isEnding, onReaction, scheduler } = this.#parts;
    const ticket = Symbol();
    this.#sent++;
    const inFlight = this.#asking.set(ticket, request.origin.discussion).size;
    if (inFlight > slots) this.#breach ??= `${inFlight} requests are in flight, of ${slots}`;
    if (scheduler.nowMs < this.#closedUntilMs) this.#breach ??= "a model that takes no requests is sent one";
    if (isEnding()) this.#breach ??= "a request is sent although the program was told to end";
    if (this.#sent > this.#sendable()) this.#breach ??= "more requests are sent than the rate allows";
    if (this.#pausedSinceMs !== null) {
      onReaction("probe");
      if (this.#probes.add(ticket).size > 1) this.#breach ??= "a model that is down is sent several requests";
    }
    const over = () => {
      this.#asking.delete(ticket);
      this.#probes.delete(ticket);
    };
    // Who is watched over is left to itself when it does not heed its signal; who is not is waited for.
    if (requestMsMax !== null) signal.addEventListener("abort", over, { once: true });
    const failed = () => void (this.#hasFailed = true);
    signal.addEventListener("abort", failed, { once: true });
    return model.generate(request, signal).then((reply) => {
      // What is no reply, or leaves more out than there is, fails when the engine looks at it.
      if (NO_REPLIES.has(reply)) failed();
      return reply;
    }, (error) => {
      failed();
      throw error;
    }).finally(over);
  }

  /**
   * How many requests the rate allows from the process's beginning. A clock that is set forwards is a rest, and also
   * makes forget those who wait for their place already.
   */
  #sendable(): number {
    const { guards: { rates }, waitingMax, scheduler, weather } = this.#parts;
    const { requestsPerMinute = Infinity } = rates ?? {};
    const jumps = weather.counts["clock-forwards"] - this.#jumpsBefore;
    const minutes = (scheduler.nowMs - this.#beganMs) / 60_000;
    const burst = Math.max(1, requestsPerMinute * BURST_SHARE);
    return burst + (burst + waitingMax) * jumps + requestsPerMinute * minutes + 1e-6;
  }
}
