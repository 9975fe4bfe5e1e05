/**
 * Seals the words of people: encrypts the members of an event that hold words, and opens them again.
 *
 * The cipher is AES-256-GCM-SIV (RFC 8452). The nonce is computed from the position of the event, so that
 * core needs no randomness. If a nonce is used twice, this cipher reveals only whether the two texts are
 * equal.
 */
import { gcmsiv } from "npm:@noble/ciphers@2.4.0/aes.js";
import { sha256 } from "npm:@noble/hashes@2.4.0/sha2.js";
import { type DiscussionEvent, type Envelope, type Sealed } from "../events/mod.ts";

const NONCE_BYTES = 12;

/**
 * The length of an encrypted text is rounded up to a multiple of this number of bytes. So it says little
 * about the words.
 */
const STEP_BYTES = 256;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Event type → its required members with words, each with an empty value. */
const EMPTY: Readonly<Partial<Record<DiscussionEvent["type"], Readonly<Record<string, unknown>>>>> = {
  TurnTaken: { text: "" },
  ModeratorIntervened: { text: "" },
  TurnPassed: { raw: "" },
  ModeratorAbstained: { raw: "" },
  CommentAnnotated: { values: {} },
  AnnotationUnparsed: { raw: "", problem: "" },
};

/** All members that can have words of a person. */
const WORDS = ["text", "raw", "thoughts", "removed", "values", "probabilities", "problem"] as const;

type Data = Readonly<Record<string, unknown> & { sealed?: Sealed }>;

/**
 * The stream and position of an event, the person whose words it has, and the key. With `withdrawn`, no words
 * are kept.
 */
export type SealOptions = Readonly<{
  stream: string;
  seq: number;
  person: string;
  key: Uint8Array | "withdrawn";
}>;

/** The event with its words encrypted. An event without words, such as an empty reply, is not changed. */
export function sealed(event: DiscussionEvent, { stream, seq, person, key }: SealOptions): DiscussionEvent {
  const empty = EMPTY[event.type];
  const data = event.data as Data;
  if (empty === undefined || data.sealed !== undefined) return event;
  const words = WORDS.filter((member) => hasWords(data[member]));
  if (words.length === 0) return event;
  const others = Object.entries(data).filter(([member]) => !words.includes(member as typeof words[number]));
  const box = key === "withdrawn"
    ? ""
    : encrypted(Object.fromEntries(words.map((word) => [word, data[word]])), {
      key,
      person,
      nonce: sha256(encoder.encode(JSON.stringify([stream, seq]))).subarray(0, NONCE_BYTES),
    });
  const kept = { ...empty, ...Object.fromEntries(others), sealed: { person, box } };
  return { type: event.type, data: kept } as unknown as DiscussionEvent;
}

function hasWords(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

type BoxOptions = Readonly<{ key: Uint8Array; person: string; nonce: Uint8Array }>;

function encrypted(words: Data, { key, person, nonce }: BoxOptions): string {
  const plain = encoder.encode(JSON.stringify(words));
  const padded = new Uint8Array(Math.ceil(plain.length / STEP_BYTES) * STEP_BYTES).fill(0x20);
  padded.set(plain);
  const box = gcmsiv(key, nonce, encoder.encode(person)).encrypt(padded);
  const whole = new Uint8Array(NONCE_BYTES + box.length);
  whole.set(nonce);
  whole.set(box, NONCE_BYTES);
  return whole.toBase64();
}

/** The encrypted words of an event that was read from a stream; `undefined` if it has none. */
export function sealedWords({ data }: Pick<Envelope, "data">): Sealed | undefined {
  return (data as Data).sealed;
}

/** The event with its words decrypted. If the key is wrong, the event is not changed. */
export function opened(envelope: Envelope, key: Uint8Array | "withdrawn" | null): Envelope {
  const { sealed, ...others } = envelope.data as Data;
  if (sealed === undefined || key === null) return envelope;
  const { person, box } = sealed;
  if (key === "withdrawn") {
    return {
      ...envelope,
      data: { ...others, sealed: { person, box, withdrawn: true } } as unknown as Envelope["data"],
      person,
    };
  }
  try {
    const words = decrypted(box, { key, person });
    return { ...envelope, data: { ...others, ...words } as unknown as Envelope["data"], person };
  } catch {
    // The words cannot be read, because the key is wrong or the encrypted text was changed.
    return envelope;
  }
}

function decrypted(box: string, { key, person }: Pick<BoxOptions, "key" | "person">): Data {
  const whole = Uint8Array.fromBase64(box);
  const nonce = whole.subarray(0, NONCE_BYTES);
  return JSON.parse(
    decoder.decode(gcmsiv(key, nonce, encoder.encode(person)).decrypt(whole.subarray(NONCE_BYTES))),
  );
}

/**
 * Encrypts words of a person that do not belong to an event. Each of a person's texts needs a different
 * `place`.
 */
export function sealedBox(
  words: Readonly<Record<string, unknown>>,
  { key, person, place }: Readonly<{ key: Uint8Array; person: string; place: string }>,
): string {
  const nonce = sha256(encoder.encode(place)).subarray(0, NONCE_BYTES);
  return encrypted(words, { key, person, nonce });
}

/** The words that {@linkcode sealedBox} encrypted; `null` if the key is wrong. */
export function openedBox(
  box: string,
  access: Readonly<{ key: Uint8Array; person: string }>,
): Readonly<Record<string, unknown>> | null {
  try {
    return decrypted(box, access);
  } catch {
    return null;
  }
}

/** The name of a person who takes part: it consists of the discussion and the speaker's name. */
export function seatOf(discussion: string, speaker: string): string {
  return `${discussion}/${speaker}`;
}
