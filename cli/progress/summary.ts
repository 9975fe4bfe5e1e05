/** What is said when a run or an annotation has ended. */
import { plainCounts, replyWarnings } from "../../analysis/projections/mod.ts";
import type { AnnotationOutcome, CutShort, RunOutcome } from "../../core/engine/mod.ts";
import { toResume } from "../shared/limits.ts";
import { EXIT_CODES, type ExitCode } from "../shared/program.ts";
import type { SetAside } from "./display.ts";
import type { Tally } from "./tally.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, formatDuration, formatShort, plural } from "../terminal/numbers.ts";
import type { AnnotationTally } from "./annotation_tally.ts";

/** All that is known of a run that has ended. */
export type FinishedRun = Readonly<{
  outcome: RunOutcome;
  tally: Tally;
  /** The first ones that were set aside. */
  setAside: readonly SetAside[];
  folder: string;
  durationMs: number;
  /** The command that goes on, or tries again what was set aside. */
  again: string;
  /** Commands that look at the run. */
  next: readonly string[];
  /** Why the discussions or their annotation ended early. */
  cutShort: CutShort | null;
  /** The exit code that all of it comes to. */
  exitCode: ExitCode;
  /** What is said of the annotation, where there was one. */
  annotation?: string | null;
}>;

/** The exit code that a run ends with. */
export function exitCodeOf(
  { cutShort, stopped, setAside }: Pick<RunOutcome, "cutShort" | "stopped" | "setAside">,
): ExitCode {
  if (cutShort?.by === "caller") return EXIT_CODES.interrupted;
  if (cutShort?.by === "failure") return EXIT_CODES.environment;
  if (cutShort?.by === "budget") return EXIT_CODES.limit;
  if (stopped.length > 0) return EXIT_CODES.environment;
  return setAside > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
}

/** What was stopped while the rest went on, a line for each; the message of what was cut short says the same. */
export function stoppedLines({ cutShort, stopped }: RunOutcome): readonly string[] {
  if (cutShort?.by === "failure" || stopped.length === 0) return [];
  return [
    "",
    "Stopped, while the rest continued:",
    ...stopped.map(({ message, left }) => `  ${plural(left, "discussion")} left: ${neutralise(message)}`),
  ];
}

/** What a reader must hear of the replies, a line for each model and kind. */
export function replyLines(replies: Tally["replies"]): readonly string[] {
  const warnings = replyWarnings(replies);
  return warnings.length === 0 ? [] : ["", "Replies:", ...warnings.map((line) => `  ${neutralise(line)}`)];
}

/** The summary for people. */
export function summaryText(finished: FinishedRun): string {
  const { outcome, tally, setAside, folder, durationMs, again, next } = finished;
  const { discussions, turns, tokens } = tally;
  const lines = [
    `${headline(outcome)} after ${formatDuration(durationMs)}`,
    `  discussions  ${formatCount(discussions.ended)} of ${formatCount(discussions.planned)} ended` +
    listed([
      [discussions.endedBefore, "had ended before"],
      [discussions.resumed, "gone on with"],
      [discussions.open, "half-finished"],
      [discussions.setAside, "set aside"],
      [discussions.left, "left"],
    ]),
    `  turns        ${formatCount(turns.ended - turns.endedBefore)} held` +
    listed([
      [tally.silent, "of them silent"],
      [tally.cutBeforeText, "replies cut before any text"],
      [tally.interventions, "moderator comments"],
    ]),
    `  tokens       ${formatShort(tokens.prompt)} in prompts, ${formatShort(tokens.completion)} in replies`,
    `  failures     ${formatCount(tally.failures)}`,
    `  folder       ${neutralise(folder)}`,
  ];
  lines.push(...replyLines(tally.replies));
  if (setAside.length > 0) {
    lines.push("", "Set aside:");
    for (const { discussion, reason } of setAside) {
      lines.push(`  ${neutralise(discussion)}: ${neutralise(reason)}`);
    }
    const rest = outcome.setAside - setAside.length;
    if (rest > 0) lines.push(`  … and ${formatCount(rest)} more`);
  }
  lines.push(...stoppedLines(outcome));
  if (finished.annotation) lines.push("", finished.annotation);
  if (outcome.cutShort !== null && "message" in outcome.cutShort) {
    lines.push("", neutralise(outcome.cutShort.message));
  }
  if (finished.exitCode !== EXIT_CODES.ok) {
    const { cutShort } = finished;
    lines.push("", `${cutShort === null ? "To try again" : toResume(cutShort)}:`, `  ${again}`);
  }
  lines.push("", "To look closer:", ...next.map((command) => `  ${command}`));
  return `${lines.join("\n")}\n`;
}

