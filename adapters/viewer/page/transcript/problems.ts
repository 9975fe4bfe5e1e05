/** What deserves a second look in a transcript. */
import type { DiscussionSlots, Slot } from "../../../../analysis/projections/mod.ts";
import { cutWords, failureWords, silenceWords } from "./plain_words.ts";
import type { LiveLog } from "./live_log.ts";
import { readingsOf } from "./readings.ts";

/** Annotators whose values differ by at least this share of the scale disagree. */
export const DISAGREEMENT_MIN = 0.5;

/** A problem of one slot. */
export type Problem = Readonly<{
  kind: "silence" | "cut" | "failure" | "unparsed" | "disagreement";
  /** A phrase for people. */
  words: string;
}>;

/** The problems of a slot. A silence that the speaker chose is none. */
export function problemsOf(
  slot: Slot,
  { passes, design }: Pick<DiscussionSlots, "passes" | "design">,
  log: Pick<LiveLog, "failuresBefore">,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { failure } of log.failuresBefore(slot.position)) {
    problems.push({ kind: "failure", words: `a request failed before: ${failureWords(failure)}` });
  }
  const cut = cutWords(slot.generation);
  if (slot.silence !== null && slot.silence !== "pass-word") {
    problems.push({ kind: "silence", words: silenceWords(slot, design.passWord) });
  } else if (cut !== null) problems.push({ kind: "cut", words: cut });
  for (const { scale, readings, disagreement } of readingsOf(slot, passes)) {
    const unparsed = readings.filter(({ value }) => value === null);
    if (unparsed.length > 0) {
      const names = unparsed.map(({ annotator }) => annotator).join(", ");
      problems.push({ kind: "unparsed", words: `no value for ${scale.name} by ${names}` });
    }
    if (disagreement !== null && disagreement >= DISAGREEMENT_MIN) {
      problems.push({ kind: "disagreement", words: `annotators disagree about ${scale.name}` });
    }
  }
  return problems;
}
