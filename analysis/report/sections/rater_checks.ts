/** The section that checks people who annotate: by repeated items, by items with known answers, and by the quiz. */
import type { CheckResults } from "../../../core/rating/mod.ts";
import { unavailable } from "../../statistics/unavailable.ts";
import type { Block, Section } from "../document.ts";
import type { RunFacts } from "../facts.ts";
import { counts, numbers, paragraph, shares, shown, tableOf, texts } from "../tables.ts";

/** Describes the results of the raters' checks; `null` if no person annotated. */
export function raterChecksSection(runs: readonly RunFacts[]): Section | null {
  const raters = runs.flatMap(({ run, raters }) => (raters ?? []).map((rater) => ({ run, ...rater })));
  if (raters.length === 0) return null;
  const checked = raters.flatMap(({ checks, ...rater }) =>
    typeof checks === "string" ? [] : [{ ...rater, checks }]
  );
  const without = raters.flatMap(({ checks, ...rater }) =>
    typeof checks === "string" ? [{ ...rater, why: checks }] : []
  );
  const blocks: Block[] = [
    paragraph(
      "People annotated. Their checks exclude no rater and change no figure of this report. They come from the raters' own " +
        "logs in the run's folder. Repeated items, items with a known answer and the quiz are not annotations of the " +
        "discussions, so the discussions' logs do not have them.",
    ),
    ...without.map(({ run, pass, rater, why }) =>
      paragraph(`The checks of ${rater} in the pass ${pass} of ${run} are not shown: ${why}.`)
    ),
  ];
  const scales = checked.flatMap(({ checks, ...rater }) =>
    checks.scales.map((scale) => ({ ...rater, ...scale }))
  );
  const attempts = checked.flatMap(({ checks: { quiz }, ...rater }) =>
    quiz.map((attempt, index) => ({ ...rater, ...attempt, attempt: index + 1 }))
  );
  if (scales.length > 0) blocks.push(shown(scalesTable(scales)));
  if (attempts.length > 0) blocks.push(shown(quizTable(attempts)));
  return { id: "rater-checks", title: "Checks of raters", blocks };
}

type Rater = Readonly<{ run: string; pass: string; rater: string }>;

function scalesTable(rows: readonly (Rater & CheckResults["scales"][number])[]) {
  const note =
    "Repeated: comments that the rater rated twice, with a value both times. Mean distance: how far the two values " +
    "are apart. Known: rated items whose answer the researchers know; an answer “cannot tell” does not count as " +
    "right.";
  return tableOf({ id: "rater-checks-scales", title: "Self-agreement and known answers", note }, rows, [
    texts("run", "Run", ({ run }) => run),
    texts("pass", "Pass", ({ pass }) => pass),
    texts("rater", "Rater", ({ rater }) => rater),
    texts("scale", "Scale", ({ scale }) => scale),
    counts("repeated", "Repeated", ({ repeated }) => repeated),
    shares(
      "repeated_equal",
      "Same value both times",
      ({ repeated, repeatedEqual }) =>
        repeated === 0 ? unavailable("no comment has two values") : repeatedEqual / repeated,
    ),
    numbers(
      "distance",
      "Mean distance",
      ({ repeated, distance }) =>
        distance ?? unavailable(repeated === 0 ? "no comment has two values" : "labels have no distance"),
    ),
    counts("known", "Known", ({ known }) => known),
    shares(
      "known_right",
      "Known answer given",
      ({ known, knownRight }) =>
        known === 0 ? unavailable("no item with a known answer was rated") : knownRight / known,
    ),
  ]);
}

function quizTable(rows: readonly (Rater & Readonly<{ attempt: number; right: number; of: number }>)[]) {
  const note =
    "Right: items of the quiz that got all known answers. After two attempts, the rating begins even if answers were wrong.";
  return tableOf({ id: "rater-checks-quiz", title: "Quiz", note }, rows, [
    texts("run", "Run", ({ run }) => run),
    texts("pass", "Pass", ({ pass }) => pass),
    texts("rater", "Rater", ({ rater }) => rater),
    counts("attempt", "Attempt", ({ attempt }) => attempt),
    counts("right", "Right", ({ right }) => right),
    counts("items", "Items", ({ of }) => of),
  ]);
}
