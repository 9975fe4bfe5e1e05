/** Makes anonymised copies of a run's files, and finds private words in files that must not be changed. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashOf, readSums, SUMS_FILE, sumsText } from "../../sums.ts";
import { writeAll } from "../durable_files.ts";
import { RUN_FILES } from "../run_files.ts";
import { type Finding, FINDINGS_NOTED_MAX } from "./archive_format.ts";
import type { Listed } from "./list_files.ts";
import { type Doubt, type PrivateWord, PrivateWords } from "./private_words.ts";

/** Files that are in a chain of hashes, or must agree with such a chain. A change would look like a forgery. */
const FIXED = [
  ...[RUN_FILES.runLog, RUN_FILES.manifest, RUN_FILES.experiment, RUN_FILES.prices],
  ...[`${RUN_FILES.inputs}/`, `${RUN_FILES.discussions}/`, `${RUN_FILES.withdrawn}/`],
];

const CHUNK_BYTES = 1024 * 1024;

/**
 * A longer line is searched in pieces, so that memory stays small. A word across the border of two pieces is not found.
 */
const LINE_CHARS_MAX = 16 * 1024 * 1024;

/** Something private that stays in the archive. `text` is the private text, or empty for a file that is not text. */
export type Remaining = Finding & Readonly<{ text: string }>;

/** The result: copies of the files with replaced words, and private words that stay. */
export type Anonymised = Readonly<{
  /** Path in the run's folder → path of its anonymised copy. */
  copies: ReadonlyMap<string, string>;
  /** At most `FINDINGS_NOTED_MAX`. */
  remaining: readonly Remaining[];
  remainingCount: number;
}>;

/** The names of this machine and of its user. The paths of `folders` are removed even if they contain spaces. */
export type Names = Readonly<
  { users: readonly string[]; hosts: readonly string[]; folders: readonly string[] }
>;

/**
 * Replaces private words in files that are not part of a chain of hashes. Lists the private words that stay in the
 * other files, and texts that may belong to a replaced path.
 *
 * @param files The files of the run folder that are packed.
 * @param options The names to look for, and an empty folder for the copies.
 */
export function anonymise(
  folder: string,
  files: readonly Listed[],
  { names, scratch }: Readonly<{ names: Names; scratch: string }>,
): Anonymised {
  const words = privateWords(folder, files, names);
  const copies = new Map<string, string>();
  const remaining: Remaining[] = [];
  let remainingCount = 0;
  const found = (finding: Remaining) => {
    if (++remainingCount <= FINDINGS_NOTED_MAX) remaining.push(finding);
  };
  for (const { path, isFolder } of files) {
    for (const { kind, text } of words.find(path)) found({ file: path, line: null, kind, text, count: 1 });
    if (isFolder || isSums(path)) continue;
    if (isFixed(path)) {
      for (const finding of findingsIn(folder, path, (text) => words.find(text))) found(finding);
      continue;
    }
    const copy = join(scratch, String(copies.size));
    const result = copyWithout(words, { from: join(folder, path), to: copy });
    if (result === "changed") {
      copies.set(path, copy);
      for (const finding of findingsIn(folder, path, (text) => words.findDoubts(text))) found(finding);
    } else if (result === "not-text") found({ file: path, line: null, kind: "not-text", text: "", count: 1 });
  }
  for (const { path } of files.filter(({ path }) => isSums(path))) {
    renewSums(folder, path, { copies, scratch });
  }
  return { copies, remaining, remainingCount };
}

function isFixed(path: string): boolean {
  return FIXED.some((fixed) => path === fixed || (fixed.endsWith("/") && path.startsWith(fixed)));
}

function isSums(path: string): boolean {
  return path.endsWith(`/${SUMS_FILE}`) && !isFixed(path);
}

