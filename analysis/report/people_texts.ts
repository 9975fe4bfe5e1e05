/** Texts of a report about people: how many took part, and which of their texts cannot be read. */
import type { UnreadableTexts } from "../projections/mod.ts";
import type { RunFacts } from "./facts.ts";
import { formatCount, plural } from "./numbers.ts";

/** `1 person`, `3 people`. */
export function peopleCount(count: number): string {
  return count === 1 ? "1 person" : `${formatCount(count)} people`;
}

/** Says which texts cannot be read because their keys are missing, without a full stop; `null` if there are none. */
export function sealedText({ peopleWords }: Pick<RunFacts, "peopleWords">): string | null {
  const sealed = peopleWords?.sealed;
  if (sealed === undefined || sealed.texts === 0) return null;
  return `${ofPeople(sealed)} cannot be read here: the run does not have their keys`;
}

/** Says which texts cannot be read because people withdrew, without a full stop; `null` if there are none. */
export function withdrawnText({ peopleWords }: Pick<RunFacts, "peopleWords">): string | null {
  const withdrawn = peopleWords?.withdrawn;
  if (withdrawn === undefined || withdrawn.texts === 0) return null;
  return `${ofPeople(withdrawn)} can no longer be read: ${
    withdrawn.people === 1 ? "this person" : "these people"
  } withdrew`;
}

function ofPeople({ texts, people }: UnreadableTexts): string {
  return `${plural(texts, "text")} of ${peopleCount(people)}`;
}
