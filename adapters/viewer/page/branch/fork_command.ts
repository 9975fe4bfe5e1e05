/** Writes the command that continues a discussion under other settings. */
import { UNSEEN } from "../../../../analysis/report/visible_text.ts";

/** What the branches continue, and what they change. */
export type Branching = Readonly<{
  /** The program, as the user calls it: `deno task` or `syndisco`. */
  program: string;
  /** The run's folder. */
  place: string;
  /** One discussion, or all discussions of a condition. */
  of: Readonly<{ discussion: string }> | Readonly<{ condition: string }>;
  /** The 1-based turn after which the branches begin; 0 keeps only the openings. */
  at: number;
  /**
   * The changed values. `path` is a path of the experiment file, such as `discussion.history`; `value` is
   * YAML.
   */
  settings: readonly Readonly<{ path: string; value: string }>[];
}>;

/** The command for a POSIX shell. */
export function forkCommand({ program, place, of, at, settings }: Branching): string {
  const chosen = "discussion" in of ? ["--discussion", of.discussion] : ["--condition", of.condition];
  const words = [place, ...chosen, "--at", String(at)];
  const sets = settings.flatMap(({ path, value }) => ["--set", `${path}=${value}`]);
  // A name that begins with a dash would be read as an option.
  const safe = words.map((word, index) => index === 0 && word.startsWith("-") ? `./${word}` : word);
  return `${program} fork ${[...safe, ...sets].map(shellWord).join(" ")}`;
}

/** Characters that no shell changes. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * A text as one word of a shell. Hidden characters, which could act on the terminal when the command is pasted, become
 * escapes that bash, zsh and newer POSIX shells read.
 */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (text.search(UNSEEN) === -1) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text.toWellFormed().replace(/[\\']/g, "\\$&").replace(UNSEEN, bytesEscaped);
  return `$'${escaped}'`;
}

const encoder = new TextEncoder();

/**
 * The bytes of a character as octal escapes. In some shells, a hexadecimal escape also takes the digits after
 * it.
 */
function bytesEscaped(char: string): string {
  return [...encoder.encode(char)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/**
 * A branch continues a discussion after a slot. This is the 1-based turn after which it then begins. It is 0
 * for slots before the first turn: the branch keeps only the openings.
 */
export function turnsKept({ turn }: Readonly<{ turn: number | null }>): number {
  return turn === null ? 0 : turn + 1;
}