/** The summary for programs: one object. */
export function summaryObject(finished: FinishedRun): Readonly<Record<string, unknown>> {
  const { outcome, tally, setAside, folder, durationMs, again, exitCode } = finished;
  return {
    type: "finished",
    exitCode,
    cutShort: outcome.cutShort,
    stopped: outcome.stopped,
    folder,
    durationMs,
    ...tally,
    replies: plainCounts(tally.replies),
    warnings: replyWarnings(tally.replies),
    firstSetAside: setAside,
    again,
  };
}

function headline({ cutShort, stopped, setAside }: RunOutcome): string {
  if (cutShort?.by === "budget") return "Stopped at a limit";
  if (cutShort?.by === "caller") return "Stopped";
  if (cutShort?.by === "failure") return "Gave up";
  if (stopped.length > 0) return "Ended, with discussions left,";
  return setAside > 0 ? "Ended, with discussions set aside," : "All discussions ended";
}

function listed(parts: readonly (readonly [number, string])[]): string {
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return said.length === 0 ? "" : ` (${said.join(", ")})`;
}

/** All that is known of an annotation that has ended. */
export type FinishedAnnotation = Readonly<{
  pass: string;
  outcome: AnnotationOutcome;
  tally: AnnotationTally;
  /** The first discussions that were set aside. */
  setAside: readonly SetAside[];
}>;

/** The summary for people. */
export function annotationText({ pass, outcome, tally, setAside }: FinishedAnnotation): string {
  const { discussions, judgements, tokens, failures } = tally;
  const { cutShort } = outcome;
  const lines = [
    `Annotation pass ${pass}`,
    `  discussions  ${formatCount(discussions.ended)} of ${formatCount(discussions.planned)} annotated` +
    listed([
      [discussions.endedBefore, "had been before"],
      [discussions.open, "half-annotated"],
      [discussions.skipped, "unfinished and left out"],
      [discussions.setAside, "set aside"],
      [discussions.left, "left"],
    ]),
    `  judgements   ${formatCount(judgements.asked - judgements.unanswered)}` +
    (judgements.unread === 0 ? "" : `; ${formatCount(judgements.unread)} replies could not be read`) +
    (judgements.unanswered === 0
      ? ""
      : `, ${plural(judgements.unanswered, "question")} left without an answer`),
    `  tokens       ${formatShort(tokens.prompt)} in prompts, ${formatShort(tokens.completion)} in replies`,
    `  failures     ${formatCount(failures)}`,
    ...setAside.map(({ discussion, reason }) => `  ${neutralise(discussion)}: ${neutralise(reason)}`),
    ...replyLines(tally.replies),
    ...stoppedLines(outcome),
    ...(cutShort !== null && "message" in cutShort ? ["", neutralise(cutShort.message)] : []),
  ];
  return lines.join("\n");
}

/** The summary for programs: one object. */
export function annotationObject(
  { pass, outcome, tally, setAside }: FinishedAnnotation,
): Readonly<Record<string, unknown>> {
  return {
    pass,
    cutShort: outcome.cutShort,
    stopped: outcome.stopped,
    ...tally,
    replies: plainCounts(tally.replies),
    warnings: replyWarnings(tally.replies),
    firstSetAside: setAside,
  };
}
