/** What a reader should check in a transcript. */
import { DISAGREEMENT_MIN } from "../../../../analysis/listing/mod.ts";
import type { DiscussionSlots, Slot } from "../../../../analysis/projections/mod.ts";
import { cutWords, failureWords, silenceWords } from "./plain_words.ts";
import type { LiveLog } from "./live_log.ts";
import { readingsOf, type ScaleReadings } from "./readings.ts";

/** A problem of one slot. */
export type Problem = Readonly<{
  kind: "silence" | "cut" | "failure" | "unparsed" | "disagreement";
  /** A phrase for people. */
  words: string;
}>;

/** The problems of a slot. A silence that the speaker chose is no problem. */
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
  const readings = readingsOf(slot, passes);
  const unparsed = readings.filter(({ readings }) => readings.some(({ value }) => value === null));
  if (unparsed.length > 0) {
    problems.push({ kind: "unparsed", words: `an annotator has no value for ${namesOf(unparsed)}` });
  }
  const disputed = readings.filter(({ disagreement }) => (disagreement ?? 0) >= DISAGREEMENT_MIN);
  if (disputed.length > 0) {
    problems.push({ kind: "disagreement", words: `annotators disagree about ${namesOf(disputed)}` });
  }
  return problems;
}

function namesOf(readings: readonly ScaleReadings[]): string {
  return [...new Set(readings.map(({ scale }) => scale.name))].join(", ");
}
