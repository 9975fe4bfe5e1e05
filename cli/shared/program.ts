/** The program: how it is called, what its exit codes say, and the error for a wrong command line. */
import { readVariable } from "../terminal/text_sink.ts";

/** The name that the program is called by where it is installed. */
export const PROGRAM = "syndisco";

/** Set by whatever wraps the program, such as the tasks of `deno.json`: what users type before a command's name. */
const CALLED_AS = "SYNDISCO_CALLED_AS";

/**
 * A command line of this program that can be pasted into a shell where it runs now.
 *
 * @param words The command's name and its arguments.
 */
export function ownCommand(...words: readonly string[]): string {
  return `${calledAs()} ${shellCommand(words)}`;
}

function calledAs(): string {
  const wrapper = readVariable(CALLED_AS);
  if (wrapper !== undefined && wrapper !== "") return wrapper;
  if (Deno.build.standalone) return shellCommand([Deno.execPath()]);
  const { protocol, pathname } = new URL(Deno.mainModule);
  const module = protocol === "file:" ? decodeURIComponent(pathname) : Deno.mainModule;
  return shellCommand(["deno", "run", "-A", module]);
}

/** What the program's exit code says. */
export const EXIT_CODES = {
  /** All went well. */
  ok: 0,
  /** The work was done, but some discussions were set aside, or a check found damage, a divergence or a deviation. */
  findings: 1,
  /** The command line or the experiment file is wrong; nothing was written. */
  usage: 2,
  /** Something around the program is in the way of all or a part: a disk, a permission, a key, a server, a run in use. */
  environment: 3,
  /** A limit that the user set is reached; the same command, with a higher one, goes on. */
  limit: 4,
  /** Stopped by Ctrl-C or SIGTERM; the same command goes on. */
  interrupted: 130,
} as const;

/** One of the program's exit codes. */
export type ExitCode = typeof EXIT_CODES[keyof typeof EXIT_CODES];

/** What each exit code means, as the help says it. */
export const EXIT_CODE_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: "all went well",
  1: "discussions were set aside, or a check found something",
  2: "wrong command line or experiment file; nothing was written",
  3: "a disk, permission, key, server or running process is in the way",
  4: "a limit of yours is reached; the same command with a higher limit resumes",
  130: "stopped by Ctrl-C or SIGTERM; the same command resumes",
};

/** The code for two things that were done one after the other. */
export function worse(first: ExitCode, second: ExitCode): ExitCode {
  return first > second ? first : second;
}

/** What the user asked for makes no sense; the message says what would. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * A command that can be pasted into a shell.
 *
 * @param words The program and its arguments.
 */
export function shellCommand(words: readonly string[]): string {
  return words.map((word) => PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}
