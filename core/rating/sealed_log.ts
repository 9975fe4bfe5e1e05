/** The log of a rater as it is stored: answers are words of a person, so they are encrypted with the person's key. */
import { openedBox, sealedBox } from "../people/mod.ts";
import type { PersonKeys } from "../ports/mod.ts";
import { type RatingEntry, ratingLine } from "./rating_log.ts";

/** Whose log it is, and where the key is. Without keys, answers are stored as they are. */
export type RatingLogOwner = Readonly<{ rater: string; keys: PersonKeys | undefined }>;

/** The person withdrew, so nothing more of this person is stored. */
export class RaterWithdrew extends Error {
  /** Tells this error from others. */
  override readonly name = "RaterWithdrew";
}

/**
 * An entry as a line of the stored log. The time of an entry and its place in the order make it different from all others.
 *
 * @throws {RaterWithdrew} If the rater withdrew.
 */
export async function storedRatingLine(
  entry: RatingEntry,
  { rater, keys }: RatingLogOwner,
): Promise<string> {
  if (keys?.hasWithdrawn(rater)) {
    throw new RaterWithdrew(`Cannot store a rating of "${rater}": this person withdrew`);
  }
  if (entry.kind !== "rated" || keys === undefined) return ratingLine(entry);
  const key = await keys.make(rater);
  if (key === "withdrawn") {
    throw new RaterWithdrew(`Cannot store a rating of "${rater}": this person withdrew`);
  }
  const { answers, ...others } = entry;
  const box = sealedBox({ answers }, { key, person: rater, place: JSON.stringify(others) });
  return JSON.stringify({ ...others, box });
}

/**
 * The text of a stored log with its answers.
 *
 * @returns `null` if the rater withdrew, or if the key is elsewhere: then the answers cannot be read.
 */
export async function openedRatingLog(
  text: string,
  { rater, keys }: RatingLogOwner,
): Promise<string | null> {
  const key = await keys?.look(rater) ?? null;
  if (key === "withdrawn") return null;
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    const stored = boxIn(line);
    if (stored === null) {
      lines.push(line);
      continue;
    }
    const words = key === null ? null : openedBox(stored.box, { key, person: rater });
    if (words === null) return null;
    const { box: _, ...others } = stored;
    lines.push(JSON.stringify({ ...others, ...words }));
  }
  return lines.join("\n");
}

/** The text of a stored log, with no answer in place of encrypted answers. */
export function withoutAnswers(text: string): string {
  return text.split("\n").map((line) => {
    const stored = boxIn(line);
    if (stored === null) return line;
    const { box: _, ...others } = stored;
    return JSON.stringify({ ...others, answers: {} });
  }).join("\n");
}

/** A line with an encrypted answer; `null` for other lines. A damaged line stays as it is, so that its reader refuses it. */
function boxIn(line: string): Readonly<Record<string, unknown> & { box: string }> | null {
  try {
    const stored = JSON.parse(line);
    return typeof stored?.box === "string" ? stored : null;
  } catch {
    return null;
  }
}
