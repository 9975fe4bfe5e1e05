/** A discussion as the file that version 2.2 of the Python library writes, and its `Logs.from_file()` reads. */
import type { Json } from "../../core/json.ts";
import {
  type DiscussionDesign,
  type Envelope,
  eventOf,
  type Moderator,
  type Participant,
} from "../../core/events/mod.ts";

/** The library's own text of a turn in which nothing was said. */
const SILENCE = '""';

/** The library's name for the model of comments that nobody generated. */
const HARDCODED = "hardcoded";

type Members = Readonly<Record<string, Json>>;

/** One entry of the log. */
export type PythonEntry = Readonly<{ name: string; text: string; model: string; prompt: string }>;

/** The whole file; members that its reader does not look at are those of the library's version 2.0. */
export type PythonDiscussion = Readonly<{ timestamp: string; logs: readonly PythonEntry[] }>;

/**
 * Writes a discussion as the library would have. What an import kept of the original file is given back as it was.
 * Annotations are not part of it.
 *
 * @param events The discussion's log.
 * @returns `null` for a log that holds nothing.
 */
export async function pythonDiscussion(events: AsyncIterable<Envelope>): Promise<PythonDiscussion | null> {
  let head: Readonly<{ design: DiscussionDesign; at: string }> | null = null;
  const logs: PythonEntry[] = [];
  for await (const envelope of events) {
    const event = eventOf(envelope);
    switch (event.type) {
      case "DiscussionOpened":
        head = { design: event.data, at: envelope.at };
        break;
      case "SeedCommentPosted":
        logs.push(entry(head!.design, logs.length, { name: event.data.author, text: event.data.text }));
        break;
      case "TurnTaken":
      case "TurnPassed":
      case "ModeratorIntervened":
      case "ModeratorAbstained": {
        const { data } = event;
        const name = "participant" in data ? data.participant : data.moderator;
        const said = "text" in data ? data.text : head!.design.imported === undefined ? SILENCE : data.raw;
        const by = "participant" in data ? "participant" : "moderator";
        logs.push(entry(head!.design, logs.length, { name, text: said, by }));
        break;
      }
    }
  }
  return head && { ...membersOf(head.design), timestamp: timestamp(head.design, head.at), logs };
}

type Said = Readonly<{ name: string; text: string; by?: "participant" | "moderator" }>;

function entry(design: DiscussionDesign, position: number, { name, text, by }: Said): PythonEntry {
  const origin = design.imported;
  const place = by === "participant" ? design.participants.findIndex((one) => one.name === name) : -1;
  const speaker = by === "moderator" ? design.moderator : design.participants[place];
  const prompts = origin?.members[by === "moderator" ? "moderator_prompt" : "user_prompts"];
  const prompt = Array.isArray(prompts) ? prompts[place] : prompts;
  return {
    name,
    text,
    model: by === undefined ? HARDCODED : speaker?.model ?? HARDCODED,
    prompt: typeof prompt === "string"
      ? prompt
      : by === undefined || !speaker
      ? ""
      : promptOf(design, speaker),
    ...origin?.speakers?.[place],
    ...origin?.entries[position],
  };
}

/** A speaker's system prompt in the library's form. */
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
  // A table has its discussions' ids in a column; the library's files have theirs among the members, or none.
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

/** The library's `%y-%m-%d-%H-%M`, in UTC. */
function timestamp({ imported }: DiscussionDesign, at: string): string {
  const { timestamp } = imported?.members ?? {};
  return typeof timestamp === "string" ? timestamp : at.slice(2, 16).replaceAll(/[T:]/g, "-");
}
