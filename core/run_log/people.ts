/** The people of a run: who agreed to take part, and who withdrew. */
import type { RunLog } from "./run_log.ts";

/** A consent: the SHA-256 (hex) of the text that a person agreed to, and the time (ISO 8601, UTC). */
export type Consent = Readonly<{ sha256: string; at: string }>;

/**
 * The people in a run's log. A person is a participant as `<discussion>/<participant>`, or an annotator's
 * name.
 */
export type People = Readonly<{
  /** Person → the consents, oldest first. */
  agreed: ReadonlyMap<string, readonly Consent[]>;
  /** Person → when the person withdrew, ISO 8601 in UTC. */
  withdrew: ReadonlyMap<string, string>;
}>;

/** All people who agreed or withdrew. */
export function peopleOf({ entries }: Pick<RunLog, "entries">): People {
  const agreed = new Map<string, Consent[]>();
  const withdrew = new Map<string, string>();
  for (const { type, data, at } of entries) {
    if (type === "ConsentGiven") {
      const consents = agreed.get(data.person) ?? [];
      agreed.set(data.person, consents);
      consents.push({ sha256: data.sha256, at });
    } else if (type === "PersonWithdrew" && !withdrew.has(data.person)) withdrew.set(data.person, at);
  }
  return { agreed, withdrew };
}

/** Whether a person agreed to the text with this hash. */
export function isAgreed({ agreed }: People, person: string, sha256: string): boolean {
  return agreed.get(person)?.some((consent) => consent.sha256 === sha256) ?? false;
}
