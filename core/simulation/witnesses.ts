/**
 * Watches the requests and the discussions of one process from outside, and reports violations of the rules.
 */
import type { ModelNotice } from "../engine/mod.ts";
import type { Clock, EventStore, Model, ModelReply, ModelRequest } from "../ports/mod.ts";
import type { Fault, FaultCounts, Reaction, Weather } from "./faults.ts";
import { NO_REPLIES } from "./simulated_model.ts";
import type { Guards } from "./guards.ts";
import type { Scheduler } from "./simulated_time.ts";
import type { DiscussionDesign } from "../events/discussion_design.ts";
import type { Scenario } from "./scenario.ts";
import { linesIn, type SimulatedDisk } from "./simulated_store.ts";

/**
 * The share of a minute's requests that can be sent in one moment: the requests of one second, but at least one
 * request.
 */
const BURST_SHARE = 1 / 60;

/**
 * A pause takes at most this many times its limit, plus the time of one probe. It can exceed its limit,
 * because a probe seems shorter if the clock is set back.
 */
const PAUSE_FACTOR_MAX = 4;
const PROBE_MS_MAX = 3_600_000;

/** The time of day is rounded to milliseconds. */
const ROUNDING_MS = 1;

export type WitnessParts = Readonly<{
  guards: Guards;
  waitingMax: number;
  scheduler: Scheduler;
  clock: Clock;
  weather: Weather;
  isEnding: () => boolean;
  onReaction: (reaction: Reaction) => void;
}>;

/** Watches every request of one process to one model. */
export class RequestWitness {
  readonly #parts: WitnessParts;
  readonly #beganMs: number;
  readonly #jumpsBefore: number;
  readonly #probes = new Set<symbol>();
  /** Requests in flight: ticket → the discussion that asks. */
  readonly #asking = new Map<symbol, string>();
  /** Whether a request failed in this process. */
  hasFailed = false;
  /** The simulated time before which the model takes no requests. */
  #closedUntilMs = -Infinity;
  #sent = 0;
  #pausedSinceMs: number | null = null;
  #breach: string | null = null;

  constructor(parts: WitnessParts) {
    this.#parts = parts;
    this.#beganMs = parts.scheduler.nowMs;
    this.#jumpsBefore = parts.weather.counts["clock-forwards"];
  }

  get asking(): Iterable<string> {
    return this.#asking.values();
  }

  /** Whether the limits certainly allow another request. With a rate limit, this is not known. */
  get isFree(): boolean {
    const { guards: { rates, slots } } = this.#parts;
    return rates === null && this.#asking.size < slots;
  }

