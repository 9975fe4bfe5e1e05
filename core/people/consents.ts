/** Consent: the text that a person has to agree to, and the record that the person agreed. */
import type { PeopleSetup, PeopleText } from "../experiment/mod.ts";
import type { Clock } from "../ports/clock.ts";
import type { RunWriter } from "../ports/run.ts";
import { isAgreed, type People, peopleOf, RunError } from "../run_log/mod.ts";

/** Whether a person takes part. */
export type Standing =
  /** The person has agreed, or there is no text to agree to. */
  | "agreed"
  /** The person has not answered yet. */
  | "not-asked"
  /** The person has refused. The refusal is not stored, so the person is asked again after the next start. */
  | "declined"
  /** The person withdrew. This cannot be undone. */
  | "withdrew";

/**
 * The consents of a run. The servers of the pages for people check them before they show or store anything
 * else.
 */
export interface Consents {
  /** The text that the person still has to agree to; `null` if there is no text, or the person has agreed. */
  consentNeeded(person: string): PeopleText | null;
  /**
   * Records that the person agrees. The record is durable when the promise resolves. A second consent to the
   * same text adds no record.
   *
   * @throws {RangeError} If the person withdrew.
   * @throws {RunError} If the run's log cannot be written, or the run has none.
   */
  recordConsent(person: string): Promise<void>;
  /**
   * Notes that the person refuses. All questions to this person then get silence with the reason `declined`.
   */
  decline(person: string): void;
  /** Whether the person takes part now. */
  standing(person: string): Standing;
}

/** The consents of a run that is open for writing. */
export function consentsOf(
  run: Pick<RunWriter, "place" | "log" | "record" | "store">,
  { consent }: Pick<PeopleSetup, "consent">,
  clock: Pick<Clock, "now">,
): Consents {
  const declined = new Set<string>();
  let folded: Readonly<{ length: number; people: People }> | null = null;
  // The result is kept: every request of a page needs it, and the log of a run with many people is long.
  const people = () => {
    const { entries } = run.log.kind === "kept" ? run.log.log : { entries: [] };
    if (folded?.length !== entries.length) folded = { length: entries.length, people: peopleOf({ entries }) };
    return folded.people;
  };
  const standing = (person: string): Standing => {
    const known = people();
    if (known.withdrew.has(person) || run.store.keys?.hasWithdrawn(person)) return "withdrew";
    if (consent === null || isAgreed(known, person, consent.sha256)) return "agreed";
    return declined.has(person) ? "declined" : "not-asked";
  };
  return {
    standing,
    consentNeeded(person) {
      const now = standing(person);
      return now === "not-asked" || now === "declined" ? consent : null;
    },
    async recordConsent(person) {
      if (standing(person) === "withdrew") {
        throw new RangeError(`Cannot record the consent of "${person}": this person withdrew`);
      }
      declined.delete(person);
      if (consent === null || standing(person) === "agreed") return;
      const { sha256 } = consent;
      const isRecorded = await run.record({ type: "ConsentGiven", data: { person, sha256 } }, clock.now());
      if (isRecorded) return;
      throw new RunError(
        "unusable",
        `Cannot record the consent of "${person}": the run "${run.place}" has no intact log. ` +
          "Ask people only in runs that have one",
      );
    },
    decline: (person) => void declined.add(person),
  };
}
