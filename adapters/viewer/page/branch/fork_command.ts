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
  /** The changed values: path and value, as YAML. */
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

/** In octal, because hexadecimal escapes of some shells take further digits of the text. */
function bytesEscaped(char: string): string {
  return [...encoder.encode(char)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/**
 * The 1-based turn after which a branch begins when it continues after a slot. Before a first turn it is 0: the branch
 * has only the openings.
 */
export function turnsKept({ turn }: Readonly<{ turn: number | null }>): number {
  return turn === null ? 0 : turn + 1;
}
