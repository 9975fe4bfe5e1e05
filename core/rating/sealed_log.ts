/** The stored log of a rater. Answers are words of a person, so they are encrypted with the person's key. */
import { openedBox, sealedBox } from "../people/mod.ts";
import type { PersonKeys } from "../ports/mod.ts";
import { type RatingEntry, ratingLine } from "./rating_log.ts";

/** The rater of the log, and the keys of the run. If the run has no keys, answers are stored unencrypted. */
export type RatingLogOwner = Readonly<{ rater: string; keys: PersonKeys | undefined }>;

/** The person withdrew. No further ratings of this person are stored. */
export class RaterWithdrew extends Error {
  /** Identifies errors of this class. */
  override readonly name = "RaterWithdrew";
}

/**
 * An entry as a line of the stored log. No two entries have the same time and place, so each is encrypted
 * differently.
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
 * The text of a stored log, with decrypted answers.
 *
 * @returns `null` if the answers cannot be read, because the rater withdrew, or the run lacks the key.
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

/** The text of a stored log without its encrypted answers. */
export function withoutAnswers(text: string): string {
  return text.split("\n").map((line) => {
    const stored = boxIn(line);
    if (stored === null) return line;
    const { box: _, ...others } = stored;
    return JSON.stringify({ ...others, answers: {} });
  }).join("\n");
}

/**
 * A line with an encrypted answer; `null` for other lines. Damaged lines are not changed, so that their
 * reader refuses them.
 */
function boxIn(line: string): Readonly<Record<string, unknown> & { box: string }> | null {
  try {
    const stored = JSON.parse(line);
    return typeof stored?.box === "string" ? stored : null;
  } catch {
    return null;
  }
}
