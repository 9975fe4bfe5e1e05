/**
 * Converts a discussion to a file of SynDisco's Python library, version 2.2. Its `Logs.from_file()` reads
 * such files.
 */
import type { Json } from "../../core/json.ts";
import type { DiscussionDesign, Moderator, Participant } from "../../core/events/mod.ts";
import type { DiscussionSlots, Slot } from "../../analysis/projections/mod.ts";

/** How the library writes a silent turn. */
const SILENCE = '""';

/** The library writes this word as the model of comments that no model generated. */
const HARDCODED = "hardcoded";

type Members = Readonly<Record<string, Json>>;

/** One entry of the log. */
export type PythonEntry = Readonly<{ name: string; text: string; model: string; prompt: string }>;

/**
 * A file of one discussion. The type has what version 2.2 of the library reads. The file also has the members that
 * version 2.0 reads, from `membersOf()`.
 */
export type PythonDiscussion = Readonly<{ timestamp: string; logs: readonly PythonEntry[] }>;

/** Converts a discussion, without its annotations. An imported discussion keeps its original members. */
export function pythonDiscussion({ design, slots, openedAt = "" }: DiscussionSlots): PythonDiscussion {
  const logs = slots.map((slot) => entryOf(slot, design));
  return { ...membersOf(design), timestamp: timestamp(design, openedAt), logs };
}

function entryOf(slot: Slot, design: DiscussionDesign): PythonEntry {
  const { by, author: name, position } = slot;
  const { imported, participants, moderator } = design;
  const index = by === "participant" ? participants.findIndex((one) => one.name === name) : -1;
  const speaker = by === "moderator" ? moderator : participants[index];
  const silence = imported === undefined ? SILENCE : slot.raw ?? "";
  return {
    name,
    text: slot.text ?? (slot.withheld === undefined ? silence : `[${slot.withheld}]`),
    model: speaker?.model ?? HARDCODED,
    prompt: promptIn(design, by, index) ?? (speaker ? promptOf(design, speaker) : ""),
    ...imported?.speakers?.[index],
    ...imported?.entries[position],
  };
}

function promptIn({ imported }: DiscussionDesign, by: Slot["by"], index: number): string | undefined {
  const prompts = imported?.members[by === "moderator" ? "moderator_prompt" : "user_prompts"];
  const prompt = Array.isArray(prompts) ? prompts[index] : prompts;
  return typeof prompt === "string" ? prompt : undefined;
}

function promptOf({ prompt }: DiscussionDesign, speaker: Participant | Moderator): string {
  const own = "instructions" in speaker ? speaker.instructions : speaker.role?.instructions;
  const instructions = "instructions" in speaker ? [own] : [own, prompt.instructions];
  return JSON.stringify({
    context: prompt.context,
    instructions: instructions.filter((text) => text !== undefined && text !== "").join("\n"),
    type: "user",
    persona: speaker.persona,
  });
}

function membersOf(design: DiscussionDesign): Members {
  const { imported } = design;
  // The members of a discussion from a CSV file are the file's other columns, without the id. So the id is added.
  // Other imported files have the id among their members, or have none.
  if (imported !== undefined) {
    return "columns" in imported.members
      ? { id: imported.id ?? null, ...imported.members }
      : imported.members;
  }
  return {
    id: design.id,
    users: design.participants.map(({ name }) => name),
    moderator: design.moderator?.name ?? null,
    user_prompts: design.participants.map((participant) => promptOf(design, participant)),
    moderator_prompt: design.moderator && promptOf(design, design.moderator),
    ctx_length: design.history,
  };
}

/** A time in the library's form `%y-%m-%d-%H-%M`, in UTC. */
function timestamp({ imported }: DiscussionDesign, at: string): string {
  const { timestamp } = imported?.members ?? {};
  return typeof timestamp === "string" ? timestamp : at.slice(2, 16).replaceAll(/[T:]/g, "-");
}
