/** Writes events as lines of text that form a chain of hashes, and reads and checks such lines. */
import type { Sha256 } from "../sha256.ts";
import { type DiscussionEvent, EVENT_VERSIONS } from "./discussion_event.ts";
import { DamagedLine } from "./event_type.ts";

/** One encoded event: a line of JSON without its newline. */
export type StoredLine = string;

/** The hash that the first line of a stream has in place of a previous line's hash. */
export const CHAIN_START = "0".repeat(64);

/** `,"hash":"` + 64 digits + `"}`: the end of every line, of fixed length. */
const HASH_PREFIX = ',"hash":"';
const HASH_TAIL_LENGTH = HASH_PREFIX.length + 64 + 2;
const HASH_TAIL = /^,"hash":"([0-9a-f]{64})"\}$/;

/** The end of a stream: the position of its next line, and the hash of its last line. */
export type ChainEnd = Readonly<{ seq: number; hash: string }>;

/** The end of an empty stream. */
export const EMPTY_CHAIN: ChainEnd = { seq: 0, hash: CHAIN_START };

/** Details that can differ between two identical runs: latencies, attempts, error texts. They are never compared. */
export type EventMeta = Readonly<Record<string, unknown>>;

/** An event that has no position in a stream yet. */
export type PendingEvent = Readonly<{
  event: DiscussionEvent;
  meta?: EventMeta;
  /** The person whose words the event has. The stream stores these words encrypted. */
  person?: string;
}>;

/**
 * One line of a stream.
 *
 * Two runs are equal if `type` and `data` of all their events are equal. `at` and `meta` are not compared.
 * But the hash is computed from them, too.
 */
export type Envelope = Readonly<{
  /** The stream: the discussion's id. */
  stream: string;
  /** 0-based position in the stream, without gaps. */
  seq: number;
  /** ISO 8601 time, UTC, at which the event was recorded. */
  at: string;
  type: DiscussionEvent["type"];
  /** Schema version of this event type. */
  v: number;
  data: DiscussionEvent["data"];
  meta?: EventMeta;
  /**
   * The person whose words `data` has, if the stream stores them encrypted. The stored line does not have
   * this member.
   */
  person?: string;
  /** SHA-256 (hex) over the previous line's hash and this line without its hash. */
  hash: string;
}>;

/** The event of an envelope, typed as the union of events. */
export function eventOf(envelope: Envelope): DiscussionEvent {
  return { type: envelope.type, data: envelope.data } as DiscussionEvent;
}

type AnyPending = Readonly<{ event: Readonly<{ type: string; data: object }>; meta?: EventMeta }>;

/** Event type → its current version. All event types are listed. */
type Versions = Readonly<Record<string, number>>;

export type AnyEnvelope = Omit<Envelope, "type" | "data"> & Readonly<{ type: string; data: object }>;

/**
 * Encodes an event as the next line of a stream. `atMs` is the time of the event. Returns the line and the
 * stream's new end.
 */
export function encodeEvent(
  stream: string,
  end: ChainEnd,
  { pending, atMs, sha256, versions = EVENT_VERSIONS }: {
    pending: AnyPending;
    atMs: number;
    sha256: Sha256;
    versions?: Versions;
  },
): { line: StoredLine; end: ChainEnd } {
  const { event, meta } = pending;
  const body = JSON.stringify({
    stream,
    seq: end.seq,
    at: new Date(atMs).toISOString(),
    type: event.type,
    v: versions[event.type],
    data: event.data,
    meta,
  });
  const open = body.slice(0, -1);
  const hash = sha256(end.hash + open);
  return { line: `${open}${HASH_PREFIX}${hash}"}`, end: { seq: end.seq + 1, hash } };
}

/** The hash that ends an encoded line; empty if there is none. */
export function hashOf(line: StoredLine): string {
  return HASH_TAIL.exec(line.slice(-HASH_TAIL_LENGTH))?.[1] ?? "";
}

/**
 * Reads a line back.
 *
 * @throws {DamagedLine} When the line is not an event, or was not written at this position.
 */
export function decodeLine(line: StoredLine, end: ChainEnd, sha256: Sha256): Envelope {
  return decodeChained(line, end, { sha256, versions: EVENT_VERSIONS }) as Envelope;
}

/** Reads a line back from a stream with any event types. */
export function decodeChained(
  line: StoredLine,
  end: ChainEnd,
  { sha256, versions }: Readonly<{ sha256: Sha256; versions: Versions }>,
): AnyEnvelope {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new DamagedLine("not-json", "the line is not JSON");
  }
  if (!isEnvelope(parsed)) {
    throw new DamagedLine("not-an-event", "the line is not an event of this program");
  }
  const hash = sha256(end.hash + line.slice(0, -HASH_TAIL_LENGTH));
  if (!line.endsWith(`${HASH_PREFIX}${hash}"}`)) {
    throw new DamagedLine(
      "wrong-hash",
      "the hash does not match: this line or one before it was changed, removed or added",
    );
  }
  if (parsed.seq !== end.seq) {
    throw new DamagedLine("wrong-place", `the line says that it is event ${parsed.seq}, expected ${end.seq}`);
  }
  return upcast(parsed, versions);
}

function isEnvelope(value: unknown): value is AnyEnvelope {
  if (typeof value !== "object" || value === null) return false;
  const { stream, seq, at, type, v, data, hash } = value as Record<string, unknown>;
  return typeof stream === "string" && Number.isSafeInteger(seq) && typeof at === "string" &&
    typeof type === "string" && Number.isSafeInteger(v) && typeof data === "object" && data !== null &&
    typeof hash === "string";
}

/**
 * Converts an event of an older version, in one step for each version. The stored line stays as it is. There
 * are no older versions yet.
 */
function upcast(envelope: AnyEnvelope, versions: Versions): AnyEnvelope {
  const current = Object.hasOwn(versions, envelope.type) ? versions[envelope.type] : undefined;
  if (current === undefined || envelope.v > current) {
    throw new DamagedLine(
      "newer-version",
      `the event "${envelope.type}" of version ${envelope.v} is unknown: a newer version of this program wrote it`,
    );
  }
  return envelope;
}