  /** The first violation of the rules; `null` if there was none. */
  get breach(): string | null {
    const { guards: { pause }, scheduler: { nowMs } } = this.#parts;
    const pauseMsMax = PAUSE_FACTOR_MAX * (pause?.pauseMsMax ?? 0) + PROBE_MS_MAX;
    if (nowMs - (this.#pausedSinceMs ?? nowMs) > pauseMsMax) {
      this.#breach ??= `a pause takes more than ${pauseMsMax} ms`;
    }
    return this.#breach;
  }

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

  witness(model: Model): Model {
    return { generate: (request, signal) => this.#see(model, request, signal) };
  }

  #see(model: Model, request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const { guards: { slots, requestMsMax }, isEnding, onReaction, scheduler } = this.#parts;
    const ticket = Symbol();
    this.#sent++;
    const inFlight = this.#asking.set(ticket, request.origin.discussion).size;
    if (inFlight > slots) this.#breach ??= `${inFlight} requests are in flight, at most ${slots} may be`;
    if (scheduler.nowMs < this.#closedUntilMs) {
      this.#breach ??= "a request is sent before the model takes requests again";
    }
    if (isEnding()) this.#breach ??= "a request is sent although the program was told to end";
    if (this.#sent > this.#sendable()) this.#breach ??= "more requests are sent than the rate allows";
    if (this.#pausedSinceMs !== null) {
      onReaction("probe");
      if (this.#probes.add(ticket).size > 1) this.#breach ??= "several requests are sent to a paused model";
    }
    const over = () => {
      this.#asking.delete(ticket);
      this.#probes.delete(ticket);
    };
    // With a watchdog, a request is over when it is aborted. Without a watchdog, the engine waits for its
    // end.
    if (requestMsMax !== null) signal.addEventListener("abort", over, { once: true });
    const failed = () => void (this.hasFailed = true);
    signal.addEventListener("abort", failed, { once: true });
    return model.generate(request, signal).then((reply) => {
      // The engine refuses an invalid reply, so the request counts as failed.
      if (NO_REPLIES.has(reply)) failed();
      return reply;
    }, (error) => {
      failed();
      throw error;
    }).finally(over);
  }

  /**
   * How many requests the rate has allowed. Each time the clock is set forwards, the bucket is full again,
   * and has no debt.
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

/** Faults of the store. They can end a process although its discussions and models have no fault. */
const STORE_FAULTS: readonly Fault[] = [
  "failed-sync",
  "full-disk",
  "failed-cut-back",
  "failed-read",
  "vanished-log",
  "vanished-folder",
];

export type WorkParts = Readonly<{
  scenario: Scenario;
  /** The witness of each model, by its name. */
  models: ReadonlyMap<string, RequestWitness>;
  disk: SimulatedDisk;
  counts: FaultCounts;
  isEnding: () => boolean;
}>;

/** Watches which discussions make progress. */
export class WorkWitness {
  readonly #parts: WorkParts;
  readonly #faultsBefore: number;
  /** Stream → how many reads and appends of it are in progress. */
  readonly #storing = new Map<string, number>();
  #hasBegun = false;

  constructor(parts: WorkParts) {
    this.#parts = parts;
    this.#faultsBefore = this.#faults;
  }

  witness(store: EventStore): EventStore {
    const begin = (stream: string) => {
      this.#hasBegun = true;
      this.#storing.set(stream, (this.#storing.get(stream) ?? 0) + 1);
    };
    const end = (stream: string) => {
      const left = this.#storing.get(stream)! - 1;
      if (left === 0) this.#storing.delete(stream);
      else this.#storing.set(stream, left);
    };
    return {
      append: (stream, expectedSeq, lines) => {
        begin(stream);
        return store.append(stream, expectedSeq, lines).finally(() => end(stream));
      },
      async *read(stream, from) {
        begin(stream);
        try {
          yield* store.read(stream, from);
        } finally {
          end(stream);
        }
      },
      // Following is not counted as work, because a follower only waits for others.
      follow: (stream, options) => store.follow(stream, options),
      streams: () => store.streams(),
      sizes: (streams) => store.sizes(streams),
      release: (stream) => store.release(stream),
    };
  }

  /**
   * Names a discussion that waits although it could continue; `null` if there is none. Call it between two
   * steps.
   */
  get breach(): string | null {
    const { scenario: { designs, concurrency }, isEnding } = this.#parts;
    if (!this.#hasBegun || isEnding() || this.#faults > this.#faultsBefore) return null;
    const busy = this.#busy;
    if (busy.size >= concurrency) return null;
    const idle = designs.find((design) =>
      !busy.has(design.id) && this.#canBeAsked(design) && !this.#hasEnded(design)
    );
    if (idle === undefined) return null;
    return `"${idle.id}" waits, although a place is free and its models take requests`;
  }

  /** Names a discussion that the program did not finish, without a reason; `null` if there is none. */
  get breachAtEnd(): string | null {
    if (this.#faults > this.#faultsBefore) return null;
    const left = this.#parts.scenario.designs.find((design) =>
      this.#areHealthy(design) && !this.#hasEnded(design)
    );
    return left === undefined
      ? null
      : `"${left.id}" has not ended, although all requests to its models were answered`;
  }

  get #faults(): number {
    return STORE_FAULTS.reduce((sum, fault) => sum + this.#parts.counts[fault], 0);
  }

  get #busy(): ReadonlySet<string> {
    const requests = [...this.#parts.models.values()].flatMap((witness) => [...witness.asking]);
    return new Set([...this.#storing.keys(), ...requests]);
  }

  /** Whether no request to the discussion's models has failed in this process. */
  #areHealthy({ models }: DiscussionDesign): boolean {
    return Object.keys(models).every((model) => !this.#parts.models.get(model)!.hasFailed);
  }

  /** Whether no request to the discussion's models has failed, and the models take another request now. */
  #canBeAsked(design: DiscussionDesign): boolean {
    if (!this.#areHealthy(design)) return false;
    return Object.keys(design.models).every((model) => this.#parts.models.get(model)!.isFree);
  }

  #hasEnded({ id }: DiscussionDesign): boolean {
    const lines = linesIn(this.#parts.disk.find(id)?.bytes ?? new Uint8Array());
    return lines.some((line) => /"type":"Discussion(Completed|Aborted)"/.test(line));
  }
}
