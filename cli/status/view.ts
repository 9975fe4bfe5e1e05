/** Shows the progress of a run as text and as JSON. */
import { factorTexts } from "../../analysis/report/conditions.ts";
import { byLabel, resolvedDesign } from "../../core/experiment/mod.ts";
import type { RunManifest } from "../../core/run_log/mod.ts";
import {
  type ConditionStatus,
  costsOf,
  type LogsStatus,
  NO_TURNS,
  plainCounts,
  replyWarnings,
} from "../../analysis/projections/mod.ts";
import type { PausedModel } from "../../core/ports/mod.ts";
import { describePaused } from "../progress/paused_models.ts";
import type { RaterStatus } from "./raters.ts";
import { shownPath } from "../shared/program.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCost, formatCount, formatShort, plural } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import type { TextSink } from "../terminal/text_sink.ts";

export type RunStatus = Readonly<{
  folder: string;
  manifest: RunManifest;
  holders: readonly string[];
  /** The models that the run waits for now. */
  paused: readonly PausedModel[];
  logs: LogsStatus;
  /** How far the raters of all passes are. */
  raters: readonly RaterStatus[];
}>;

/** The text lists at most this many raters. JSON has all of them. */
export const RATERS_LISTED_MAX = 60;

/** The text lists at most this many conditions. JSON has all of them. */
export const CONDITIONS_LISTED_MAX = 60;

export function statusObject(
  { folder, manifest, holders, paused, logs, raters }: RunStatus,
): Readonly<Record<string, unknown>> {
  const { experiment, seed, plan, createdAt } = manifest;
  const total = totalOf(logs);
  return {
    folder,
    experiment: experiment.name,
    imported: experiment.file === null,
    seed,
    createdAt,
    lastEventAt: logs.lastAt,
    running: holders,
    paused,
    planned: plan.discussions,
    begun: logs.begun,
    notBegun: notBegun(manifest, logs),
    ...total,
    factors: factorsOf(manifest),
    conditions: Object.fromEntries(logs.conditions),
    models: Object.fromEntries(logs.models),
    replies: plainCounts(logs.replies),
    warnings: replyWarnings(logs.replies),
    costs: costsOf(logs),
    passes: Object.fromEntries(logs.passes),
    raters,
    failures: Object.fromEntries(logs.failures),
    damagedCount: logs.damagedCount,
    damaged: logs.damaged,
  };
}

export function statusText(
  { folder, manifest, holders, paused, logs, raters }: RunStatus,
  sink: TextSink,
): string {
  const { experiment, seed, plan } = manifest;
  const total = totalOf(logs);
  // Imported discussions have no plan.
  const isImported = experiment.file === null;
  const running = holders.length === 0 ? ["not running now"] : holders.map((holder) => `running: ${holder}`);
  const head = [
    `${shownPath(folder)}: ${isImported ? "imported discussions" : `${experiment.name}, seed ${seed}`}`,
    ...running,
    ...paused.map((model) => `paused: ${describePaused(model)}`),
    logs.lastAt === null ? "no event yet" : `last event ${logs.lastAt}`,
  ].map((line) => `${neutralise(line)}\n`).join("");
  const factors = Object.entries(factorsOf(manifest));
  const counts = [
    ...factors.length === 0 ? [] : [["factors", neutralise(factorTexts(new Map(factors)).join("; "))]],
    ["finished", formatCount(total.completed) + (isImported ? "" : ` of ${formatCount(plan.discussions)}`)],
    [
      "half-finished",
      `${formatCount(total.half)}${
        total.failed === 0 ? "" : `, ${formatCount(total.failed)} of them after a failed request`
      }`,
    ],
    ...(isImported ? [] : [["not begun", formatCount(notBegun(manifest, logs))]]),
    ...(total.aborted === 0 ? [] : [["aborted", formatCount(total.aborted)]]),
    ["failures", failuresOf(logs)],
    ...costsOf(logs).map(({ cost, currency }) => ["cost so far", formatCost(cost, currency)]),
  ].map(([label, value]) => `${label!.padEnd(15)}${value}\n`).join("");
  return [
    head,
    counts,
    conditionTable(logs, sink),
    modelTable(logs, sink),
    passTable(logs, sink),
    raterTable(raters, sink),
    warnings(logs),
    damage(logs),
  ]
    .filter((part) => part !== "").join("\n");
}

/** The labels of the factors → the labels of their levels. */
function factorsOf(
  { resolved, factorLabels = {} }: RunManifest,
): Readonly<Record<string, readonly string[]>> {
  return byLabel(resolvedDesign(resolved).levels, factorLabels);
}

