/**
 * Regular expressions for absolute paths of Linux, macOS and Windows in texts. They need the flag `u`.
 *
 * A space can belong to a folder's name or end a path. It belongs to a name if a separator follows, and the words look like a
 * name: all begin with capitals, or have letters of a script without capitals. At a backslash, or
 * if the path begins right after a quotation mark, one more word in small letters counts, too, except for common words.
 */

export const LETTER = String.raw`\p{L}\p{M}\p{N}`;

/** JSON writes a line break as a backslash and a letter, so that letter does not belong to a word. */
export const AFTER_BREAK = String.raw`(?<=\\[nrt])`;

/** An apostrophe within a word, and a space that a shell's backslash protects, belong to a name. */
const SEGMENT = String.raw`(?:[${LETTER}_.@%+~#-]|(?<=\p{L})['’](?=\p{L})|\\{1,2} (?=[${LETTER}]))+`;
const WINDOWS_SEGMENT = String.raw`[^\\/:*?"<>|\s]+`;
/** A comma or full stop after a path belongs to the sentence. */
const WINDOWS_LAST = String.raw`[^\\/:*?"<>|\s]*[^\\/:*?"<>|\s,;.!)\]}'’]`;

/** The place where an absolute path begins: not within a relative path or a server's address. */
const PATH_BEGINS = String.raw`(?:(?<![${LETTER}_/.~+\\<-])|${AFTER_BREAK}|(?<=file://))`;

/** Some names have two spaces, or one that does not break lines. */
const GAP = String.raw`[ \xa0]{1,2}`;
const INITIAL = String.raw`(?:\p{Lu}|Dr|Prof|St)\.`;
/** Parts of names that stand between other parts. */
const LINK = String
  .raw`(?:(?:von|van|der|den|de|da|do|dos|das|di|du|del|della|la|le|bin|ibn|al|el|y|e|zu|zur|zum|ten|ter|` +
  String.raw`\p{Lu}|${INITIAL})${GAP})`;
const LETTERS = String.raw`[\p{L}\p{M}'’-]`;
/** A word of a name: it has no full stop, because that can end a file's name or a sentence. */
const CAPITAL = String.raw`(?:[\p{Lu}\p{Lt}]${LETTERS}+|\p{Lo}${LETTERS}*)`;
/** These words begin a sentence and are no names of people. */
const SENTENCE_BEGINS = String
  .raw`(?:See|The|Then|This|That|It|If|But|And|Or|Not|Is|For|From|With|Did|Does|Cannot|Could)(?!\p{L})`;
const BRACKETED = String.raw`\([${LETTER}_.-]+\)`;

/** Several words that look like one name. */
const FULL_NAME = String
  .raw`(?:${CAPITAL}|${INITIAL})(?:${GAP}(?!${SENTENCE_BEGINS})${LINK}*(?:${CAPITAL}|${BRACKETED})){1,4}`;

/** Words that follow a path in a sentence. */
const COMMON_WORDS =
  "and or is are was were be in on to of at by for from as has have had not no with without the a an then than that this it " +
  "if but into onto can cannot could will does did do see use uses used failed exists contains holds says";
const COMMON = `(?:${COMMON_WORDS.replaceAll(" ", "|")})`;
const ANY_WORD = String.raw`(?!${COMMON}(?![\p{L}]))[${LETTER}][${LETTER}_'’-]*`;
const TWO_WORDS = `${ANY_WORD}${GAP}${LINK}*${ANY_WORD}`;

const SEPARATOR = String.raw`[\\/]`;
const IN_HOME = String.raw`(?<=${SEPARATOR}(?:home|Users)${SEPARATOR}+)`;
/** A home folder at the end of a text in quotation marks. */
const QUOTED_HOME = String.raw`${IN_HOME}${FULL_NAME}(?=\\*["'\x60])`;
const AFTER_QUOTE = String.raw`(?<=["'\x60][^"'\x60\s]{0,512})`;

const SPACED = `(?:${FULL_NAME}(?=${SEPARATOR})|${QUOTED_HOME})`;
const POSIX_PART =
  `(?:${SPACED}|(?=${TWO_WORDS}/)${AFTER_QUOTE}${TWO_WORDS}(?=/)|${SEGMENT}(?:(?=/)|(?<!\\.)))`;
const WINDOWS_SPACED = String
  .raw`(?:${SPACED}|${TWO_WORDS}(?=\\)|(?=${TWO_WORDS}/)${AFTER_QUOTE}${TWO_WORDS})`;

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
  const posix = `(?:${known}${POSIX_PART})`;
  const windows = (first: string, next: string) =>
    `${first}(?:(?:${known}${WINDOWS_SPACED}|${WINDOWS_SEGMENT})(?:${next}))*(?:${known}${QUOTED_HOME}|${WINDOWS_LAST})?`;
  const drive = String.raw`(?:(?<![${LETTER}])|${AFTER_BREAK})[A-Za-z]:`;
  const server = String.raw`(?:(?<![${LETTER}\\])|${AFTER_BREAK})`;
  const host = String.raw`[${LETTER}?][${LETTER}._$-]+`;
  const share = String.raw`(?=[${LETTER}_])`;
  return [
    // Two or more parts after a slash, but not a path of a server's interface, such as `/v1/models`.
    `${PATH_BEGINS}/(?!v\\d+/)${SEGMENT}(?:/${posix})+/?`,
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

/** A home folder; the group is the name of its user. */
export const HOME = new RegExp(
  String
    .raw`(?:/(?:home|Users)|\\(?:home|Users)|[A-Za-z]:(?:\\+|/)Users)(?:\\{1,4}|/)(${WINDOWS_SPACED}|[${LETTER}_.@-]+)`,
  "gu",
);

/** A word that does not continue a sentence. */
const WORD = String.raw`(?!${COMMON}(?!\p{L}))[${LETTER}(][${LETTER}_.'’()-]*`;
/** Words before a separator. */
const CONTINUES = String.raw`(?:${GAP}${WORD}){1,4}(?:/|\\\\|${SINGLE})(?=[^\s\\/])`;
const PATH_CONTINUES = new RegExp(`^${CONTINUES}`, "u");
/** The rest of a name after a home folder, which can be "Surname, First name". */
const NAME_CONTINUES = new RegExp(
  String
    .raw`^[.,]?${CONTINUES}|^(?:${GAP}(?!${SENTENCE_BEGINS})${LINK}*${CAPITAL})+|^(?: ${WORD}){1,2}(?=\\*["'\x60])`,
  "u",
);
const ENDS_IN_FILE = /\.[A-Za-z]\w{0,4}$/;

/** The text after a path that can belong to it, so that a name may remain; `""` if there is none. */
export function doubtAfter(path: string, after: string): string {
  const isHome = endsInHome(path);
  if (!isHome && ENDS_IN_FILE.test(path)) return "";
  return (isHome ? NAME_CONTINUES : PATH_CONTINUES).exec(after)?.[0] ?? "";
}

/** Whether a path is the home folder of a user. */
export function endsInHome(path: string): boolean {
  return /^(?:\/(?:home|Users)\/|[A-Za-z]:(?:\\+|\/)Users(?:\\+|\/)|\\\\.*\\(?:home|Users)\\+)[^\\/]+[\\/]*$/u
    .test(path);
}
