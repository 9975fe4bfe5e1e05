/** Reads discussions of the Python library, in both of their shapes. */
import { IMPORTED_RULE, UNKNOWN_MODEL } from "../../core/discussion/mod.ts";
import type { ImportSource, Participant } from "../../core/events/mod.ts";
import type { Json } from "../../core/json.ts";
import { quoted } from "../../core/experiment/problems.ts";
import type { Sha256 } from "../../core/sha256.ts";
import { FormatError } from "./format_error.ts";
import type { OutsideDiscussion, Slot } from "./imported_discussion.ts";
import {
  HARDCODED,
  openingsAmong,
  ownMembers,
  type PythonEntry,
  type PythonFile,
  type PythonPrompt,
  readEntries,
  readPythonFile,
  readPythonPrompt,
} from "./python_file.ts";

/** A role. Participants have it if their instructions contain the text `contains`. */
export type RoleRule = Readonly<{ name: string; contains: string }>;

type PythonReading = Readonly<{ roles: readonly RoleRule[]; sha256: Sha256 }>;

type Speaker = Readonly<{ name: string; model: string; prompt: PythonPrompt }>;

export function readPythonDiscussion(
  text: string,
  source: Omit<ImportSource, "format">,
  reading: PythonReading,
): OutsideDiscussion {
  const file = readPythonFile(text);
  switch (file.shape) {
    case "users":
      return readUsers(file, { format: "python-library/2.0", ...source }, reading);
    case "prompted":
      return readPrompted(file, { format: "python-library/2.2", ...source }, reading);
    case "annotation":
    case "annotation-of-id":
      throw new FormatError(
        'it holds annotations: import the discussions first, then use "import annotations"',
      );
    default:
      return file.shape satisfies never;
  }
}

function readUsers(
  { logs, members }: PythonFile,
  source: ImportSource,
  reading: PythonReading,
): OutsideDiscussion {
  const { id, moderator, moderator_prompt, ctx_length } = members;
  if (typeof id !== "string" || id === "") throw new FormatError('"id" must be a string that is not empty');
  const users = textsOf(members, "users");
  const prompts = textsOf(members, "user_prompts");
  if (users.length !== prompts.length) {
    throw new FormatError(`it has ${users.length} "users" but ${prompts.length} "user_prompts"`);
  }
  const isModerated = moderator !== null && moderator !== undefined;
  if (isModerated && typeof moderator !== "string") {
    throw new FormatError('its "moderator" is neither a text nor null');
  }
  checkDistinct(isModerated ? [...users, moderator] : users);
  const entries = readEntries(logs);
  const openings = openingsAmong(entries);
  const slots = entries.map(({ name, text }, position): Slot => {
    if (position < openings) return { by: "opening", name, text };
    if (name === moderator) return { by: "moderator", name, text };
    if (users.includes(name)) return { by: "participant", name, text };
    throw new FormatError(
      `entry ${position} of "logs" is by ${quoted(name)}, who is neither a user nor the moderator`,
    );
  });
  checkFirst(slots);
  // The first model of a speaker counts, but a map keeps the last value, so the entries are reversed.
  const models = new Map(entries.slice(openings).reverse().map(({ name, model }) => [name, model]));
  const modelOf = (name: string) => models.get(name) ?? UNKNOWN_MODEL;
  const speakers = users.map((name, index): Speaker => ({
    name,
    model: modelOf(name),
    prompt: readPythonPrompt(prompts[index]!),
  }));
  const { persona, instructions } = readPythonPrompt(
    typeof moderator_prompt === "string" ? moderator_prompt : "{}",
  );
  return {
    origin: {
      ...source,
      id,
      members,
      entries: ownMembers(entries, (position) => ({
        model: position < openings ? HARDCODED : modelOf(entries[position]!.name),
      })),
    },
    moderator: isModerated
      ? { name: moderator, model: modelOf(moderator), persona, instructions, schedule: IMPORTED_RULE }
      : null,
    slots,
    history: Number.isSafeInteger(ctx_length) && Number(ctx_length) >= 0 ? Number(ctx_length) : 0,
    ...participantsOf(speakers, reading),
  };
}

