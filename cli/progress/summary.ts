/** The summary and the exit code at the end of a run or an annotation. */
import { plainCounts, replyWarnings } from "../../analysis/projections/mod.ts";
import type { AnnotationOutcome, RunOutcome } from "../../core/engine/mod.ts";
import { toResume } from "../shared/limits.ts";
import { EXIT_CODES, type ExitCode, shownPath } from "../shared/program.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { formatCount, formatDuration, formatShort, plural } from "../terminal/numbers.ts";
import type { AnnotationTally } from "./annotation_progress.ts";
import type { Io } from "../terminal/text_sink.ts";
import type { DisplayStyle, FailedDiscussion } from "./display.ts";
import type { Tally } from "./run_progress.ts";

/** An annotation that has ended. */
type FinishedAnnotation = Readonly<{
  pass: string;
  outcome: AnnotationOutcome;
  tally: AnnotationTally;
  /** The first discussions that failed, with the reasons. */
  setAside: readonly FailedDiscussion[];
}>;

/** A run that has ended. */
type FinishedRun = Readonly<{
  outcome: RunOutcome;
  tally: Tally;
  /** The first discussions that failed. */
  setAside: readonly FailedDiscussion[];
  folder: string;
  durationMs: number;
  /** The command that resumes the run, or tries the failed discussions again. */
  again: string;
  /** Commands that the user can give next, to look at the run. */
  next: readonly string[];
  annotation: FinishedAnnotation | null;
  exitCode: ExitCode;
}>;

/** The exit code of a run or an annotation. */
export function exitCodeOf(
  { cutShort, stopped, setAside }: Pick<RunOutcome, "cutShort" | "stopped" | "setAside">,
): ExitCode {
  if (cutShort?.by === "caller") return EXIT_CODES.interrupted;
  if (cutShort?.by === "failure") return EXIT_CODES.environment;
  if (cutShort?.by === "budget") return EXIT_CODES.limit;
  if (stopped.length > 0) return EXIT_CODES.environment;
  return setAside > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
}

/** Writes a summary in the style of the progress. In quiet style, a summary appears only after a failure. */
export function writeSummary(
  style: DisplayStyle,
  { stdout, stderr }: Io,
  { exitCode, object, text }: Readonly<{
    exitCode: ExitCode;
    object: Readonly<Record<string, unknown>>;
    text: string;
  }>,
): ExitCode {
  if (style === "json") stdout.write(`${safeJson(object)}\n`);
  else if (style !== "quiet") stdout.write(text);
  else if (exitCode !== EXIT_CODES.ok) stderr.write(text);
  return exitCode;
}

/**
 * Writes the summary of work that the same command resumes.
 *
 * @param again The command.
 */
export function writeResumable(
  style: DisplayStyle,
  io: Io,
  { outcome, again, object, text }: Readonly<{
    outcome: RunOutcome;
    again: string;
    object: Readonly<Record<string, unknown>>;
    text: string;
  }>,
): ExitCode {
  const exitCode = exitCodeOf(outcome);
  const howToResume = exitCode === EXIT_CODES.ok ? "" : `\n${toResume(outcome.cutShort)}:\n  ${again}\n`;
  return writeSummary(style, io, {
    exitCode,
    object: { ...object, exitCode, again },
    text: `${text}\n${howToResume}`,
  });
}

