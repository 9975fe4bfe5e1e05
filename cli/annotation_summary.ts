/** What is said when an annotation has ended. */
import { plainCounts, replyWarnings } from "../analysis/projections/mod.ts";
import type { AnnotationOutcome } from "../core/engine/mod.ts";
import type { AnnotationTally } from "./progress/annotation_tally.ts";
import type { SetAside } from "./progress/display.ts";
import { replyLines, stoppedLines } from "./run_summary.ts";
import { neutralise } from "./terminal/neutralise.ts";
import { formatCount, formatShort, plural } from "./terminal/numbers.ts";

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

function listed(parts: readonly (readonly [number, string])[]): string {
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return said.length === 0 ? "" : ` (${said.join(", ")})`;
}
