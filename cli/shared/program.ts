/** The program's name and command lines, its exit codes, and the error for a wrong command line. */
import { isAddress } from "../../adapters/stores/address.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { readVariable } from "../terminal/text_sink.ts";

/** The name of the installed program. */
export const PROGRAM = "syndisco";

/** Tasks of `deno.json` and other wrappers set this variable to the words before a command's name. */
const CALLED_AS = "SYNDISCO_CALLED_AS";

/** These words call the task of `deno.json` that may use the network. Most other tasks may not. */
const DATABASE_TASK = "deno task db";

/** A command line of this program that the user can paste into a shell. */
export function ownCommand(...words: readonly string[]): string {
  const called = calledAs();
  const isToDatabase = called === "deno task" && words.some(isAddress);
  return `${isToDatabase ? DATABASE_TASK : called} ${shellCommand(words)}`;
}

/** The words before a command's name in a command line of this program. */
export function calledAs(): string {
  const wrapper = readVariable(CALLED_AS);
  if (wrapper !== undefined && wrapper !== "") return wrapper;
  if (Deno.build.standalone) return shellCommand([Deno.execPath()]);
  const { protocol, pathname } = new URL(Deno.mainModule);
  const module = protocol === "file:" ? decodeURIComponent(pathname) : Deno.mainModule;
  return shellCommand(["deno", "run", "-A", module]);
}

/** The exit codes, for scripts. */
export const EXIT_CODES = {
  ok: 0,
  /** Some discussions failed, or a check found damage, a divergence or a deviation. */
  findings: 1,
  /** The command line or the experiment file is wrong; nothing was written. */
  usage: 2,
  /** A disk, a permission, a key, a server or another process prevented the run. */
  environment: 3,
  /** The run reached a limit that the user set. */
  limit: 4,
  interrupted: 130,
} as const;

/** One of the program's exit codes. */
export type ExitCode = typeof EXIT_CODES[keyof typeof EXIT_CODES];

/** The meaning of each exit code, for the help and the reference. */
export const EXIT_CODE_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: "success",
  1: "some discussions failed, or a check found a problem",
  2: "the command line or the experiment file is wrong; nothing was written",
  3: "a disk, permission, key, server or another process prevented the run",
  4: "a limit is reached; the same command with a higher limit resumes",
  130: "stopped by Ctrl-C or SIGTERM; the same command resumes",
};

/** The higher exit code of two steps. */
export function worse(first: ExitCode, second: ExitCode): ExitCode {
  return first > second ? first : second;
}

/** The command line or a file that it names is wrong. The message says what to do instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A command line, quoted for a POSIX shell. */
export function shellCommand(words: readonly string[]): string {
  return words.map((word) => PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}

/** The path of a file or folder, to be shown to people: quoted like a word of a command, so that they can copy it. */
export function shownPath(path: string): string {
  return neutralise(shellCommand([path]));
}
