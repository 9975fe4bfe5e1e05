/** The problems of a file, as texts for the person who wrote the file. */
import { distance } from "npm:fastest-levenshtein@1.0.16/esm/mod.js";

/** The path of a value in a file: keys of mappings and 0-based indices of lists. */
export type Path = readonly (string | number)[];

/** A place in a text; lines and columns count from 1. */
export type Place = Readonly<{ line: number; column: number }>;

/** One problem of a file, and its place. */
export type Problem = Readonly<{
  /** The file's name, as the user would type it. */
  file: string;
  line: number;
  /** 1-based, in UTF-16 code units. */
  column: number;
  /** The dotted path of the value, such as `participants.count`; empty for the file as a whole. */
  path: string;
  /** The problem as a sentence, without its place and the suggestion. */
  message: string;
  expected?: string;
  found?: string;
  /** The nearest valid name, if the value looks like a typing error. */
  suggestion?: string;
}>;

/** A problem before its line and column are known. */
export type Finding = Readonly<{
  path: Path;
  /** Whether the problem is in the key or in its value; by default in the value. */
  part?: "key" | "value";
  message: string;
  expected?: string;
  found?: string;
  suggestion?: string;
}>;

export function mismatch(path: Path, expected: string, value: unknown): Finding {
  if (value === undefined) return { path, message: `is missing: expected ${expected}`, expected };
  const found = described(value);
  return { path, message: `expected ${expected}, found ${found}`, expected, found };
}

export function within(prefix: Path, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: [...prefix, ...finding.path] }));
}

export function suggesting(finding: Finding, name: string, names: Iterable<string>): Finding {
  const suggestion = nearest(name, names);
  return suggestion === undefined ? finding : { ...finding, suggestion };
}

const LISTED_PROBLEMS_MAX = 100;

/** The error for a file with problems. The message lists them, one on each line. */
export class ExperimentError extends Error {
  /** Identifies the class in places where `instanceof` does not work. */
  override readonly name = "ExperimentError";
  /** All problems, in the order of files and lines. */
  readonly problems: readonly Problem[];

  /** Sorts the problems and lists them. */
  constructor(problems: readonly Problem[]) {
    const sorted = [...problems].sort(byPlace);
    const lines = sorted.slice(0, LISTED_PROBLEMS_MAX).map(formatProblem);
    const rest = sorted.length - lines.length;
    if (rest > 0) lines.push(`… and ${rest} more`);
    super(lines.join("\n"));
    this.problems = sorted;
  }
}

function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** One problem as a line that a terminal can show: `file:line:column: path: message; did you mean "this"?` */
export function formatProblem(problem: Problem): string {
  const { file, line, column, path, message, suggestion } = problem;
  const where = path === "" ? "" : `${path}: `;
  const hint = suggestion === undefined ? "" : `; did you mean ${quoted(suggestion)}?`;
  return visible(`${file}:${line}:${column}: ${where}${message}${hint}`);
}

/** Characters that change what a terminal shows: control characters, and characters that reverse the direction of text. */
const INVISIBLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

function visible(text: string): string {
  return text.replace(INVISIBLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const QUOTED_LENGTH_MAX = 60;

export function quoted(text: string): string {
  const points = [...text.slice(0, QUOTED_LENGTH_MAX * 2)];
  const cut = points.length > QUOTED_LENGTH_MAX ? `${points.slice(0, QUOTED_LENGTH_MAX).join("")}…` : text;
  return JSON.stringify(cut);
}

/** A value from a file in words: `"ten"`, `12`, `a list`, `nothing`. */
export function described(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return value === "" ? "an empty text" : `the text ${quoted(value)}`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "keys and values";
  return String(value);
}

/** A path as people write it: `participants.roles.0.name`. */
export function dotted(path: Path): string {
  return path.join(".");
}

/** The readable part of a value, and all problems of the value. */
export type Read<T> = Readonly<{ read: T; findings: readonly Finding[] }>;

/** Names joined for a sentence: `a, b or c`; long lists are cut. */
export function listed(names: Iterable<string>, limit = 12): string {
  const all = [...names];
  const shown = all.slice(0, limit);
  if (all.length > limit) return `${shown.join(", ")}, … (${all.length} in all)`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

/** The nearest name, or `undefined` if none is near. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const steps = distance(wanted, candidate.toLowerCase());
    if (steps < bestDistance) [best, bestDistance] = [candidate, steps];
  }
  return best;
}