function totalOf({ conditions }: LogsStatus): ConditionStatus {
  const total = { ...NO_TURNS };
  for (const condition of conditions.values()) {
    for (const key of Object.keys(total) as (keyof ConditionStatus)[]) total[key] += condition[key];
  }
  return total;
}

function notBegun({ plan }: RunManifest, { begun }: LogsStatus): number {
  return Math.max(0, plan.discussions - begun);
}

function failuresOf({ failures }: LogsStatus): string {
  const total = [...failures.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return "0";
  const kinds = [...failures].map(([kind, count]) => `${formatCount(count)} ${neutralise(kind)}`);
  return `${formatCount(total)} (${kinds.join(", ")})`;
}

const figures = (titles: readonly string[]) => titles.map((title) => ({ title, align: "right" }) as const);

function conditionTable({ conditions }: LogsStatus, sink: TextSink): string {
  if (conditions.size === 0) return "";
  const isCut = [...conditions.values()].some(({ cutBeforeText }) => cutBeforeText > 0);
  const cut = isCut ? ["cut before text"] : [];
  const rows = [...conditions].sort(([a], [b]) => a < b ? -1 : 1).slice(0, CONDITIONS_LISTED_MAX)
    .map(([label, { completed, half, turns, silent, cutBeforeText, interventions }]) => [
      neutralise(label),
      ...[completed, half, turns, silent, ...(isCut ? [cutBeforeText] : []), interventions].map(formatCount),
    ]);
  const rest = conditions.size - rows.length;
  const columns = figures(["finished", "half", "turns", "silent", ...cut, "moderator"]);
  return table(sink, [{ title: "condition" }, ...columns], rows) +
    (rest > 0 ? `… and ${plural(rest, "more condition")}\n` : "");
}

function modelTable({ models }: LogsStatus, sink: TextSink): string {
  if (models.size === 0) return "";
  const isPriced = [...models.values()].some(({ cost }) => cost !== null);
  const columns = figures(["replies", "tokens in", "tokens out", ...(isPriced ? ["cost"] : [])]);
  const rows = [...models].map(([name, { replies, promptTokens, completionTokens, cost, currency }]) => [
    neutralise(name),
    formatCount(replies),
    formatShort(promptTokens),
    formatShort(completionTokens),
    ...(isPriced ? [cost === null ? "–" : formatCost(cost, currency)] : []),
  ]);
  return table(sink, [{ title: "model" }, ...columns], rows);
}

function passTable({ passes }: LogsStatus, sink: TextSink): string {
  if (passes.size === 0) return "";
  const columns = figures(["discussions", "completed", "annotations", "unparsed"]);
  const rows = [...passes].map(([name, { begun, completed, annotated, unread }]) => [
    neutralise(name),
    ...[begun, completed, annotated, unread].map(formatCount),
  ]);
  return table(sink, [{ title: "annotation pass" }, ...columns], rows);
}

function raterTable(raters: readonly RaterStatus[], sink: TextSink): string {
  if (raters.length === 0) return "";
  const shown = raters.slice(0, RATERS_LISTED_MAX);
  const rows = shown.map(({ pass, rater, rated, of, agreed, withdrew }) => [
    neutralise(rater),
    neutralise(pass),
    withdrew !== null ? `withdrew ${withdrew}` : agreed !== null ? `agreed ${agreed}` : "none recorded",
    of === null ? "damaged" : of === 0 ? "not begun" : `${formatCount(rated!)} of ${formatCount(of)}`,
  ]);
  const columns = [
    { title: "rater" },
    { title: "annotation pass" },
    { title: "consent" },
    ...figures(["rated"]),
  ];
  const rest = raters.length - shown.length;
  return table(sink, columns, rows) + (rest > 0 ? `… and ${plural(rest, "more rater")}\n` : "");
}

function warnings({ replies }: LogsStatus): string {
  return replyWarnings(replies).map((line) => `${neutralise(line)}\n`).join("");
}

function damage({ damaged, damagedCount }: LogsStatus): string {
  if (damagedCount === 0) return "";
  const rest = damagedCount - damaged.length;
  return [
    `${plural(damagedCount, "log")} damaged; the others are not affected:`,
    ...damaged.map(({ message }) => `  ${neutralise(message)}`),
    ...(rest > 0 ? [`  … and ${formatCount(rest)} more`] : []),
    '"verify --repair" moves the damage to another file and keeps the rest',
  ].map((line) => `${line}\n`).join("");
}
