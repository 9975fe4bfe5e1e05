/** Counts the manipulated speakers who never spoke in a discussion. */
import { entryOf } from "./distinct.ts";
import { wasAsked } from "./entries.ts";
import type { DiscussionSlots, LogCollector, ReadLog } from "./slots.ts";

/** How many speakers there were, one for each discussion that a speaker took part in, and how many never spoke. */
export type Spoken = Readonly<{ speakers: number; silent: number }>;

/** Manipulated speakers, some of whom never spoke. */
export type SilentSpeakers = Readonly<{
  /** Participants with a role, participants whose persona differs between discussions, or a moderator. */
  kind: "role" | "persona" | "moderator";
  /** The role, the participant or the moderator. */
  name: string;
  conditions: ReadonlyMap<string, Spoken>;
}>;

type Group = {
  kind: SilentSpeakers["kind"];
  name: string;
  conditions: Map<string, { speakers: number; silent: number }>;
  /** The content of the prompt that the experiment sets: the persona of a participant. */
  content: string;
  isManipulated: boolean;
};

/**
 * Collects manipulated speakers who never spoke in a completed discussion. A role is a manipulation. A persona is one if
 * it differs between discussions, and a moderator is one if discussions have different moderators or none.
 */
export class SilenceTally implements LogCollector {
  readonly #groups = new Map<string, Group>();
  readonly #moderators = new Set<string>();

  ended({ damage, slots }: ReadLog): void {
    if (damage !== null || slots === null || slots.ending?.end !== "completed") return;
    const { design: { condition, participants, moderator, imported } } = slots;
    if (imported !== undefined) return;
    const spoke = speakersOf(slots);
    const add = (
      kind: Group["kind"],
      name: string,
      { content, speaker }: { content: string; speaker: string },
    ) => {
      const key = JSON.stringify([kind, name]);
      const group = entryOf(
        this.#groups,
        key,
        (): Group => ({ kind, name, conditions: new Map(), content, isManipulated: kind === "role" }),
      );
      if (group.content !== content) group.isManipulated = true;
      const counts = entryOf(group.conditions, condition, () => ({ speakers: 0, silent: 0 }));
      counts.speakers++;
      if (!spoke.has(speaker)) counts.silent++;
    };
    for (const { name, persona, role } of participants) {
      if (role !== undefined) add("role", role.name, { content: "", speaker: name });
      add("persona", name, { content: JSON.stringify(persona), speaker: name });
    }
    const { name = null, persona, instructions, schedule } = moderator ?? {};
    this.#moderators.add(JSON.stringify([name, persona, instructions, schedule]));
    if (name !== null) add("moderator", name, { content: "", speaker: name });
  }

  /** The groups with a speaker who never spoke. */
  found(): readonly SilentSpeakers[] {
    return [...this.#groups.values()]
      .filter(({ kind, isManipulated }) => kind === "moderator" ? this.#moderators.size > 1 : isManipulated)
      .filter(({ conditions }) => [...conditions.values()].some(({ silent }) => silent > 0))
      .map(({ kind, name, conditions }) => ({ kind, name, conditions }));
  }
}

function speakersOf({ slots }: DiscussionSlots): ReadonlySet<string> {
  return new Set(
    slots.filter(wasAsked).filter(({ comment }) => comment !== null).map(({ author }) => author),
  );
}
