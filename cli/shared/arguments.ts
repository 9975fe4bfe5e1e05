/** Parsers of values in command lines, and options that several commands share. */
import {
  integer,
  type Message,
  message,
  type NonEmptyString,
  option,
  text,
  type ValueParser,
} from "./optique.ts";
import { MEMORY_BYTES_MIN, memoryBytes } from "../../adapters/tables/memory.ts";
import { PASS_NAME, PASS_NAME_ERROR } from "../../core/names.ts";
import { CONCURRENCY_MAX, PAUSE_MS_MAX } from "../../core/engine/limits.ts";

/** A run can be split into at most this many parts. */
export const SHARDS_MAX = 100_000;

/** One part of a run that is split over processes: part `index` of `count`, counted from 1. */
export type Shard = Readonly<{ index: number; count: number }>;

/** Makes a parser of values. `read` returns the value of a text, or `null` if the text is invalid. */
function valueOf<T>(
  metavar: NonEmptyString,
  { expected, placeholder, read, format = String }: Readonly<{
    expected: string;
    placeholder: T;
    read: (input: string) => T | null;
    format?: (value: T) => string;
  }>,
): ValueParser<"sync", T> {
  return {
    mode: "sync",
    metavar,
    placeholder,
    parse(input) {
      const value = read(input);
      return value === null
        ? { success: false, error: [text(`Expected ${expected}, found `), ...message`${input}.`] }
        : { success: true, value };
    },
    format,
  };
}

/** A path. Shells suggest files, folders or both. */
export function path(
  metavar: NonEmptyString,
  type: "file" | "directory" | "any" = "any",
): ValueParser<"sync", string> {
  return {
    ...valueOf(metavar, {
      expected: "a path",
      placeholder: "",
      read: (input) => input === "" ? null : input,
    }),
    *suggest(prefix) {
      yield { kind: "file", type, pattern: prefix, includeHidden: false };
    },
  };
}

/** The place of a run, or of a file. Shells suggest paths, and the beginning of an address. */
export function place(
  metavar: NonEmptyString,
  type: "directory" | "any" = "directory",
): ValueParser<"sync", string> {
  const paths = path(metavar, type);
  return {
    ...paths,
    *suggest(prefix) {
      if (prefix !== "" && ADDRESS.startsWith(prefix)) yield { kind: "literal", text: ADDRESS };
      else yield* paths.suggest!(prefix);
    },
  };
}

const ADDRESS = "postgres://";

/** The description of an argument that names a run. */
export const runPlace = message`The run: its folder, such as runs/NAME, or postgres://HOST/DATABASE/NAME.`;

/** The description of an argument that names a run or one log. */
export const runOrLogPlace =
  message`The run: its folder, or postgres://HOST/DATABASE/NAME; or the file of one log.`;

/** The dotted path of a value in an experiment file, and the value as YAML. */
export function setting(): ValueParser<"sync", readonly [path: string, value: string]> {
  return valueOf("PATH=VALUE", {
    expected: "the path of a value in the experiment file, =, and the value",
    placeholder: ["", ""] as const,
    read(input) {
      const equals = input.indexOf("=");
      return equals < 1 ? null : [input.slice(0, equals), input.slice(equals + 1)] as const;
    },
    format: ([path, value]) => `${path}=${value}`,
  });
}

/** The address of a model server. */
export function serverAddress(): ValueParser<"sync", string> {
  return valueOf("URL", {
    expected: "an address such as http://127.0.0.1:8000/v1",
    placeholder: "",
    read: (input) => /^https?:\/\/[^\s?#@]+$/.test(input) && URL.canParse(input) ? input : null,
  });
}

/** The number of discussions at a time. */
export function concurrency(): ValueParser<"sync", number> {
  return integer({ metavar: "N", min: 1, max: CONCURRENCY_MAX });
}

/** The name of a new annotation pass. */
export function passName(): ValueParser<"sync", string> {
  return valueOf("NAME", {
    expected: PASS_NAME_ERROR,
    placeholder: "",
    read: (input) => PASS_NAME.test(input) ? input : null,
  });
}

/** The memory that tables may use. */
export function memory(): ValueParser<"sync", string> {
  return valueOf("SIZE", {
    expected: "at least 256MB, such as 1GB",
    placeholder: "",
    read: (input) => (memoryBytes(input) ?? 0) >= MEMORY_BYTES_MIN ? input : null,
  });
}

/** A part of a run, such as `1/8`. */
export function shard(): ValueParser<"sync", Shard> {
  return valueOf("i/n", {
    expected: "a part such as 1/8 (the first of eight)",
    placeholder: { index: 1, count: 1 },
    read(input) {
      const [, i, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(input) ?? [];
      const [index, count] = [Number(i), Number(n)];
      return index >= 1 && index <= count && count <= SHARDS_MAX ? { index, count } : null;
    },
    format: ({ index, count }) => `${index}/${count}`,
  });
}

/** A length of time, and the text that the user wrote. */
type Duration = Readonly<{ text: string; ms: number }>;

const DURATION = /^(?=\d)(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/;

function durationMs(input: string): number | null {
  const [, ...parts] = DURATION.exec(input) ?? [];
  if (parts.length === 0) return null;
  const [days, hours, minutes, seconds] = parts.map((part) => Number(part ?? 0));
  return 1000 * (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!);
}

/** A duration, such as `4h`, `1h30m` or `90s`. */
export function duration(): ValueParser<"sync", Duration> {
  return valueOf<Duration>("DURATION", {
    expected: "a duration such as 4h, 1h30m or 90s, up to 30d",
    placeholder: { text: "0s", ms: 0 },
    read(input) {
      const ms = durationMs(input);
      return ms !== null && ms <= PAUSE_MS_MAX ? { text: input, ms } : null;
    },
    format: ({ text }) => text,
  });
}

/** A time, and the text that the user wrote. */
type Deadline = Readonly<{
  text: string;
  /** In milliseconds since 1970-01-01 UTC. A duration counts from `nowMs`. */
  atMs: (nowMs: number) => number;
}>;

/** Stricter than `Date.parse`. A date without an hour is refused. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?$/;

/** A time in ISO 8601, or a duration from now. A time without a zone is in this machine's zone. */
export function deadline(): ValueParser<"sync", Deadline> {
  return valueOf<Deadline>("TIME", {
    expected: "a time such as 2026-03-01T18:00Z, or a duration such as 4h or 1h30m",
    placeholder: { text: "0s", atMs: (nowMs) => nowMs },
    read(input) {
      const ms = durationMs(input);
      if (ms !== null) return { text: input, atMs: (nowMs) => nowMs + ms };
      const atMs = ISO_TIME.test(input) ? Date.parse(input) : NaN;
      return Number.isNaN(atMs) ? null : { text: input, atMs: () => atMs };
    },
    format: ({ text }) => text,
  });
}

/** The option that allows a command to run code from a run's folder. */
export function trust() {
  return option("--trust", {
    description:
      message`Run the code that came with the run's folder, even if you have not run it before. Without this option, the
command runs only code that run or annotate has run for you before.`,
  });
}

/** The error for a missing argument. */
export function missing(
  metavar: string,
  what: string,
): Readonly<{ errors: Readonly<{ endOfInput: Message }> }> {
  return { errors: { endOfInput: [text(`${metavar} is missing: ${what}.`)] } };
}