/** The summary of a run as text. */
export function summaryText(finished: FinishedRun): string {
  const { outcome, tally, setAside, folder, durationMs, again, next, annotation, exitCode } = finished;
  const { discussions, turns, tokens } = tally;
  const notNamed = outcome.setAside - setAside.length;
  const cutShort = outcome.cutShort ?? annotation?.outcome.cutShort ?? null;
  const lines = [
    `${headline(outcome)} after ${formatDuration(durationMs)}`,
    `  discussions  ${formatCount(discussions.ended)} of ${formatCount(discussions.planned)} ended` +
    listed([
      [discussions.endedBefore, "had ended before"],
      [discussions.resumed, "resumed"],
      [discussions.open, "unfinished"],
      [discussions.setAside, "failed"],
      [discussions.left, "not run"],
    ]),
    `  turns        ${formatCount(turns.ended - turns.endedBefore)} run` +
    listed([
      [tally.silent, "silent"],
      [tally.cutBeforeText, "cut before any text"],
      [tally.interventions, "moderator comments"],
    ]),
    tokensLine(tokens),
    `  failures     ${formatCount(tally.failures)}`,
    `  folder       ${shownPath(folder)}`,
    ...replyLines(tally.replies),
    ...(setAside.length === 0 ? [] : ["", "Failed:", ...setAside.map(failedLine)]),
    ...(notNamed > 0 ? [`  … and ${formatCount(notNamed)} more`] : []),
    ...stoppedLines(outcome),
    ...(annotation === null ? [] : ["", annotationText(annotation)]),
    ...messageLines(outcome),
    ...(exitCode === EXIT_CODES.ok
      ? []
      : ["", `${cutShort === null ? "To try again" : toResume(cutShort)}:`, `  ${again}`]),
    "",
    "To look closer:",
    ...next.map((command) => `  ${command}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** The summary of a run as an object for JSON. */
export function summaryObject(finished: FinishedRun): Readonly<Record<string, unknown>> {
  const { outcome, tally, setAside, folder, durationMs, again, exitCode, annotation } = finished;
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
    annotation: annotation && annotationObject(annotation),
  };
}

/** The summary of an annotation as text. */
export function annotationText({ pass, outcome, tally, setAside }: FinishedAnnotation): string {
  const { discussions, judgements, tokens, failures } = tally;
  const lines = [
    `Annotation pass ${pass}`,
    `  discussions  ${formatCount(discussions.ended)} of ${formatCount(discussions.planned)} annotated` +
    listed([
      [discussions.endedBefore, "had been annotated before"],
      [discussions.open, "partly annotated"],
      [discussions.skipped, "unfinished and skipped"],
      [discussions.setAside, "failed"],
      [discussions.left, "not annotated"],
    ]),
    `  annotations  ${formatCount(judgements.asked - judgements.unanswered)}` +
    (judgements.unread === 0 ? "" : `; ${plural(judgements.unread, "unparsed reply", "unparsed replies")}`) +
    (judgements.unanswered === 0 ? "" : `, ${plural(judgements.unanswered, "question")} without an answer`),
    tokensLine(tokens),
    `  failures     ${formatCount(failures)}`,
    ...setAside.map(failedLine),
    ...replyLines(tally.replies),
    ...stoppedLines(outcome),
    ...messageLines(outcome),
  ];
  return lines.join("\n");
}

/** The summary of an annotation as an object for JSON. */
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

function headline({ cutShort, stopped, setAside }: RunOutcome): string {
  if (cutShort?.by === "budget") return "Stopped at a limit";
  if (cutShort?.by === "caller") return "Stopped";
  if (cutShort?.by === "failure") return "Failed";
  if (stopped.length > 0) return "Ended, some discussions not run,";
  return setAside > 0 ? "Ended, some discussions failed," : "All discussions ended";
}

function tokensLine({ prompt, completion }: Tally["tokens"]): string {
  return `  tokens       ${formatShort(prompt)} in prompts, ${formatShort(completion)} in replies`;
}

function failedLine({ discussion, reason }: FailedDiscussion): string {
  return `  ${neutralise(discussion)}: ${neutralise(reason)}`;
}

/** Warnings about the replies, a line for each model and kind. */
function replyLines(replies: Tally["replies"]): readonly string[] {
  const warnings = replyWarnings(replies);
  return warnings.length === 0 ? [] : ["", "Replies:", ...warnings.map((line) => `  ${neutralise(line)}`)];
}

/** The conditions or models that were stopped. Empty if the whole run failed, because its message contains the same. */
function stoppedLines({ cutShort, stopped }: RunOutcome): readonly string[] {
  if (cutShort?.by === "failure" || stopped.length === 0) return [];
  return [
    "",
    "Stopped, while the rest continued:",
    ...stopped.map(({ message, left }) => `  ${plural(left, "discussion")} not run: ${neutralise(message)}`),
  ];
}

function messageLines({ cutShort }: RunOutcome): readonly string[] {
  return cutShort !== null && "message" in cutShort ? ["", neutralise(cutShort.message)] : [];
}

function listed(parts: readonly (readonly [number, string])[]): string {
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return said.length === 0 ? "" : ` (${said.join(", ")})`;
}
