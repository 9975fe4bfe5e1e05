/**
 * Regular expressions for absolute paths of Linux, macOS and Windows in texts. They need the flag `u`.
 *
 * A space can belong to a folder's name or end a path. It belongs to the path if a separator follows within a few words, because a
 * word too many is better removed than a name left. After the name of a file, a space ends the path.
 */

export const LETTER = String.raw`\p{L}\p{M}\p{N}`;

/** JSON writes a line break as a backslash and a letter, so that letter does not belong to a word. */
export const AFTER_BREAK = String.raw`(?<=\\[nrt])`;

/** Letters and `_.@%+~#-`. The engine compiles a list of other characters much faster than all classes of letters. */
const CHARACTER = String
  .raw`[^\s\0-\x1f!"$&'()*,/:;<=>?[\\\]^\x60{|}\x7f-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\u2000-\u206f\u3000-\u3004\u3008-\u303f]`;
const APOSTROPHE = `(?<=${CHARACTER})['’](?=${CHARACTER})`;
/** A shell's backslash protects a space in a name. */
const SEGMENT = String.raw`(?:${CHARACTER}|${APOSTROPHE}|\\{1,2} (?=${CHARACTER}))+`;
const WINDOWS_SEGMENT = String.raw`[^\\/:*?"<>|\s]+`;
/** A comma or full stop after a path belongs to the sentence. */
const WINDOWS_LAST = String.raw`[^\\/:*?"<>|\s]*[^\\/:*?"<>|\s,;.!)\]}'’]`;

/** Some names have two spaces, or one that does not break lines. */
const GAP = String.raw`[ \xa0]{1,2}`;
/** A word that continues a name. Relative paths and options of a command begin otherwise. */
const WORD = String.raw`\(?(?![.@%+~#-])(?:${CHARACTER}|${APOSTROPHE})+\)?`;
/** No file's name, comma or full stop is before the space, except for a short title or an initial. */
const NAME_GOES_ON = String.raw`(?<!\.[A-Za-z]\w{0,4}|,|(?<!(?<!\p{L})\p{Lu}\p{L}{0,3})\.)`;
/** More words of a name. */
const WORDS = `(?:${NAME_GOES_ON}${GAP}${WORD}){1,4}`;

const SEPARATOR = String.raw`[\\/]`;
const IN_HOME = String.raw`(?<=${SEPARATOR}(?:home|Users)${SEPARATOR}+)`;
/** A home folder at the end of a text in quotation marks. */
const QUOTED_HOME = String.raw`${IN_HOME}${SEGMENT}${WORDS}(?=\\*["'\x60])`;
const POSIX_PART = String.raw`(?:${SEGMENT}${WORDS}(?=/)|${QUOTED_HOME}|${SEGMENT}(?:(?=/)|(?<!\.)))`;

/** The place where an absolute path begins: not within a relative path or a server's address. */
const PATH_BEGINS = String.raw`(?:(?<![${LETTER}_/.~+\\<-])|${AFTER_BREAK}|(?<=file://))`;

/** Backslashes that JSON wrote twice, or four times if the text was in JSON already. */
const DOUBLED = String.raw`(?:\\\\){1,2}`;
/** The two backslashes before a server, doubled once or twice. */
const DOUBLED_SERVER = String.raw`\\{4}(?:\\{4})?`;
/** A backslash and one of these letters can be an escape of JSON. */
const SINGLE = String.raw`\\(?![\\"nrtu])`;
/** After a backslash that is no escape, another one is none either. */
const NEXT_SINGLE = String.raw`\\(?![\\"])`;
/** The letter can begin a name if a backslash that is no escape follows in the same path. */
const UNCLEAR_SINGLE = String.raw`\\(?=[nrtu]${WINDOWS_SEGMENT}\\[^\\"/bfnrtu])`;

/**
 * The pattern of all absolute paths.
 *
 * @param names Patterns for names that are known, which can contain spaces.
 */
export function absolutePaths(names: readonly string[]): string {
  const known = names.map((name) => `${name}(?![${LETTER}])|`).join("");
  const windows = (first: string, next: string) =>
    `${first}(?:(?:${known}${WINDOWS_SEGMENT}(?:${WORDS})?)(?:${next}))*(?:${known}${QUOTED_HOME}|${WINDOWS_LAST})?`;
  const drive = String.raw`(?:(?<![${LETTER}])|${AFTER_BREAK})[A-Za-z]:`;
  const server = String.raw`(?:(?<![${LETTER}\\])|${AFTER_BREAK})`;
  const host = String.raw`[${LETTER}?][${LETTER}._$-]+`;
  const share = String.raw`(?=[${LETTER}_])`;
  return [
    // Two or more parts after a slash, but not a path of a server's interface, such as `/v1/models`.
    `${PATH_BEGINS}/(?!v\\d+/)${SEGMENT}(?:/(?:${known}${POSIX_PART}))+/?`,
    windows(
      `(?:${drive}${DOUBLED}(?=[^\\s"])|${server}${DOUBLED_SERVER}${host}${DOUBLED}${share})`,
      `${DOUBLED}|/`,
    ),
    windows(
      `(?:${drive}(?:${SINGLE}|${UNCLEAR_SINGLE})(?=[^\\s"])|${server}\\\\\\\\${host}${NEXT_SINGLE}${share})`,
      `${NEXT_SINGLE}|/`,
    ),
    windows(`${drive}/(?=[^/\\s"\\\\])`, `/|${DOUBLED}|${SINGLE}`),
  ].join("|");
}

/** The pattern of paths below known folders, whose names can contain anything. */
export function pathsBelow(folders: readonly string[]): string {
  return String.raw`${PATH_BEGINS}(?:${folders.join("|")})(?![${LETTER}_-])(?:${SEPARATOR}+${POSIX_PART})*`;
}

const HOME = new RegExp(
  String.raw`(?:/(?:home|Users)|\\(?:home|Users)|[A-Za-z]:(?:\\+|/)Users)(?:\\{1,4}|/)` +
    String.raw`(${SEGMENT}(?:${WORDS}(?=${SEPARATOR}|\\*["'\x60]))?)`,
  "gu",
);
const BEFORE_SMALL_WORD = /^(\S+)\s+\p{Ll}/u;

/** The names of the users whose home folders a text names: the first word alone, too, if the next word can be one of a sentence. */
export function* usersOfHomes(text: string): Generator<string> {
  for (const [, name] of text.matchAll(HOME)) {
    yield name!;
    const [, first] = BEFORE_SMALL_WORD.exec(name!) ?? [];
    if (first !== undefined) yield first;
  }
}

/** The rest of a name after a home folder: in capitals, or before a separator, as in "Surname, First name". */
const NAME_CONTINUES = new RegExp(
  String.raw`^[.,]?(?:${GAP}${WORD}){1,4}(?=/|\\\\|${SINGLE})|^(?:${GAP}(?=[\p{Lu}\p{Lt}\p{Lo}])${WORD})+`,
  "u",
);

/** The text after a home folder that can belong to its name, so that a name may remain; `""` if there is none. */
export function doubtAfter(path: string, after: string): string {
  return endsInHome(path) ? NAME_CONTINUES.exec(after)?.[0] ?? "" : "";
}

/** Whether a path is the home folder of a user. */
export function endsInHome(path: string): boolean {
  return /^(?:\/(?:home|Users)\/|[A-Za-z]:(?:\\+|\/)Users(?:\\+|\/)|\\\\.*\\(?:home|Users)\\+)[^\\/]+[\\/]*$/u
    .test(path);
}
