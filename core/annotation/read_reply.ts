/** Reading a reply as the values of all scales that it was asked for. */
import type { ModelReply } from "../ports/model.ts";
import type { Scale, ScaleValue } from "./codebook.ts";
import { readValue } from "./read_value.ts";

/** What a reply holds. */
export type Reading =
  | Readonly<{ values: Readonly<Record<string, ScaleValue>> }>
  /** Why it cannot be read, for people. */
  | Readonly<{ problem: string }>;

/** JSON in a code block, as models like to give it. */
const CODE_BLOCK = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/;

/** Marks of lists and emphasis before a name. */
const NAME_PREFIX = /^[\s*\-#>"'`]+/;

/**
 * Reads a reply. Of several scales, each must have exactly one valid value: in a JSON object, or in a line of its own
 * that begins with its name.
 *
 * @param scales What was asked for, at least one.
 * @param reply The reply; one that the model or its server withheld holds no values.
 */
export function readReply(
  scales: readonly Scale[],
  { text, finishReason }: Pick<ModelReply, "text" | "finishReason">,
): Reading {
  if (finishReason === "refused") return { problem: "the model refused to answer" };
  const [only, ...others] = scales;
  if (others.length === 0) {
    const read = readValue(only!, text);
    return "value" in read ? { values: { [only!.name]: read.value } } : read;
  }
  const answers = jsonAnswers(text) ?? lineAnswers(text, scales);
  const values: [string, ScaleValue][] = [];
  for (const scale of scales) {
    const given = answers.get(scale.name) ?? [];
    if (given.length !== 1) {
      return { problem: `${scale.name}: ${given.length === 0 ? "no answer" : "several answers"}` };
    }
    const read = readValue(scale, given[0]!);
    if ("problem" in read) return { problem: `${scale.name}: ${read.problem}` };
    values.push([scale.name, read.value]);
  }
  return { values: Object.fromEntries(values) };
}

type Answers = ReadonlyMap<string, readonly string[]>;

function jsonAnswers(text: string): Answers | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(CODE_BLOCK.exec(text)?.[1] ?? text);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
  return new Map(Object.entries(parsed).map(([name, value]) => [name, memberAnswers(text, name, value)]));
}

/** A member that stands there twice was answered twice: the parser keeps only the last one. */
function memberAnswers(text: string, name: string, value: unknown): string[] {
  if (!["string", "number", "boolean"].includes(typeof value)) return [];
  const times = text.match(new RegExp(`${RegExp.escape(JSON.stringify(name))}\\s*:`, "g"))?.length ?? 1;
  return new Array<string>(times).fill(String(value));
}

function lineAnswers(text: string, scales: readonly Scale[]): Answers {
  const answers = new Map<string, string[]>();
  for (const line of text.split(/\r\n|[\n\r\u2028\u2029]/)) {
    const bare = line.replace(NAME_PREFIX, "");
    for (const { name } of scales) {
      if (!bare.toLowerCase().startsWith(name.toLowerCase())) continue;
      const after = /^["'`*]*\s*[:=]\s*(.*)$/.exec(bare.slice(name.length));
      if (after !== null) answers.set(name, [...answers.get(name) ?? [], after[1]!]);
    }
  }
  return answers;
}
