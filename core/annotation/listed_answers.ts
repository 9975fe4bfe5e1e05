/** Reads named values in lists, tables and tags of a reply. */
import { folded } from "./scales/wording.ts";
import { isFreeText, readValue, type Scale } from "./scales/mod.ts";

/** Scale → all answers to it in a reply, as they are written. */
export type Answers = ReadonlyMap<string, string[]>;

/** The gap between the words of a name. Models write it in different ways: "ArgumentQuality", "argument_quality". */
const GAP = /[\s_-]+/gu;

const ADDED = "(?:[\\s_-]{0,4}(?:score|rating|level|value))?(?:\\s{0,4}[(\\[][^()\\[\\]\\n]{0,60}[)\\]])?";

const WRITTEN_LENGTH_MAX = 300;

const QUOTES = "[\"'`*_]{0,8}";

/**
 * Finds scales by their names. Upper and lower case do not matter. Spaces, underscores and hyphens do not
 * matter either, but they are compared if two names differ only in these.
 */
export class Names {
  readonly #byKey: ReadonlyMap<string, string>;
  readonly #keyOf: (name: string) => string;
  /** A regular expression for any of the names, with the words that models add to a name. */
  readonly pattern: string;

  constructor(names: readonly string[]) {
    const loose = (name: string) => folded(name).replace(GAP, "");
    const isLoose = new Set(names.map(loose)).size === names.length;
    this.#keyOf = isLoose ? loose : folded;
    this.#byKey = new Map(names.map((name) => [this.#keyOf(name), name]));
    const gap = isLoose ? "[\\s_-]{0,4}" : "";
    const keys = [...this.#byKey.keys()].sort((a, b) => b.length - a.length);
    const patternOf = (char: string) => char === " " ? "\\s" : RegExp.escape(char);
    const patterns = keys.map((key) => [...key].map(patternOf).join(gap));
    this.pattern = `(?:${patterns.join("|")})${QUOTES}${ADDED}${QUOTES}`;
  }

  /** The scale that a text names; `undefined` if the text names none. */
  nameOf(written: string): string | undefined {
    if (written.length > WRITTEN_LENGTH_MAX || written === "") return undefined;
    const bare = written.normalize("NFC").trim().replace(BARE, "$1");
    return this.#byKey.get(this.#keyOf(bare)) ??
      this.#byKey.get(this.#keyOf(bare.replace(ADDED_AT_END, "").replace(BARE, "$1")));
  }
}

const BARE = new RegExp(`^${QUOTES}(.*?)${QUOTES}$`, "su");
const ADDED_AT_END = new RegExp(`(?<=.)${ADDED}$`, "su");

const LINE_LENGTH_MAX = 100_000;

/** What comes before a name: the beginning of a line, a separator of a list, or the value before it. */
const PLACE = "(?:^|[,;|/&，；、]|(?<=[:：])|\\.\\s|\\s(?:and|und|et|y|και)\\s|(?<=[\\d\"'*)\\]])\\s(?=\\S))";

/** Bullets, numbers and emphasis in front of a name. */
const BULLET = "[\\s*_\\-–•·+#>\"'`([{|]{0,20}(?:\\d{1,3}[.)]\\s{0,4}[\"'`*]{0,4})?(?:the\\s)?";

const IS = "\\s{0,20}(?:[:=：|]|->|→|=>|⇒)|\\s{1,4}(?:is|equals|ist|est|es)\\s";
/** A dash. It can also be the value's minus sign. */
const DASH = "\\s{0,4}[–—]\\s?|\\s{1,4}-{1,2}\\s";
/** No sign between the name and the value: a lone number follows the name, or the line ends. */
const NOTHING = "(?=\\s{1,4}[+\\-]?[\\d.]{1,20}\\s{0,4}(?:$|[,;|/&]|\\s(?:and|und|et|y|και)\\s))|\\s{0,20}$";

/** A name that belongs to no scale. The value before this name ends here. */
const OTHER_NAME = "\\p{L}[\\p{L}\\p{N} _-]{0,40}[\"'`*]{0,4}\\s{0,4}[:=：]";

type Entry = Readonly<{ name: string | undefined; isDash: boolean; start: number; end: number }>;

/**
 * Reads the lists, tables and tags of a reply. Returns whether all other lines of the reply begin with a
 * name.
 */
export function takeListedAnswers(
  text: string,
  scales: readonly Scale[],
  { names, answers }: Readonly<{ names: Names; answers: Answers }>,
): boolean {
  const byName = new Map(scales.map((scale) => [scale.name, scale]));
  const pattern = new RegExp(
    `${PLACE}${BULLET}(?:(?<name>${names.pattern})(?:(?:${IS})|(?<dash>${DASH})|${NOTHING})|(?<other>${OTHER_NAME}))`,
    "giu",
  );
  const lines = takeTables(takeTags(text.normalize("NFC"), names, answers), names, answers);
  let isList = true;
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const entries = entriesOf(line, pattern, names);
    isList &&= entries[0]?.start === 0;
    for (const [index, entry] of entries.entries()) {
      const scale = entry.name === undefined ? undefined : byName.get(entry.name);
      if (scale === undefined) continue;
      const isText = isFreeText(scale);
      const next = isText ? namedAfter(entries, index) : entries[index + 1];
      const answer = bare(line.slice(entry.end, next?.start));
      const given = answers.get(scale.name)!;
      if (answer === "" && next === undefined) given.push(lineBelow(lines, at, { scale, pattern, names }));
      else given.push(isText ? answer : answer.split("|", 1)[0]!);
      // If the scale has negative numbers, a dash can be a minus sign. If another name follows a text, the
      // text can end before or after it. In both cases a second answer is added, so that the scale has no
      // valid value.
      if (isText ? next !== undefined : entry.isDash && isSigned(scale)) given.push(answer);
    }
  }
  return isList;
}