/**
 * Reads a discussion of version 2.1 or later. Its file does not mark moderators, and does not have users who
 * never spoke. Several users can have the same name: their prompts distinguish them.
 */
function readPrompted(
  { logs, members }: PythonFile,
  source: ImportSource,
  reading: PythonReading,
): OutsideDiscussion {
  const entries = readEntries(logs);
  const openings = openingsAmong(entries);
  const speakers = new Map<string, Speaker & Readonly<{ entry: PythonEntry }>>();
  const names = new Set<string>();
  for (const entry of entries.slice(openings)) {
    if (speakers.has(keyOf(entry))) continue;
    const { model, rest: { prompt } } = entry;
    const name = freeName(entry.name, names);
    names.add(name);
    const read = readPythonPrompt(typeof prompt === "string" ? prompt : "{}");
    speakers.set(keyOf(entry), { name, model, prompt: read, entry });
  }
  const all = [...speakers.values()];
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
    moderator: null,
    slots: entries.map((entry, position): Slot =>
      position < openings
        ? { by: "opening", name: entry.name, text: entry.text }
        : { by: "participant", name: speakers.get(keyOf(entry))!.name, text: entry.text }
    ),
    history: 0,
    ...participantsOf(all, reading),
  };
}

const HASH_LENGTH = 8;

/**
 * The participants, and the context and instructions of the discussion.
 *
 * The first rule that fits a participant's instructions gives the participant a role. If the other
 * participants have different instructions, they get roles, too, whose names contain the hash of their
 * instructions. So equal instructions mean the same role in all discussions.
 *
 * The context is the context of all participants, or empty if it differs between them. The instructions are
 * the instructions of all participants to whom no rule gives a role, or empty if they differ.
 */
function participantsOf(
  speakers: readonly Speaker[],
  { roles, sha256 }: PythonReading,
): Pick<OutsideDiscussion, "participants" | "context" | "instructions"> {
  const named = speakers.map(({ prompt }) =>
    roles.find(({ contains }) => prompt.instructions.includes(contains))?.name
  );
  const contexts = new Set(speakers.map(({ prompt }) => prompt.context));
  const others = new Set(
    speakers.filter((_, index) => named[index] === undefined).map(({ prompt }) => prompt.instructions),
  );
  return {
    participants: speakers.map(({ name, model, prompt: { persona, instructions } }, index): Participant => {
      const role = named[index] ??
        (others.size === 1 ? undefined : instructionsName(instructions, sha256));
      return { name, model, persona, ...(role === undefined ? {} : { role: { name: role, instructions } }) };
    }),
    context: contexts.size === 1 ? [...contexts][0]! : "",
    instructions: others.size === 1 ? [...others][0]! : "",
  };
}

/** The name of a role without a rule: equal instructions have equal names in all discussions. */
export function instructionsName(instructions: string, sha256: Sha256): string {
  return `instructions-${sha256(instructions).slice(0, HASH_LENGTH)}`;
}

function checkDistinct(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw new FormatError(
    `two participants are called ${quoted(twice)}, so the file does not say who wrote which comment`,
  );
}

/** Checks that the moderator does not speak before the first user. */
function checkFirst(slots: readonly Slot[]): void {
  const position = slots.findIndex(({ by }) => by !== "opening");
  if (slots[position]?.by === "moderator") {
    throw new FormatError(`entry ${position} of "logs" is by the moderator, before any user has spoken`);
  }
}

function textsOf(members: Readonly<Record<string, Json>>, key: string): readonly string[] {
  const value = members[key];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw new FormatError(`its "${key}" is not a list of texts`);
  }
  return value;
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
