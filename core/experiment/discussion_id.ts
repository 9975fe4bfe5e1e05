/** Names of discussions: readable in a file listing, and unique. */
import { portableSha256, type Sha256 } from "../sha256.ts";

/** Changing how ids are made makes every run folder a different one: that needs a new version. */
const ID_VERSION = "syndisco/id/1";

/** Longest readable part of an id, in characters. */
export const SLUG_LENGTH_MAX = 48;

const HASH_LENGTH = 8;
const REPLICATE_DIGITS_MIN = 4;

/** Names that Windows keeps for devices, whatever follows a dot. */
const DEVICE_NAME = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** What a discussion's id is made of. */
export type DiscussionKey = Readonly<{
  /** The experiment's seed. */
  seed: string;
  condition: Readonly<{ label: string; factors: Readonly<Record<string, string>> }>;
  /** 1-based. */
  replicate: number;
}>;

/**
 * The id of a discussion, which is also the name of its stream and of its file.
 *
 * It depends on nothing but the seed, the condition's own levels and the replicate: further replications and levels
 * leave the ids of the others as they are.
 *
 * @param key What the id is made of.
 * @param sha256 The hash function; a native one is faster.
 * @returns `<label>.r<replicate>.<8 hexadecimal digits>`, of the characters `A–Z a–z 0–9 . _ + -`.
 *
 * @example
 * ```ts
 * import { discussionId } from "./discussion_id.ts";
 * import assert from "node:assert/strict";
 *
 * const condition = { label: "gentle+5", factors: { moderator: "gentle", "participants.count": "5" } };
 * assert.match(discussionId({ seed: "42", condition, replicate: 1 }), /^gentle\+5\.r0001\.[0-9a-f]{8}$/);
 * ```
 */
export function discussionId(key: DiscussionKey, sha256: Sha256 = portableSha256): string {
  const { seed, condition, replicate } = key;
  const parts = [ID_VERSION, seed, Object.entries(condition.factors), replicate];
  const hash = sha256(JSON.stringify(parts)).slice(0, HASH_LENGTH);
  return `${slugOf(condition.label)}.r${String(replicate).padStart(REPLICATE_DIGITS_MIN, "0")}.${hash}`;
}

/**
 * A label as a part of a file name: letters without their accents, everything else that is not safe as `-`.
 *
 * @param label Any text.
 * @returns 1 to 48 characters that mean the same to every file system and shell.
 */
export function slugOf(label: string): string {
  const safe = label.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9._+]+/g, "-");
  const slug = safe.slice(0, SLUG_LENGTH_MAX).replace(/\.{2,}/g, ".").replace(/^[-.]+|[-.]+$/g, "");
  if (slug === "") return "condition";
  return DEVICE_NAME.test(slug) ? `${slug}-` : slug;
}
