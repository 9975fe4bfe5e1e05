/** Discussions of the Python library 2.0: who takes part stands beside the log. */
import { type Json } from "../../core/json.ts";
import { type ImportSource } from "../../core/events/mod.ts";
import { IMPORTED_RULE, UNKNOWN_MODEL } from "../../core/discussion/mod.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "./format_error.ts";
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

type UsersFile = Readonly<Record<string, Json>> & Readonly<{ logs: readonly Json[] }>;

/**
 * Reads a discussion whose file names its users.
 *
 * @param file The file's content.
 * @param source Where it comes from.
 * @param reading How roles are told.
 * @throws {FormatError} When a member is missing or is not what it should be.
 */
export function readUsersLog(
  { logs, ...members }: UsersFile,
  source: ImportSource,
  { roles: rules, sha256 }: PythonReading,
): OutsideDiscussion {
  const { id, moderator, moderator_prompt, ctx_length } = members;
  if (typeof id !== "string" || id === "") throw new FormatError('its "id" is not a text');
  const users = textsOf(members, "users");
  const prompts = textsOf(members, "user_prompts");
  if (users.length !== prompts.length) {
    throw new FormatError(`it has ${users.length} "users" but ${prompts.length} "user_prompts"`);
  }
  const names = moderator === null || moderator === undefined
    ? users
    : [...users, textOf(moderator, "moderator")];
  checkDistinct(names);
  const entries = readEntries(logs);
  const openings = openingsAmong(entries);
  const speakers = { openings, users: new Set(users), moderator };
  const slots = entries.map((entry, position) => slotOf(entry, position, speakers));
  checkFirst(slots);
  // The first entry counts: of entries with one key, a map keeps the last.
  const models = new Map(entries.slice(openings).reverse().map(({ name, model }) => [name, model]));
  const modelOf = (name: string) => models.get(name) ?? UNKNOWN_MODEL;
  const read = prompts.map(readPythonPrompt);
  const { shared, roles } = rolesOf(read.map(({ instructions }) => instructions), rules, sha256);
  const moderators = readPythonPrompt(typeof moderator_prompt === "string" ? moderator_prompt : "{}");
  const contexts = new Set(read.map(({ context }) => context));
  return {
    origin: {
      ...source,
      id,
      members,
      entries: ownMembers(entries, (position) => ({
        model: position < openings ? HARDCODED : modelOf(entries[position]!.name),
      })),
    },
    participants: users.map((name, index) => ({
      name,
      model: modelOf(name),
      persona: read[index]!.persona,
      ...(roles[index] === undefined ? {} : { role: roles[index] }),
    })),
    moderator: typeof moderator !== "string" ? null : {
      name: moderator,
      model: modelOf(moderator),
      persona: moderators.persona,
      instructions: moderators.instructions,
      schedule: IMPORTED_RULE,
    },
    slots,
    history: Number.isSafeInteger(ctx_length) && Number(ctx_length) >= 0 ? Number(ctx_length) : 0,
    context: contexts.size === 1 ? [...contexts][0]! : "",
    instructions: shared,
  };
}

type Speakers = Readonly<{ openings: number; users: ReadonlySet<string>; moderator: Json | undefined }>;

function slotOf(
  { name, text }: PythonEntry,
  position: number,
  { openings, users, moderator }: Speakers,
): Slot {
  if (position < openings) return { by: "opening", name, text };
  if (name === moderator) return { by: "moderator", name, text };
  if (users.has(name)) return { by: "participant", name, text };
  throw new FormatError(
    `entry ${position} of "logs" is by ${quoted(name)}, who is neither among the users nor the moderator`,
  );
}

function checkDistinct(names: readonly string[]): void {
  const known = new Set<string>();
  for (const name of names) {
    if (known.has(name)) {
      throw new FormatError(
        `two who take part are called ${quoted(name)}: who said what cannot be told`,
      );
    }
    known.add(name);
  }
}

/** A moderator is asked after a turn. */
function checkFirst(slots: readonly Slot[]): void {
  const position = slots.findIndex(({ by }) => by !== "opening");
  if (slots[position]?.by === "moderator") {
    throw new FormatError(`entry ${position} of "logs" is the moderator's, before any user's`);
  }
}

function textsOf(members: Readonly<Record<string, Json>>, key: string): readonly string[] {
  const value = members[key];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw new FormatError(`its "${key}" is not a list of texts`);
  }
  return value;
}

function textOf(value: Json, key: string): string {
  if (typeof value !== "string") throw new FormatError(`its "${key}" is neither a text nor null`);
  return value;
}
