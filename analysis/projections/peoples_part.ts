/** Selects the comments of people in discussions in which both people and models can speak. */
import { HUMAN_ADAPTER, IMPORTED_MODEL, UNKNOWN_MODEL } from "../../core/events/discussion_design.ts";
import type { ModelSpec } from "../../core/events/mod.ts";
import { wasAsked } from "./entries.ts";
import type { DiscussionSlots, Slot } from "./slots.ts";

/** Whether a "model" in a design stands for a person. */
export function isPerson({ name, spec }: Readonly<{ name: string; spec: ModelSpec }>): boolean {
  return (isImported(spec) ? name : spec.adapter) === HUMAN_ADAPTER;
}

function isImported({ adapter }: ModelSpec): boolean {
  return adapter === IMPORTED_MODEL.adapter;
}

/** A discussion in which only the comments of people count. */
export type PeoplesPart = Readonly<{
  /** The discussion. Turns and moderations of models are marked as `isPast`, so that they do not count. */
  discussion: DiscussionSlots;
  /** The number of models' comments, which do not count. */
  others: number;
}>;

/**
 * Marks everything that models said, so that only the comments of people count. In an imported discussion, a speaker
 * without a known model counts as a person.
 *
 * @returns `null` if no person has a seat in the discussion.
 */
export function peoplesPart(discussion: DiscussionSlots): PeoplesPart | null {
  const { design, slots } = discussion;
  const isOfPerson = ({ model: name }: Readonly<{ model: string }>) => {
    const spec = design.models[name];
    // A log that was made by hand can lack the model's settings. Then nothing shows that its speaker is a person.
    if (spec === undefined) return false;
    return isPerson({ name, spec }) || (isImported(spec) && name === UNKNOWN_MODEL);
  };
  const participants = design.participants.filter(isOfPerson);
  const moderator = design.moderator !== null && isOfPerson(design.moderator) ? design.moderator : null;
  if (participants.length === 0 && moderator === null) return null;
  const names = new Set(participants.map(({ name }) => name));
  const isOther = (slot: Slot) =>
    wasAsked(slot) && (slot.by === "moderator" ? moderator === null : !names.has(slot.author));
  const kept = slots.map((slot) => isOther(slot) ? { ...slot, isPast: true } as const : slot);
  return {
    discussion: {
      ...discussion,
      design: { ...design, participants, moderator },
      slots: kept,
      comments: kept.filter(({ comment }) => comment !== null),
    },
    others: slots.filter((slot) => isOther(slot) && slot.comment !== null).length,
  };
}
