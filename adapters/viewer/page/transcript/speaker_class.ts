/** The colours of the speakers of one discussion. */
import type { DiscussionSlots } from "../../../../analysis/projections/mod.ts";
import { speakerClasses } from "../base/colours.ts";

/**
 * A class for each name: participants in the order of their first turns, then participants without a turn.
 * The moderator and scripted authors have no hue.
 */
export function speakerClassOf({ slots, design }: Pick<DiscussionSlots, "slots" | "design">) {
  const participants = new Set(design.participants.map(({ name }) => name));
  const inOrder = slots.filter(({ by }) => by === "participant").map(({ author }) => author);
  const classes = speakerClasses([...inOrder, ...participants]);
  return (author: string): string => classes.get(author) ?? "no-speaker";
}
