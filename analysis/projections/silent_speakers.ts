/** Counts the speakers whom the experiment manipulates, and who never spoke in a discussion. */
import { addAll, addCounts, type Appendable } from "./appendable.ts";
import { entryOf } from "./distinct.ts";
import { wasAsked } from "./entries.ts";
import type { DiscussionSlots, LogCollector, ReadLog } from "./slots.ts";

/** How many speakers there were, and how many never spoke. A speaker counts once in each discussion. */
export type Spoken = Readonly<{ speakers: number; silent: number }>;

/** A group of manipulated speakers, some of whom never spoke. */
export type SilentSpeakers = Readonly<{
  /** Participants with a role, participants whose persona differs between discussions, or a moderator. */
  kind: "role" | "persona" | "moderator";
  /** The name of the role, of the participant, or of the moderator. */
  name: string;
  conditions: ReadonlyMap<string, Spoken>;
}>;

/** Speakers of one kind and name. */
export type SpeakerGroup = {
  kind: SilentSpeakers["kind"];
  name: string;
  conditions: Map<string, { speakers: number; silent: number }>;
  /** For a participant: the persona in the speaker's first discussion, as JSON. Empty for a role or a moderator. */
  content: string;
  isManipulated: boolean;
};

/** The counts of a {@linkcode SilenceTally}. */
export type CountedSilence = Readonly<{
  groups: readonly (readonly [key: string, group: SpeakerGroup])[];
  moderators: readonly string[];
}>;

/**
 * Collects manipulated speakers who never spoke in a completed discussion. A participant with a role is
 * manipulated. A participant is also manipulated if the persona differs between discussions. A moderator is
 * manipulated if other discussions have another moderator, or none.
 */
export class SilenceTally implements LogCollector, Appendable<CountedSilence> {
  readonly #groups = new Map<string, SpeakerGroup>();
  readonly #moderators = new Set<string>();

  ended({ damage, slots }: ReadLog): void {
    if (damage !== null || slots === null || slots.ending?.end !== "completed") return;
    const { design: { condition, participants, moderator, imported } } = slots;
    if (imported !== undefined) return;
    const spoke = speakersOf(slots);
    const add = (
      kind: SpeakerGroup["kind"],
      name: string,
      { content, speaker }: { content: string; speaker: string },
    ) => {
      const key = JSON.stringify([kind, name]);
      const group = entryOf(
        this.#groups,
        key,
        (): SpeakerGroup => ({ kind, name, conditions: new Map(), content, isManipulated: kind === "role" }),
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

  /** See {@linkcode Appendable}. */
  counted(): CountedSilence {
    return { groups: [...this.#groups], moderators: [...this.#moderators] };
  }

  /** See {@linkcode Appendable}. */
  append({ groups, moderators }: CountedSilence): void {
    addAll(this.#moderators, moderators);
    for (const [key, { conditions, content, isManipulated, ...named }] of groups) {
      const group = entryOf(
        this.#groups,
        key,
        (): SpeakerGroup => ({ ...named, conditions: new Map(), content, isManipulated }),
      );
      if (isManipulated || group.content !== content) group.isManipulated = true;
      for (const [condition, counts] of conditions) {
        addCounts(entryOf(group.conditions, condition, () => ({ speakers: 0, silent: 0 })), counts);
      }
    }
  }

  /** The groups in which at least one speaker never spoke in a discussion. */
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
