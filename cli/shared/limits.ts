/** The options that commands which call models share: limits, pauses, logs and progress. */
import {
  choice,
  float,
  type InferValue,
  integer,
  message,
  option,
  optional,
  type Parser,
} from "./optique.ts";
import type { CutShort, LimitReached } from "../../core/engine/mod.ts";
import { PAUSE_POLICY } from "../../core/engine/limits.ts";
import type { ModelSetup } from "../../core/experiment/mod.ts";
import type { LogLine, WatchOptions } from "../../adapters/local/mod.ts";
import { LOG_LEVELS } from "../../adapters/local/operations_log.ts";
import { concurrency, deadline, duration, path, shard, trust } from "./arguments.ts";
import { UsageError } from "./program.ts";
import { neutralise } from "../terminal/neutralise.ts";

/** Limit → the option that sets it. */
const LIMIT_OPTIONS: Readonly<Record<LimitReached["limit"], string>> = {
  cost: "--max-cost",
  tokens: "--max-tokens",
  failures: "--max-failures",
  deadline: "--deadline",
};

/** The options that `run`, `fork` and `annotate` share. */
export const workOptions = {
  maxCost: optional(option("--max-cost", float({ metavar: "AMOUNT", min: 0 }), {
    description:
      message`Stop when all starts of the run together have cost this much, by the prices in the experiment file.`,
  })),
  maxTokens: optional(option("--max-tokens", integer({ metavar: "N", min: 1 }), {
    description: message`Stop when all starts of the run together have used this many tokens.`,
  })),
  maxFailures: optional(option("--max-failures", integer({ metavar: "N", min: 1 }), {
    description: message`Stop when this many requests of this start have failed after all attempts.`,
  })),
  deadline: optional(option("--deadline", deadline(), {
    description: message`Stop at a time such as 2026-03-01T18:00Z, or after a duration such as 4h or 1h30m.`,
  })),
  maxPause: optional(option("--max-pause", duration(), {
    description:
      message`How long to wait for a model that is down or accepts no more requests, such as 2h or 0s; by default, 30m.`,
  })),
  logLevel: optional(option("--log-level", choice(LOG_LEVELS, { metavar: "LEVEL" }), {
    description:
      message`The lowest level to write to log.jsonl and to show here: trace (with prompts and replies), debug, info, warning
or error. By default, info and above are written, and nothing is shown.`,
  })),
  peopleLinks: optional(option("--people-links", path("FILE", "file"), {
    description:
      message`Write the links of people to this CSV file, for models that are people. Only you can read the file.`,
  })),
  trust: trust(),
  json: option("--json", { description: message`Write progress and summary as JSON lines.` }),
  quiet: option("-q", "--quiet", { description: message`Report only problems.` }),
} as const;

/** The options of commands that run discussions. */
export const runOptions = {
  out: optional(option("-o", "--out", path("DIR", "directory"), {
    description:
      message`The run's folder; by default, runs/NAME with the experiment's name, or the folder of the run to resume.`,
  })),
  concurrency: optional(option("-c", "--concurrency", concurrency(), {
    description:
      message`How many discussions make progress at the same time; by default, as many as the models accept. Discussions
that wait for a limit do not count.`,
  })),
  shard: optional(option("--shard", shard(), {
    description: message`Run only the i-th of n parts of the discussions.`,
  })),
  ...workOptions,
} as const;

type Values<Options extends Readonly<Record<string, Parser<"sync", unknown, unknown>>>> = {
  [Key in keyof Options]: InferValue<Options[Key]>;
};

type WorkValues = Values<typeof workOptions>;

const { peopleLinks: _, ...withoutPeople } = workOptions;

/** The options of commands that work on a run together with other processes. People cannot be asked then. */
export const workerOptions = {
  concurrency: runOptions.concurrency,
  ...withoutPeople,
} as const;

/** The values of {@linkcode workerOptions}. */
export type WorkerValues = Values<typeof workerOptions>;

/** The values of {@linkcode runOptions}. */
export type RunValues = Values<typeof runOptions>;

/**
 * Turns the options into options of the engine.
 *
 * @throws {UsageError} When --max-cost is given without prices.
 */
export function watchOptionsOf(
  { maxCost, maxTokens, maxFailures, deadline, maxPause, logLevel, quiet }: Omit<WorkValues, "peopleLinks">,
  say: (text: string) => void,
  setups: readonly ModelSetup[],
): Omit<WatchOptions, "warn"> {
  if (maxCost !== undefined && setups.every(({ prices }) => prices === undefined)) {
    throw new UsageError(
      "Cannot limit the cost: no model has prices. Give the prices of a million tokens in the file, such as " +
        "models.NAME.prices: { input: 0.15, output: 0.6 }",
    );
  }
  const limits = {
    costMax: maxCost,
    tokensMax: maxTokens,
    failuresMax: maxFailures,
    deadlineMs: deadline?.atMs(Date.now()),
  };
  return {
    limits: Object.values(limits).some((limit) => limit !== undefined) ? limits : undefined,
    logsTo: (file) => quiet || say(`The operations log of this process is ${neutralise(file)}`),
    pause: maxPause && { ...PAUSE_POLICY, pauseMsMax: maxPause.ms },
    log: {
      level: logLevel ?? "info",
      watch: logLevel && ((line) => {
        if (!line.isNotice) say(logLine(line));
      }),
    },
  };
}

/** The heading before the command that resumes. */
export function toResume(cutShort: CutShort | null): string {
  return cutShort?.by === "budget" ? `To resume, raise ${LIMIT_OPTIONS[cutShort.limit]}` : "To resume";
}

/** Longer values are cut at this number of characters. `log.jsonl` has the whole values. */
const VALUE_LENGTH_MAX = 500;

/** A line of the log that is safe to show: time, level, message, and the fields as `key=value`. */
function logLine({ atMs, level, message, fields }: LogLine): string {
  const time = new Date(atMs).toISOString().slice(11, 19);
  const values = Object.entries(fields).map(([key, value]) => ` ${key}=${shown(value)}`);
  return `${time} ${level} ${neutralise(message)}${values.join("")}`;
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
  const cut = text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
  return neutralise(typeof value === "string" ? JSON.stringify(cut) : cut);
}
