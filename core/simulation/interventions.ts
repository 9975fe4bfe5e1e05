/** Checks whether a log has the scripted interventions of its discussion in the right places. */
import type { DiscussionDesign, DiscussionEvent } from "../events/mod.ts";

/**
 * Compares the interventions in the log of an ended discussion with its design. Each intervention is posted
 * once: right after its turn, before the moderator's reply, and in the order of the design.
 *
 * @returns The first difference; `null` if there is none.
 */
export function wrongIntervention(
  { interventions = [] }: Pick<DiscussionDesign, "interventions">,
  events: readonly DiscussionEvent[],
): string | null {
  const others = events.filter(({ type }) => type !== "InterventionPosted");
  const expected = others.flatMap((event) => {
    if (event.type !== "TurnTaken" && event.type !== "TurnPassed") return [nameOf(event)];
    const due = interventions.filter(({ after }) => after === event.data.turn + 1);
    return [nameOf(event), ...due.map(postedName)];
  });
  const found = events.map(nameOf);
  const at = expected.findIndex((name, seq) => found[seq] !== name);
  if (at === -1 && found.length === expected.length) return null;
  const seq = at === -1 ? expected.length : at;
  return `event ${seq} is ${found[seq] ?? "missing"}, and should be ${expected[seq] ?? "missing"}`;
}

function nameOf(event: DiscussionEvent): string {
  return event.type === "InterventionPosted" ? postedName(event.data) : event.type;
}

function postedName({ author, text }: Readonly<{ author: string; text: string }>): string {
  return `an intervention by "${author}": ${text}`;
}
