/**
 * Discussions as files of the Python library: those of 2.0, with `users` and `user_prompts`, and those of 2.1 and later,
 * with a `prompt` in every entry of `logs`.
 */
import type { Json } from "../../core/json.ts";
import type { ImportSource } from "../../core/events/mod.ts";
import { NESTING_MAX } from "../../core/experiment/limits.ts";
import { isNestedDeeper } from "../../core/experiment/nesting.ts";
import { FormatError } from "./format_error.ts";
import type { OutsideDiscussion } from "./outside_discussion.ts";
import { readJson } from "./json_text.ts";
import { readPromptedLog } from "./python_prompted.ts";
import { isRecord, readPythonPrompt } from "./python_prompt.ts";
import { readUsersLog } from "./python_users.ts";
import type { PythonReading } from "./python_log.ts";

/** The shapes of the library's files. */
export type PythonShape = "users" | "prompted" | "annotation-of-id" | "annotation";

/**
 * Which of the library's files a value is the content of.
 *
 * @throws {FormatError} When it is of none.
 */
export function pythonShapeOf(value: unknown): PythonShape {
  if (!isRecord(value) || !Array.isArray(value.logs)) {
    throw new FormatError(
      'it is no discussion of the Python library: expected an object with a list "logs"',
    );
  }
  if (isNestedDeeper(value, NESTING_MAX)) {
    throw new FormatError(`values are nested in each other more than ${NESTING_MAX} levels deep`);
  }
  if ("conv_id" in value) return "annotation-of-id";
  if ("users" in value || "user_prompts" in value) return "users";
  const last: unknown = value.logs.at(-1);
  const isAnnotators = isRecord(last) && typeof last.prompt === "string" &&
    readPythonPrompt(last.prompt).isAnnotators;
  return isAnnotators ? "annotation" : "prompted";
}

/**
 * Reads a discussion.
 *
 * @param text The file's content.
 * @param source Where it comes from, without the format.
 * @param reading How roles are told.
 * @throws {FormatError} When it is not a discussion of the library.
 */
export function readPythonDiscussion(
  text: string,
  source: Omit<ImportSource, "format">,
  reading: PythonReading,
): OutsideDiscussion {
  const value = readJson(text);
  const shape = pythonShapeOf(value);
  const file = value as Readonly<Record<string, Json>> & Readonly<{ logs: readonly Json[] }>;
  switch (shape) {
    case "users":
      return readUsersLog(file, { format: "python-library/2.0", ...source }, reading);
    case "prompted":
      return readPromptedLog(file, { format: "python-library/2.2", ...source }, reading);
    case "annotation":
    case "annotation-of-id":
      throw new FormatError(
        'it holds annotations: import the discussions first, then give "import annotations"',
      );
    default:
      return shape satisfies never;
  }
}
