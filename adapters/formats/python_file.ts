/** Reads files of SynDisco's Python library: their shape, their entries, and the prompts in them. */
import type { ImportOrigin } from "../../core/events/mod.ts";
import { type Json, parseJsonAsWritten } from "../../core/json.ts";
import { isNestedDeeper, NESTING_MAX } from "../../core/experiment/limits.ts";
import { FormatError } from "./format_error.ts";
import { checkNesting, isRecord, readJson } from "./text_file.ts";

/**
 * A file of the library. Discussions of 2.0 name their `users` beside the log; from 2.1 on, every entry of the log has
 * its speaker's `prompt`. Annotations of 2.0 name their discussion; later annotations do not.
 */
export type PythonFile = Readonly<{
  shape: "users" | "prompted" | "annotation-of-id" | "annotation";
  logs: readonly Json[];
  /** All members except `logs`. */
  members: Readonly<Record<string, Json>>;
}>;

/** The model of comments that were not generated. */
export const HARDCODED = "hardcoded";

/** An entry of a log; `rest` has its other members. */
export type PythonEntry = Readonly<
  { name: string; text: string; model: string; rest: Readonly<Record<string, Json>> }
>;

export function readPythonFile(text: string): PythonFile {
  const value = readJson(text);
  if (!isRecord(value) || !Array.isArray(value.logs)) {
    throw new FormatError(
      'it is not a discussion of the Python library: expected an object with a list "logs"',
    );
  }
  checkNesting(value);
  const { logs, ...members } = value as Record<string, Json> & { logs: readonly Json[] };
  return { shape: shapeOf(members, logs.at(-1)), logs, members };
}

function shapeOf(members: Readonly<Record<string, Json>>, last: unknown): PythonFile["shape"] {
  if ("conv_id" in members) return "annotation-of-id";
  if ("users" in members || "user_prompts" in members) return "users";
  const isAnnotator = isRecord(last) && typeof last.prompt === "string" &&
    readPythonPrompt(last.prompt).isAnnotator;
  return isAnnotator ? "annotation" : "prompted";
}

export function readEntries(logs: readonly Json[]): PythonEntry[] {
  return logs.map((entry, position) => {
    if (!isRecord(entry)) throw new FormatError(`entry ${position} of "logs" is not an object`);
    const { name, text, model, ...rest } = entry;
    for (const [key, value] of Object.entries({ name, text, model })) {
      if (typeof value !== "string") {
        throw new FormatError(`entry ${position} of "logs" has no text "${key}"`);
      }
    }
    return { name, text, model, rest } as PythonEntry;
  });
}

/** The number of openings at the beginning of a log. */
export function openingsAmong(entries: readonly PythonEntry[]): number {
  const first = entries.findIndex(({ model }) => model !== HARDCODED);
  return first === -1 ? entries.length : first;
}

/**
 * Position of an entry → its members that differ from the `expected` members. Entries without differences are
 * left out.
 */
export function ownMembers(
  entries: readonly PythonEntry[],
  expected: (position: number) => Readonly<Record<string, Json>>,
): ImportOrigin["entries"] {
  const own = entries.flatMap(({ model, rest }, position) => {
    const usual = expected(position);
    const members = Object.entries<Json>({ model, ...rest })
      .filter(([key, value]) => !Object.hasOwn(usual, key) || usual[key] !== value);
    return members.length === 0 ? [] : [[String(position), Object.fromEntries(members)] as const];
  });
  return Object.fromEntries(own);
}

/** A prompt: JSON in a string. */
export type PythonPrompt = Readonly<{
  context: string;
  instructions: string;
  persona: Readonly<Record<string, Json>>;
  isAnnotator: boolean;
}>;

/** An annotator's type, as versions 2.0, 2.1 and 2.2 write it. */
const ANNOTATOR_TYPES: readonly unknown[] = ["2", 2, "annotator"];

/** Reads a prompt. If a researcher wrote it in another form, the whole text becomes the instructions. */
export function readPythonPrompt(text: string): PythonPrompt {
  const value = promptRecord(text);
  if (value === undefined) {
    return { context: "", instructions: text, persona: {}, isAnnotator: false };
  }
  const { context, instructions, persona, type } = value;
  return {
    context: typeof context === "string" ? context : "",
    instructions: typeof instructions === "string" ? instructions : "",
    persona: isRecord(persona) ? persona as Record<string, Json> : {},
    isAnnotator: ANNOTATOR_TYPES.includes(type),
  };
}

/** Whether a prompt has the form in which the library writes it. */
export function isPythonPrompt(text: string): boolean {
  return promptRecord(text) !== undefined;
}

function promptRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseJsonAsWritten(text);
    return isRecord(value) && !isNestedDeeper(value, NESTING_MAX) ? value : undefined;
  } catch {
    return undefined;
  }
}
