/** The options that `run` and `annotate` share: what they may spend, how long they wait, what they log and show. */
import { choice, float, type InferValue, integer, message, option, optional } from "./optique.ts";
import type { CutShort, LimitReached } from "../../core/engine/mod.ts";
import { PAUSE_POLICY } from "../../core/engine/limits.ts";
import type { ModelSetup } from "../../core/experiment/mod.ts";
import type { LogLine, WatchOptions } from "../../adapters/local/mod.ts";
import { LOG_LEVELS } from "../../adapters/local/operations_log.ts";
import { deadline, duration, trustCode } from "./arguments.ts";
import { UsageError } from "./program.ts";
import { neutralise } from "../terminal/neutralise.ts";

/** The option of each limit. */
const LIMIT_OPTIONS: Readonly<Record<LimitReached["limit"], string>> = {
  cost: "--max-cost",
  tokens: "--max-tokens",
  failures: "--max-failures",
  deadline: "--deadline",
};

/** The options. */
export const workOptions = {
  maxCost: optional(option("--max-cost", float({ metavar: "AMOUNT", min: 0 }), {
    description:
      message`Stop when the run has cost this much in all its starts together, by the prices in the experiment file.`,
  })),
  maxTokens: optional(option("--max-tokens", integer({ metavar: "N", min: 1 }), {
    description: message`Stop when the run has used this many tokens in all its starts together.`,
  })),
  maxFailures: optional(option("--max-failures", integer({ metavar: "N", min: 1 }), {
    description: message`Stop when this many requests have failed after all attempts in this start.`,
  })),
  deadline: optional(option("--deadline", deadline(), {
    description: message`Stop at a time such as 2026-03-01T18:00Z, or after a duration such as 4h or 1h30m.`,
  })),
  maxPause: optional(option("--max-pause", duration(), {
    description:
      message`How long to wait for a model that is down or accepts no more requests, such as 2h or 0s; 30m when left out.`,
  })),
  logLevel: optional(option("--log-level", choice(LOG_LEVELS, { metavar: "LEVEL" }), {
    description:
      message`The lowest level to write to log.jsonl and to show here: trace (with prompts and replies), debug, info, warning
or error. When left out, info and above are written, and nothing is shown.`,
  })),
  trustCode: trustCode(),
  json: option("--json", { description: message`Write progress and summary as JSON lines.` }),
  quiet: option("-q", "--quiet", { description: message`Report only what goes wrong.` }),
} as const;

type WorkValues = { [Key in keyof typeof workOptions]: InferValue<(typeof workOptions)[Key]> };

/** The values of the options, as the engine takes them. @throws {UsageError} When a limit on cost needs prices. */
export function watchOptionsOf(
  { maxCost, maxTokens, maxFailures, deadline, maxPause, logLevel }: WorkValues,
  say: (text: string) => void,
  setups: readonly ModelSetup[],
): Omit<WatchOptions, "warn"> {
  if (maxCost !== undefined && setups.every(({ prices }) => prices === undefined)) {
    throw new UsageError(
      "Cannot limit the cost: no model has prices. Give them in the file, such as " +
        "models.NAME.prices: { input: 0.15, output: 0.6 } for a million tokens each",
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
    pause: maxPause && { ...PAUSE_POLICY, pauseMsMax: maxPause.ms },
    log: {
      level: logLevel ?? "info",
      watch: logLevel && ((line) => {
        if (!line.isNotice) say(logLine(line));
      }),
    },
  };
}

/** Says what the same command does when it is given again. */
export function toResume(cutShort: CutShort | null): string {
  return cutShort?.by === "budget" ? `To resume, raise ${LIMIT_OPTIONS[cutShort.limit]}` : "To resume";
}

/** The longest value that is shown, in characters; `log.jsonl` has all of it. */
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