/** Collects names before any text is replaced, because only a later file may show that a word is a name. */
function privateWords(folder: string, files: readonly Listed[], names: Names): PrivateWords {
  const words = new PrivateWords(names);
  for (const { name } of Deno.readDirSync(folder)) {
    if (name.endsWith(".lock")) words.learnHolder(Deno.readTextFileSync(join(folder, name)));
  }
  for (const { path, isFolder } of files) {
    if (isFolder || path.startsWith(`${RUN_FILES.discussions}/`)) continue;
    for (const { text } of chunksOf(join(folder, path), false)) words.learn(text);
  }
  return words;
}

/** What a search finds in a file: each private word once, with its first line and the number of its occurrences. */
function findingsIn(
  folder: string,
  path: string,
  find: (text: string) => Iterable<PrivateWord | Doubt>,
): Iterable<Remaining> {
  const findings = new Map<string, Remaining>();
  for (const { text, lineNumber } of chunksOf(join(folder, path), false)) {
    for (const { kind, text: word, at } of find(text)) {
      const known = findings.get(word);
      const line = known?.line ?? lineNumber + newlinesIn(text.slice(0, at));
      findings.set(word, { file: path, line, kind, text: word, count: (known?.count ?? 0) + 1 });
    }
  }
  return findings.values();
}

function newlinesIn(text: string): number {
  return text.split("\n").length - 1;
}

/** Copies a text file without private words. Leaves no copy if the file has none, or is not text. */
function copyWithout(
  words: PrivateWords,
  { from, to }: Readonly<{ from: string; to: string }>,
): "changed" | "unchanged" | "not-text" {
  const encoder = new TextEncoder();
  let isChanged = false;
  try {
    using copy = Deno.openSync(to, { write: true, create: true, truncate: true });
    for (const { text } of chunksOf(from, true)) {
      const replaced = words.replace(text);
      isChanged ||= replaced !== text;
      writeAll(copy, encoder.encode(replaced));
    }
    if (isChanged) return "changed";
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    Deno.removeSync(to);
    return "not-text";
  }
  Deno.removeSync(to);
  return "unchanged";
}

/**
 * The text of a file in pieces that end at line breaks, each with the number of its first line, from 1.
 *
 * @param strict Whether bytes that are not UTF-8, or a zero byte, throw a `TypeError`.
 */
function* chunksOf(path: string, strict: boolean): Generator<{ text: string; lineNumber: number }> {
  const decoder = new TextDecoder("utf-8", { fatal: strict, ignoreBOM: true });
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(CHUNK_BYTES);
  let rest = "";
  let lineNumber = 1;
  for (let count = file.readSync(bytes); count !== null; count = file.readSync(bytes)) {
    const decoded = decoder.decode(bytes.subarray(0, count), { stream: true });
    if (strict && decoded.includes("\0")) throw new TypeError("a zero byte is no text");
    rest += decoded;
    const end = rest.lastIndexOf("\n") + 1 || (rest.length > LINE_CHARS_MAX ? rest.length : 0);
    if (end === 0) continue;
    const text = rest.slice(0, end);
    yield { text, lineNumber };
    lineNumber += newlinesIn(text);
    rest = rest.slice(end);
  }
  rest += decoder.decode();
  if (rest !== "") yield { text: rest, lineNumber };
}

/** Writes a folder's list of sums again if files in the list were changed, so that the list stays correct. */
function renewSums(
  folder: string,
  path: string,
  { copies, scratch }: Readonly<{ copies: Map<string, string>; scratch: string }>,
): void {
  const within = dirname(path);
  const sums = readSums(join(folder, within));
  if (sums === null || ![...sums.keys()].some((name) => copies.has(`${within}/${name}`))) return;
  const renewed = new Map([...sums].map(([name, hashes]) => {
    const copy = copies.get(`${within}/${name}`);
    return [name, copy !== undefined && existsSync(copy) ? [hashOf(copy)!] : hashes];
  }));
  const copy = join(scratch, String(copies.size));
  Deno.writeTextFileSync(copy, sumsText(renewed));
  copies.set(path, copy);
}
