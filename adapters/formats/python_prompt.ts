/** The prompts that the Python library writes into its files: JSON in a string. */
import { type Json, parseJsonAsWritten } from "../../core/json.ts";
import { NESTING_MAX } from "../../core/experiment/limits.ts";
import { isNestedDeeper } from "../../core/experiment/nesting.ts";

/** What a prompt says. */
export type PythonPrompt = Readonly<{
  context: string;
  instructions: string;
  persona: Readonly<Record<string, Json>>;
  /** Whether it is an annotator's. */
  isAnnotators: boolean;
}>;

/** How versions 2.0 and 2.1 write an annotator's type, and how 2.2 does. */
const ANNOTATOR_TYPES: readonly unknown[] = ["2", 2, "annotator"];

/**
 * Reads a prompt.
 *
 * @param text As it stands in the file. One that is not in the library's own form is taken for instructions as a whole:
 *   researchers can override how prompts are made.
 */
export function readPythonPrompt(text: string): PythonPrompt {
  const value = parsed(text);
  if (!isRecord(value) || isNestedDeeper(value, NESTING_MAX)) {
    return { context: "", instructions: text, persona: {}, isAnnotators: false };
  }
  const { context, instructions, persona, type } = value;
  return {
    context: typeof context === "string" ? context : "",
    instructions: typeof instructions === "string" ? instructions : "",
    persona: isRecord(persona) ? persona as Record<string, Json> : {},
    isAnnotators: ANNOTATOR_TYPES.includes(type),
  };
}

function parsed(text: string): unknown {
  try {
    return parseJsonAsWritten(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
