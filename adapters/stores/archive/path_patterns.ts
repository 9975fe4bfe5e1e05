/**
 * Regular expressions for absolute paths of Linux, macOS and Windows in texts. They need the flag `u`.
 *
 * A space can belong to a folder's name or end a path. It counts as part of the path if a separator follows within a
 * few words. This can remove a word of a sentence, which is better than to leave a part of a name. After the name of a
 * file, a space ends the path.
 */

export const LETTER = String.raw`\p{L}\p{M}\p{N}`;

/** JSON writes a line break as a backslash and a letter. This letter does not belong to the word after it. */
export const AFTER_BREAK = String.raw`(?<=\\[nrt])`;

/**
 * Letters and `_.@%+~#-`, written as a list of all other characters: this compiles much faster than classes of letters.
 */
const CHARACTER = String
  .raw`[^\s\0-\x1f!"$&'()*,/:;<=>?[\\\]^\x60{|}\x7f-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\u2000-\u206f\u3000-\u3004\u3008-\u303f]`;
const APOSTROPHE = `(?<=${CHARACTER})['’](?=${CHARACTER})`;
/** In a shell, a backslash before a space means that the space belongs to the name. */
const SEGMENT = String.raw`(?:${CHARACTER}|${APOSTROPHE}|\\{1,2} (?=${CHARACTER}))+`;
const WINDOWS_SEGMENT = String.raw`[^\\/:*?"<>|\s]+`;
/** A comma or full stop after a path belongs to the sentence. */
const WINDOWS_LAST = String.raw`[^\\/:*?"<>|\s]*[^\\/:*?"<>|\s,;.!)\]}'’]`;

/** Some names have two spaces in a row, or a space that does not break lines. */
const GAP = String.raw`[ \xa0]{1,2}`;
/** A word that continues a name. It does not begin like a relative path or like an option of a command. */
const WORD = String.raw`\(?(?![.@%+~#-])(?:${CHARACTER}|${APOSTROPHE})+\)?`;
/**
 * Excludes a space after the name of a file, a comma or a full stop. A full stop after a short title or an initial is
 * fine.
 */
const NAME_GOES_ON = String.raw`(?<!\.[A-Za-z]\w{0,4}|,|(?<!(?<!\p{L})\p{Lu}\p{L}{0,3})\.)`;
/** One to four further words of a name. */
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
/** A single backslash. If one of these characters follows, it can be an escape of JSON, so it does not match. */
const SINGLE = String.raw`\\(?![\\"nrtu])`;
/** A later single backslash of the same path. The first one is no escape, so this one is none either. */
const NEXT_SINGLE = String.raw`\\(?![\\"])`;
/**
 * Before such a letter, a backslash can also separate names. It does if a backslash that is no escape follows in the
 * path.
 */
const UNCLEAR_SINGLE = String.raw`\\(?=[nrtu]${WINDOWS_SEGMENT}\\[^\\"/bfnrtu])`;

/**
 * The pattern of all absolute paths.
 *
 * @param names Patterns of known names. These names can contain spaces.
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

/**
 * The names of the users whose home folders a text contains. If the second word of a name can belong to the sentence
 * instead, also yields the first word alone.
 */
export function* usersOfHomes(text: string): Generator<string> {
  for (const [, name] of text.matchAll(HOME)) {
    yield name!;
    const [, first] = BEFORE_SMALL_WORD.exec(name!) ?? [];
    if (first !== undefined) yield first;
  }
}

/**
 * The rest of a name after a home folder: words that begin with a capital, or words before a separator. The latter can
 * follow a comma, as in "Surname, First name".
 */
const NAME_CONTINUES = new RegExp(
  String.raw`^[.,]?(?:${GAP}${WORD}){1,4}(?=/|\\\\|${SINGLE})|^(?:${GAP}(?=[\p{Lu}\p{Lt}\p{Lo}])${WORD})+`,
  "u",
);

/** The text after a home folder that can still belong to the folder's name; `""` if there is none. */
export function doubtAfter(path: string, after: string): string {
  return endsInHome(path) ? NAME_CONTINUES.exec(after)?.[0] ?? "" : "";
}

/** Whether a path is the home folder of a user. */
export function endsInHome(path: string): boolean {
  return /^(?:\/(?:home|Users)\/|[A-Za-z]:(?:\\+|\/)Users(?:\\+|\/)|\\\\.*\\(?:home|Users)\\+)[^\\/]+[\\/]*$/u
    .test(path);
}
