/** Reads the values of the command `slurm`. */
import { message, text, type ValueParser } from "../shared/optique.ts";
import { SHARDS_MAX } from "../shared/arguments.ts";
import { UsageError } from "../shared/program.ts";
import type { Tasks } from "./job.ts";

const TASKS = /^([1-9]\d{0,5})(?:%([1-9]\d{0,5}))?$/;

/** The number of tasks, such as `8`, or `100%10` for at most 10 of them at the same time. */
export function tasks(): ValueParser<"sync", Tasks> {
  return {
    mode: "sync",
    metavar: "N",
    placeholder: { count: 1, atOnce: null },
    parse(input) {
      const [, count, atOnce] = TASKS.exec(input) ?? [];
      if (count === undefined || Number(count) > SHARDS_MAX) {
        return wrong("a number of tasks such as 8, or 100%10 for at most 10 of them at the same time", input);
      }
      return {
        success: true,
        value: { count: Number(count), atOnce: atOnce === undefined ? null : Number(atOnce) },
      };
    },
    format: ({ count, atOnce }) => atOnce === null ? String(count) : `${count}%${atOnce}`,
  };
}

/** The shortest time limit, in seconds. A shorter task would be stopped before it begins. */
const TIME_LIMIT_S_MIN = 60;

/** `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours`, `days-hours:minutes`, `days-hours:minutes:seconds` */
const TIME = /^(?:(\d{1,3})-)?(\d{1,6})(?::(\d{1,6}))?(?::(\d{1,6}))?$/;

/** A time limit in Slurm's own notation, in seconds. `4:00:00` are four hours, and `4:00` are four minutes. */
export function timeLimit(): ValueParser<"sync", number> {
  return {
    mode: "sync",
    metavar: "TIME",
    placeholder: 0,
    parse(input) {
      const seconds = timeLimitSeconds(input);
      return seconds !== null && seconds >= TIME_LIMIT_S_MIN
        ? { success: true, value: seconds }
        : wrong("a time limit of at least a minute, such as 4:00:00 or 2-00:00:00", input);
    },
    format: String,
  };
}

/** The seconds of a time limit; `null` if the text is none. */
export function timeLimitSeconds(input: string): number | null {
  const [found, days, ...given] = TIME.exec(input) ?? [];
  if (found === undefined) return null;
  const parts = given.filter((part) => part !== undefined).map(Number);
  const [a, b = 0, c = 0] = parts as [number, number?, number?];
  if (days !== undefined) return ((Number(days) * 24 + a) * 60 + b) * 60 + c;
  return parts.length === 3 ? (a * 60 + b) * 60 + c : a * 60 + b;
}

function wrong(expected: string, input: string) {
  return { success: false as const, error: [text(`Expected ${expected}, found `), ...message`${input}.`] };
}

/** Options of sbatch that the script sets itself, with what the user can do instead. */
const OWN_OPTIONS: readonly Readonly<{ names: readonly string[]; letters: string; remedy: string }>[] = [
  { names: ["array"], letters: "a", remedy: "Give --tasks" },
  { names: ["time"], letters: "t", remedy: "Give --time before the --" },
  {
    names: ["output", "error"],
    letters: "oe",
    remedy: "Each task has its own log in the folder of the script",
  },
  {
    names: ["signal", "open-mode", "requeue", "no-requeue"],
    letters: "",
    remedy: "A clean stop and a later start depend on it",
  },
  { names: ["dependency", "wrap", "parsable", "wait"], letters: "dW", remedy: "Edit the script" },
];

/** The long name of an option. sbatch also accepts the beginning of a name. */
const LONG = /^--([a-z-]+)(=|$)/;

/**
 * Finds the letter of a short option. The letters of options without a value can stand before it, in one
 * word.
 */
const SHORT = /^-[HIkOQsv]*(.)/;

function isOwn(word: string, { names, letters }: (typeof OWN_OPTIONS)[number]): boolean {
  const [, name] = LONG.exec(word) ?? [];
  if (name !== undefined) return names.some((own) => own.startsWith(name));
  const [, letter] = SHORT.exec(word) ?? [];
  return letter !== undefined && letters.includes(letter);
}

/**
 * Refuses words that are not options of sbatch, and options that the script sets itself.
 *
 * @throws {UsageError}
 */
export function checkSbatchOptions(words: readonly string[]): void {
  const [first] = words;
  if (first !== undefined && !first.startsWith("-")) {
    throw new UsageError(`Cannot use "${first}": only the options of sbatch may follow, after --`);
  }
  for (const word of words) {
    const own = OWN_OPTIONS.find((option) => isOwn(word, option));
    if (own !== undefined) {
      throw new UsageError(`Cannot pass "${word}" to sbatch: the script sets it itself. ${own.remedy}`);
    }
  }
}

/** The options that are added to the server's command. Most model servers have these two options. */
const OPTIONS_OF_SERVER = ' --host 127.0.0.1 --port "$PORT"';

/**
 * The command of a model server, which listens at the port in the variable PORT.
 *
 * @throws {UsageError}
 */
export function serverCommand(command: string): string {
  if (/[\n\r]/.test(command) || command.trim() === "") {
    throw new UsageError(
      "Cannot use --server: expected one line, such as vllm serve Qwen/Qwen2.5-7B-Instruct",
    );
  }
  return /\$\{?PORT\b/.test(command) ? command : command.trimEnd() + OPTIONS_OF_SERVER;
}
