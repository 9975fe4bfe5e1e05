/** Checks a whole stream: chain, shapes and order. */
import { DamagedLine, type DamageKind } from "./event_type.ts";
import { type ChainEnd, decodeLine, EMPTY_CHAIN, type StoredLine } from "./codec.ts";
import { changedLog, cutLog, type LogEnd } from "./log_end.ts";
import type { Sha256 } from "../sha256.ts";
import { runLogNamed } from "./begin_and_end.ts";
import { type Envelope, eventOf } from "./mod.ts";
import { ORDER_START, orderAfter, shapeProblem } from "./discussion_event.ts";

/** The first damage in a stream. */
export type Damage = Readonly<{
  /** The line, from 1. */
  lineNumber: number;
  kind: DamageKind;
  /** A text for people, without the line's number. */
  message: string;
}>;

/** The content of a stream, up to the first damage. */
export type StreamReport = Readonly<{
  stream: string;
  /** Events before the first damage. */
  events: number;
  /**
   * The hash of the last event before the damage. If you keep it, it shows later whether events were cut off.
   */
  lastHash: string;
  /** Event type → how many events of this type occur. */
  types: Readonly<Record<string, number>>;
  /** Person → how many events have encrypted words of this person; missing if there are none. */
  sealed?: Readonly<Record<string, number>>;
  /** The hash of a run log's event, which the discussion's first event names in `meta`; `null` if it names none. */
  runLog: string | null;
  /** Whether the discussion was completed or aborted. */
  ended: boolean;
  damage: Damage | null;
}>;

/** Checks a stream line by line. */
export class StreamVerifier {
  readonly #stream: string;
  readonly #sha256: Sha256;
  #end: ChainEnd = EMPTY_CHAIN;
  #order = ORDER_START;
  readonly #types: Record<string, number> = {};
  readonly #sealed = new Map<string, number>();
  #runLog: string | null = null;
  readonly #recorded: readonly LogEnd[];
  /** The last of the recorded ends that was found in the stream. */
  #kept: ChainEnd = EMPTY_CHAIN;

  /** @param recorded The ends that the run's log records for the stream, oldest first. */
  constructor(stream: string, sha256: Sha256, recorded: readonly LogEnd[] = []) {
    this.#stream = stream;
    this.#sha256 = sha256;
    this.#recorded = recorded;
  }

  /** How many events the stream had at the last recorded end that was found so far. */
  get keptEvents(): number {
    return this.#kept.seq;
  }

  /**
   * Checks the next line.
   *
   * @throws {DamagedLine} When the line cannot come next.
   */
  add(line: StoredLine): Envelope {
    const envelope = decodeLine(line, this.#end, this.#sha256);
    if (envelope.stream !== this.#stream) {
      throw new DamagedLine("wrong-place", `the line belongs to the stream "${envelope.stream}"`);
    }
    const { seq, hash } = envelope;
    const recorded = this.#recorded.find(([events]) => events === seq + 1);
    if (recorded !== undefined && recorded[1] !== hash) throw changedLog(recorded);
    const event = eventOf(envelope);
    const problem = shapeProblem(event);
    if (problem !== null) {
      throw new DamagedLine("wrong-shape", `the event is not a ${event.type}: ${problem}`);
    }
    this.#order = orderAfter(this.#order, event);
    if (event.type === "DiscussionOpened") this.#runLog = runLogNamed(envelope);
    this.#end = { seq: seq + 1, hash };
    if (recorded !== undefined) this.#kept = this.#end;
    if ("sealed" in event.data && event.data.sealed !== undefined) {
      const { person } = event.data.sealed;
      this.#sealed.set(person, (this.#sealed.get(person) ?? 0) + 1);
    }
    this.#types[event.type] = (this.#types[event.type] ?? 0) + 1;
    return envelope;
  }

  /**
   * The report on all lines so far. If the hash at a recorded end is wrong, an unknown line before it was
   * changed. This line comes after the previous recorded end. So only the lines up to the previous recorded
   * end are known to be good.
   *
   * @param damage The damage of the next line, if any.
   */
  report(damage: DamagedLine | null): StreamReport {
    const { seq, hash } = damage?.kind === "lost-events" ? this.#kept : this.#end;
    const longest = this.#recorded.at(-1);
    const found = damage ?? (longest !== undefined && seq < longest[0] ? cutLog(longest, seq) : null);
    return {
      stream: this.#stream,
      events: seq,
      lastHash: hash,
      types: { ...this.#types },
      ...(this.#sealed.size === 0 ? {} : { sealed: Object.fromEntries(this.#sealed) }),
      runLog: this.#runLog,
      ended: this.#order.phase === "ended",
      damage: found && { lineNumber: seq + 1, kind: found.kind, message: found.message },
    };
  }
}

/**
 * Checks a stream to its end or to the first damage. The damage is in the report, and is not thrown as an
 * error.
 */
export async function verifyStream(
  stream: string,
  lines: AsyncIterable<StoredLine>,
  sha256: Sha256,
): Promise<StreamReport> {
  const verifier = new StreamVerifier(stream, sha256);
  try {
    for await (const line of lines) verifier.add(line);
  } catch (error) {
    if (error instanceof DamagedLine) return verifier.report(error);
    throw error;
  }
  return verifier.report(null);
}
