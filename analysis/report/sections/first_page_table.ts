/** The table of the first page. */
import {
  type AdjustedTest,
  type JointEffectTest,
  type OutcomeComparisons,
  rangeOf,
} from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { adjustedNote, correctionOf, countedIn, effectText } from "../analysis_texts.ts";
import type { Cell, Table } from "../document.ts";
import { formatCell, plural } from "../numbers.ts";
import { figures, percent, probabilities, tableOf, texts } from "../tables.ts";
import { comparisonText, METHODS, type Results } from "./effect_results.ts";
import { type Headline, type HeadlineRow, jointOfRows } from "./first_page_rows.ts";
import { jointNote } from "./joint_texts.ts";
import { estimatesRange, pName } from "./result_sentences.ts";
import { capital, named } from "../words.ts";

/** The table of the tests of the first page. The first row of an interaction also has the p of its joint test. */
export function headlineTable({ rows, declared }: Headline, results: Results): Table {
  const { compared, analysis } = results;
  const name = pName(rows[0]!.tests[0]!, analysis);
  const [short, long] = correctionOf(rows[0]!.tests[0]!, analysis);
  const correction = name === "p" ? "" : ` (${short})`;
  const hasIntervals = rows.some(({ tests }) => tests.length === 1);
  const joint = jointOfRows(rows, results);
  const lines = rows.map((row, at): TableLine => ({ ...row, joint: joint[at]! }));
  const hasJoint = joint.some((test) => test !== null);
  const shownTests = rows.flatMap(({ tests }) => tests);
  const methods = [...new Set(shownTests.map(({ method }) => METHODS[method]))];
  const note = [
    countedIn(shownTests, compared),
    ...methods.length === 1 ? [`Method: ${methods[0]}.`] : [],
    "Differences are in the unit of the outcome, from the reference.",
    adjustedNote(shownTests, analysis),
    observedText(shownTests, compared),
    ...name === "p"
      ? []
      : [`The corrected p allows for ${familyText(shownTests[0]!, compared)}, by the method of ${long}.`],
    hasIntervals ? "The intervals are not corrected for the number of tests." : "",
    ...hasJoint ? [jointNote(joint, results)] : [],
    ...rows.some(({ tests }) => tests.length > 1)
      ? [
        "A row of several comparisons has their range and their smallest p; see Effects for each.",
      ]
      : [],
  ].filter((text) => text !== "").join(" ");
  const title = declared ? "Results of the declared tests" : "Comparisons of conditions";
  return tableOf(
    { id: "first-page", title: compared.declared === "before" || !declared ? title : "Results", note },
    lines,
    [
      texts("outcome", "Outcome", ({ tests }) => tests[0]!.outcome),
      texts(
        "comparison",
        "Comparison",
        ({ tests }) =>
          tests.length === 1
            ? comparisonText(tests[0]!, results)
            : `${effectText(tests[0]!.effect, analysis)}: ${plural(tests.length, "comparison")}`,
      ),
      figures("difference", "Difference", ({ tests }) => rangeOfEstimates(tests)),
      ...hasIntervals
        ? [figures<TableLine>("interval", `${percent(analysis.level)} interval`, intervalOf)]
        : [],
      probabilities(
        "p_corrected",
        `${capital(name)}${correction}`,
        ({ tests }) => smallestP(tests),
      ),
      ...hasJoint
        ? [
          probabilities<TableLine>("p_joint", `Joint p${correction}`, ({ joint }) => joint?.adjusted ?? null),
        ]
        : [],
      ...methods.length === 1 ? [] : [
        texts<TableLine>(
          "method",
          "Method",
          ({ tests }) => [...new Set(tests.map(({ method }) => METHODS[method]))].join(", "),
        ),
      ],
    ],
  );
}

/** A row. If it is the first row of an interaction, `joint` is the test of all its coefficients together. */
type TableLine = HeadlineRow & Readonly<{ joint: JointEffectTest | null }>;

function rangeOfEstimates(tests: readonly AdjustedTest[]): Cell {
  const [{ figures }] = tests as [AdjustedTest];
  return estimatesRange(tests) ?? (isUnavailable(figures) ? figures : null);
}

/**
 * The interval of a row. A row of several tests has none: the range of their intervals would look like an
 * interval.
 */
function intervalOf({ tests }: HeadlineRow): Cell {
  const [{ figures }] = tests as [AdjustedTest];
  return tests.length > 1 ? null : isUnavailable(figures) ? figures : figures.interval;
}

/** Says the smallest and the largest observed value of each outcome whose scale has no known limits. */
function observedText(tests: readonly AdjustedTest[], { outcomes }: OutcomeComparisons): string {
  const names = new Set(tests.map(({ outcome }) => outcome));
  const ranges = outcomes.map(({ outcome }) => outcome).filter((outcome) =>
    names.has(outcome.name) && outcome.scale !== null && !rangeOf(outcome).every(Number.isFinite)
  ).map(({ name, values }) => {
    const all = values.values.toSorted();
    const range = { level: 1, lower: all[0] ?? 0, upper: all.at(-1) ?? 0 };
    return `${name} from ${formatCell(range, { kind: "figure" })}`;
  });
  return ranges.length === 0
    ? ""
    : `Observed values: ${named(ranges)}; the limits of the scale are not known.`;
}

/** The tests that are corrected together with a test, such as `all 12 declared tests`. */
function familyText({ confirmatory, sampleChanged }: AdjustedTest, { tests }: OutcomeComparisons): string {
  const isDeclared = confirmatory || sampleChanged;
  const family = tests.filter((test) =>
    (test.confirmatory || test.sampleChanged) === isDeclared && !isUnavailable(test.figures)
  );
  const kind = isDeclared ? "declared test" : "exploratory test";
  return family.length === 1 ? `a single ${kind}` : `all ${plural(family.length, kind)}`;
}

function smallestP(tests: readonly AdjustedTest[]): Cell {
  const ps = tests.flatMap(({ figures, adjusted }) =>
    isUnavailable(figures) || adjusted === null ? [] : [adjusted]
  );
  const [{ figures }] = tests as [AdjustedTest];
  return ps.length > 0 ? Math.min(...ps) : isUnavailable(figures) ? figures : null;
}
