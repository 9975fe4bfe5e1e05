/** Reading a reply as the values of all scales that it was asked for. */
import type { ModelReply } from "../ports/model.ts";
import type { Scale, ScaleValue } from "./codebook.ts";
import { readValue } from "./read_value.ts";
import { folded } from "./wording.ts";

/** What a reply holds. */
export type Reading =
  | Readonly<{ values: Readonly<Record<string, ScaleValue>> }>
  /** Why it cannot be read, for people. */
  | Readonly<{ problem: string }>;

/** Longest reply to several questions that is looked through, in characters; a longer one is no answer. */
const REPLY_LENGTH_MAX = 1_000_000;

/** Marks of lists and emphasis before a name. */
const NAME_PREFIX = /^[\s*\-–•#>"'`]*(?:\d{1,3}[.)][\s*"'`]*)?/u;

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
  if (text.length > REPLY_LENGTH_MAX) {
    return { problem: `the reply has more than ${REPLY_LENGTH_MAX} characters` };
  }
  const answers = answersIn(text, scales);
  const values: [string, ScaleValue][] = [];
  for (const scale of scales) {
    const given = answers.get(scale.name)!;
    if (given.length !== 1) {
      return { problem: `${scale.name}: ${given.length === 0 ? "no answer" : "several answers"}` };
    }
    const read = readValue(scale, given[0]!);
    if ("problem" in read) return { problem: `${scale.name}: ${read.problem}` };
    values.push([scale.name, read.value]);
  }
  return { values: Object.fromEntries(values) };
}

/** Scale → everything that the reply answers to it. */
type Answers = ReadonlyMap<string, string[]>;

function answersIn(text: string, scales: readonly Scale[]): Answers {
  const answers: Answers = new Map(scales.map(({ name }) => [name, []]));
  const [begin, end] = [text.indexOf("{"), text.lastIndexOf("}") + 1];
  const object = begin === -1 || end === 0 ? null : parsedObject(text.slice(begin, end));
  if (object !== null) addMembers(answers, object, text.slice(begin, end));
  // What is said around the object counts as well: models like to wrap it in words, or in a code block.
  addLines(answers, object === null ? text : `${text.slice(0, begin)}\n${text.slice(end)}`);
  return answers;
}

function parsedObject(json: string): Record<string, unknown> | null {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function addMembers(answers: Answers, object: Record<string, unknown>, json: string): void {
  const byName = new Map([...answers].map(([name, given]) => [folded(name), given]));
  for (const written of memberNames(json)) {
    const value = object[written];
    if (["string", "number", "boolean"].includes(typeof value)) {
      byName.get(folded(written))?.push(String(value));
    }
  }
}

/** The names of an object's own members. One that stands there twice is named twice: the parser keeps only the last. */
function* memberNames(json: string): Generator<string> {
  let depth = 0;
  for (const [token, colon] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (colon !== undefined && depth === 1) yield JSON.parse(token.slice(0, -colon.length));
  }
}

function addLines(answers: Answers, text: string): void {
  const patterns = [...answers].map(([name, given]) => ({
    given,
    pattern: new RegExp(`^${RegExp.escape(name.normalize("NFC"))}["'\`*_]*\\s*[:=：][*_]*\\s*(.*)$`, "isu"),
  }));
  for (const line of text.normalize("NFC").split(/\r\n|[\n\r\u2028\u2029]/)) {
    const bare = line.replace(NAME_PREFIX, "");
    for (const { given, pattern } of patterns) {
      const [, answer] = pattern.exec(bare) ?? [];
      if (answer !== undefined) given.push(answer);
    }
  }
}
