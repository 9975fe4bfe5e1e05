/** Discussions of the Python library from 2.1 on: every entry of the log holds its speaker's prompt. */
import type { Json } from "../../core/json.ts";
import type { ImportSource, Participant } from "../../core/events/mod.ts";
import type { OutsideDiscussion, Slot } from "./outside_discussion.ts";
import {
  HARDCODED,
  openingsAmong,
  ownMembers,
  type PythonEntry,
  type PythonReading,
  readEntries,
} from "./python_log.ts";
import { readPythonPrompt } from "./python_prompt.ts";
import { rolesOf } from "./roles.ts";

type PromptedFile = Readonly<Record<string, Json>> & Readonly<{ logs: readonly Json[] }>;

/** Somebody who spoke: the library lets several have one name, who are then told apart by their prompts. */
type Speaker = Readonly<{ name: string; entry: PythonEntry }>;

/**
 * Reads a discussion whose log holds the prompts. There are no moderators among these: since 2.1 they are users like
 * any other. Who never spoke is not in the file.
 *
 * @param file The file's content.
 * @param source Where it comes from.
 * @param reading How roles are told.
 * @throws {FormatError} When an entry is not what it should be.
 */
export function readPromptedLog(
  { logs, ...members }: PromptedFile,
  source: ImportSource,
  { roles: rules, sha256 }: PythonReading,
): OutsideDiscussion {
  const entries = readEntries(logs);
  const openings = openingsAmong(entries);
  const speakers = new Map<string, Speaker>();
  const names = new Set<string>();
  for (const entry of entries.slice(openings)) {
    const key = keyOf(entry);
    if (speakers.has(key)) continue;
    const name = freeName(entry.name, names);
    names.add(name);
    speakers.set(key, { name, entry });
  }
  const all = [...speakers.values()];
  const read = all.map(({ entry: { rest: { prompt } } }) =>
    readPythonPrompt(typeof prompt === "string" ? prompt : "{}")
  );
  const { shared, roles } = rolesOf(read.map(({ instructions }) => instructions), rules, sha256);
  const contexts = new Set(read.map(({ context }) => context));
  return {
    origin: {
      ...source,
      members,
      speakers: all.map(({ entry }) => ({ name: entry.name, ...promptOf(entry) })),
      entries: ownMembers(entries, (position) => {
        if (position < openings) return { model: HARDCODED };
        const { entry } = speakers.get(keyOf(entries[position]!))!;
        return { model: entry.model, ...promptOf(entry) };
      }),
    },
    participants: all.map(({ name, entry }, index): Participant => ({
      name,
      model: entry.model,
      persona: read[index]!.persona,
      ...(roles[index] === undefined ? {} : { role: roles[index] }),
    })),
    moderator: null,
    slots: entries.map((entry, position): Slot =>
      position < openings
        ? { by: "opening", name: entry.name, text: entry.text }
        : { by: "participant", name: speakers.get(keyOf(entry))!.name, text: entry.text }
    ),
    history: 0,
    context: contexts.size === 1 ? [...contexts][0]! : "",
    instructions: shared,
  };
}

function keyOf({ name, rest: { prompt } }: PythonEntry): string {
  return JSON.stringify([name, prompt ?? null]);
}

function promptOf({ rest: { prompt } }: PythonEntry): Readonly<Record<string, Json>> {
  return prompt === undefined ? {} : { prompt };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}