function entriesOf(line: string, pattern: RegExp, names: Names): readonly Entry[] {
  if (line.length > LINE_LENGTH_MAX) return [];
  return [...line.matchAll(pattern)].map(({ 0: found, index, groups }) => ({
    name: groups!.name === undefined ? undefined : names.nameOf(groups!.name),
    isDash: groups!.dash !== undefined,
    start: index,
    end: index + found.length,
  }));
}

function namedAfter(entries: readonly Entry[], index: number): Entry | undefined {
  let after = index + 1;
  while (after < entries.length && entries[after]!.name === undefined) after++;
  return entries[after];
}

function isSigned(scale: Scale): boolean {
  return "min" in scale && scale.min < 0;
}

function bare(answer: string): string {
  return answer.replace(/^[*_]{0,4}\s*/u, "").trimEnd();
}

/** The value below a name that is alone on its line. */
function lineBelow(
  lines: readonly string[],
  at: number,
  { scale, pattern, names }: Readonly<{ scale: Scale; pattern: RegExp; names: Names }>,
): string {
  const below = lines.slice(at + 1, at + 3).find((line) => line.trim() !== "");
  if (below === undefined || entriesOf(below, pattern, names).length > 0) return "";
  return "value" in readValue({ ...scale, grammar: "exact" }, below) ? below.trim() : "";
}

/** Reads tags with names of scales, such as `<Toxicity>1</Toxicity>`. Returns the text around them. */
function takeTags(text: string, names: Names, answers: Answers): string {
  return text.replace(
    /<([\p{L}][^<>/\n]{0,100})>([^<>]{0,10000})<\/([^<>\n]{1,100})>/gu,
    (whole, open, value, close) => {
      const name = names.nameOf(open);
      if (name === undefined || names.nameOf(close) !== name) return whole;
      answers.get(name)!.push(value.trim());
      return "\n";
    },
  );
}

/** Reads tables: a line of names with lines of values below it. Returns all other lines. */
function takeTables(text: string, names: Names, answers: Answers): readonly string[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  if (answers.size < 2) return lines;
  const rest: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const header = cellsOf(lines[at]!);
    const columns = header.length < answers.size ? [] : header.map((cell) => names.nameOf(cell));
    const isHeader = [...answers.keys()].every((name) =>
      columns.filter((other) => other === name).length === 1
    );
    if (!isHeader) {
      rest.push(lines[at]!);
      continue;
    }
    for (; at + 1 < lines.length; at++) {
      if (/^[\s|:+=-]*$/.test(lines[at + 1]!)) continue;
      const row = cellsOf(lines[at + 1]!);
      if (row.length !== header.length) break;
      columns.forEach((name, column) => name !== undefined && answers.get(name)!.push(row[column]!));
    }
  }
  return rest;
}

function cellsOf(line: string): readonly string[] {
  if (line.length > LINE_LENGTH_MAX) return [];
  const delimiter = ["|", "\t", ";", ","].find((mark) => line.includes(mark));
  if (delimiter === undefined) return [];
  return line.trim().replace(/^\|/, "").replace(/\|$/, "").split(delimiter).map((cell) => cell.trim());
}
