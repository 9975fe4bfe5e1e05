/** Reads named values in JSON: objects anywhere in a reply, nested objects, and lists of records. */
import { parseJson } from "../json.ts";
import type { Answers, Names } from "./listed_answers.ts";

/**
 * If the answer to a scale is an object, one of these members can hold the value:
 * `{"toxicity": {"score": 4}}`.
 */
const VALUE_MEMBERS: ReadonlySet<string> = new Set(["score", "value", "rating", "answer", "label"]);

const NAME_MEMBERS: ReadonlySet<string> = new Set([
  "name",
  "scale",
  "criterion",
  "dimension",
  "metric",
  "category",
  "attribute",
]);

const LEVELS_MAX = 20;

type JsonObject = Readonly<Record<string, unknown>>;

type WrittenObject = Readonly<{ value: JsonObject; json: string }>;

/**
 * Reads values from the JSON objects in a text. It looks at the outer objects first, then at the objects
 * inside them, and stops at the first level with names of scales. Returns the text around the objects. Braces
 * around other text become line breaks. The text after a brace that never closes is ignored.
 */
export function takeJsonAnswers(text: string, names: Names, answers: Answers): string {
  const { objects, rest } = objectsIn(text);
  let level: readonly unknown[] = objects.map(({ value }) => value);
  for (let depth = 1; depth <= LEVELS_MAX && level.length > 0; depth++) {
    const found = level.flatMap((value) => isObject(value) ? answersOf(value, names) : []);
    if (found.length > 0) {
      for (const { name, answer } of found) if (answer !== null) answers.get(name)!.push(answer);
      addRepeated(objects, depth, { names, found, answers });
      return rest;
    }
    level = level.flatMap((value) => Object.values(value as object)).filter((value) =>
      typeof value === "object" && value !== null
    );
  }
  return rest;
}

export function isWholeObject(text: string): boolean {
  const bare = text.trim().replace(/^```[a-z]*\s/i, "").replace(/```$/, "");
  return parsedObject(bare) !== null;
}

type Found = Readonly<{ name: string; answer: string | null }>;

function answersOf(object: JsonObject, names: Names): readonly Found[] {
  const members = Object.entries(object);
  const named = members.flatMap(([key, value]) => {
    const name = names.nameOf(key);
    return name === undefined ? [] : [{ name, answer: answerOf(value) }];
  });
  if (named.length > 0) return named;
  const rated = members.flatMap(([key, value]) =>
    NAME_MEMBERS.has(key.toLowerCase()) && typeof value === "string" ? names.nameOf(value) ?? [] : []
  );
  return rated.length === 1 ? [{ name: rated[0]!, answer: answerOf(object) }] : [];
}

function answerOf(value: unknown): string | null {
  if (isObject(value)) {
    const held = Object.entries(value).filter(([key]) => VALUE_MEMBERS.has(key.toLowerCase()));
    return held.length === 1 && !isObject(held[0]![1]) ? answerOf(held[0]![1]) : null;
  }
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : null;
}

/** If an object has a member twice, both answers count. The JSON parser keeps only the last of them. */
function addRepeated(
  objects: readonly WrittenObject[],
  depth: number,
  { names, found, answers }: Readonly<{ names: Names; found: readonly Found[]; answers: Answers }>,
): void {
  const written = new Map<string, number>();
  for (const { json } of objects) {
    for (const key of memberNames(json, depth)) {
      const name = names.nameOf(key);
      if (name !== undefined) written.set(name, (written.get(name) ?? 0) + 1);
    }
  }
  for (const [name, count] of written) {
    const read = found.filter((one) => one.name === name).length;
    if (count > read) answers.get(name)!.push(...Array.from({ length: count - read }, () => ""));
  }
}

function* memberNames(json: string, wanted: number): Generator<string> {
  let depth = 0;
  for (const [token, colon] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (colon !== undefined && depth === wanted) yield JSON.parse(token.slice(0, -colon.length));
  }
}

function objectsIn(text: string): Readonly<{ objects: readonly WrittenObject[]; rest: string }> {
  const objects: WrittenObject[] = [];
  let [rest, kept, start, depth] = ["", 0, 0, 0];
  for (const { 0: token, index } of text.matchAll(/"[^"\\\n]*(?:\\.[^"\\\n]*)*"|[{}]/g)) {
    if (token === "{" && depth++ === 0) start = index;
    if (token !== "}" || depth === 0 || --depth > 0) continue;
    const json = text.slice(start, index + 1);
    const value = parsedObject(json);
    rest += `${text.slice(kept, start)}\n${value === null ? json.replace(/[{}]/g, "\n") : ""}\n`;
    kept = index + 1;
    if (value !== null) objects.push({ value, json });
  }
  return { objects, rest: rest + text.slice(kept, depth > 0 ? start : undefined) };
}

function parsedObject(json: string): JsonObject | null {
  try {
    const value = parseJson(json);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
