/** The example files of the guide. The Python library wrote them with a scripted model. */
import type { Json } from "../../../core/json.ts";
import type { DiscussionDesign, DiscussionEvent } from "../../../core/events/mod.ts";

const EXAMPLES = new URL("../../../examples/import/", import.meta.url);

export function exampleText(name: string): string {
  return Deno.readTextFileSync(new URL(name, EXAMPLES));
}

export function examplePath(name: string): string {
  return decodeURIComponent(new URL(name, EXAMPLES).pathname);
}

/** A discussion of version 2.0 with a moderator, and a discussion of version 2.2. */
export const PYTHON_2_0 = "old_runs/moderated/26-11-24-21-53-07.json";
export const PYTHON_2_2 = "old_runs/open/26-11-24-21-54-10.json";

type Entry = Readonly<Record<string, Json>>;

/** The content of the file that a discussion was imported from, rebuilt from the discussion's events alone. */
export function pythonFileOf(events: readonly DiscussionEvent[]): Readonly<Record<string, Json>> {
  const opened = events[0];
  if (opened?.type !== "DiscussionOpened") {
    throw new RangeError("Cannot rebuild the file: the first event is not DiscussionOpened");
  }
  const { imported } = opened.data;
  const said = events.flatMap((event) => entryOf(event, opened.data));
  const logs = said.map((entry, position) => ({ ...entry, ...imported!.entries[position] }));
  return { ...imported!.members, logs };
}

function entryOf({ type, data }: DiscussionEvent, design: DiscussionDesign): readonly Entry[] {
  switch (type) {
    case "SeedCommentPosted":
      return [{ name: data.author, text: data.text, model: "hardcoded" }];
    case "TurnTaken":
      return [{ ...speaker(data.participant, design), text: data.text }];
    case "TurnPassed":
      return [{ ...speaker(data.participant, design), text: data.raw }];
    case "ModeratorIntervened":
      return [{ name: data.moderator, text: data.text, model: design.moderator!.model }];
    case "ModeratorAbstained":
      return [{ name: data.moderator, text: data.raw, model: design.moderator!.model }];
    default:
      return [];
  }
}

function speaker(name: string, { participants, imported }: DiscussionDesign): Entry {
  const index = participants.findIndex((participant) => participant.name === name);
  return { name, ...imported!.speakers?.[index], model: participants[index]!.model };
}
