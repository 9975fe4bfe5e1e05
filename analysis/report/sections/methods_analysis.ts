/** What the methods section says of the analysis. */
import { CORRECTIONS, TESTS, WHOSE } from "../analysis_texts.ts";
import type { AnalysisFacts, OutcomeFacts, RunFacts, TestName } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { type Fact, percent } from "../tables.ts";
import { joined, lines, named } from "../words.ts";
import { checkName } from "./fidelity.ts";

/** What a paper says of the analysis, in a few sentences. */
export function analysisText(runs: readonly RunFacts[], analysis: AnalysisFacts): string {
  const tests = [...testedBy(analysis.outcomes)].map(([test, names]) =>
    `We tested effects on ${named(names)} by ${TESTS[test]}.`
  );
  return [`We analysed ${analysedText(runs, analysis)}.`, ...tests, `${correctionText(analysis)}.`].join(" ");
}

/** The facts of the analysis. */
export function analysisFacts(runs: readonly RunFacts[], analysis: AnalysisFacts): readonly Fact[] {
  const { design, outcomes } = analysis;
  const untested = outcomes.filter(({ tests, tested }) => tests.length > 0 && !tested);
  const silences = design.silences === "exclude"
    ? "without silent turns"
    : "with annotations of silent turns";
  return [
    ["Discussions analysed", analysedText(runs, analysis)],
    [
      "Comments that count",
      outcomes.some(({ unit }) => unit === "comment") ? `${WHOSE[design.comments]}, ${silences}` : "",
    ],
    ["Tests", lines([...testedBy(outcomes)].map(([test, names]) => `${named(names)}: ${TESTS[test]}`))],
    ["Could not be tested", named(untested.map(({ name }) => name))],
    ["Intervals of means", intervalsText(analysis)],
    ["Declaration and correction", correctionText(analysis)],
    ["Comments without a value", missingText(outcomes, "comment")],
    ["Discussions without a value", missingText(outcomes, "discussion")],
    ...runs.map((run): Fact => [
      runs.length === 1 ? "Fidelity checks" : `Fidelity checks of ${run.run}`,
      fidelityText(run),
    ]),
  ];
}

function analysedText(runs: readonly RunFacts[], { discussions }: AnalysisFacts): string {
  const ends = runs.flatMap(({ execution }) => [...execution.ends.values()]);
  const total = (count: (one: typeof ends[number]) => number) =>
    ends.reduce((sum, one) => sum + count(one), 0);
  const unreadable = runs.reduce((sum, { execution }) => sum + execution.unreadable, 0);
  const damaged = total((one) => one.damaged) + unreadable;
  const begun = total((one) => one.completed + one.aborted + one.unfinished + one.damaged) + unreadable;
  const left = [
    [total((one) => one.aborted), "aborted"],
    [total((one) => one.unfinished), "not finished"],
    [damaged, `with a damaged log`],
  ] as const;
  const reasons = left.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  const which = begun === discussions
    ? plural(discussions, "discussion")
    : `${formatCount(discussions)} of ${plural(begun, "discussion")}`;
  return reasons.length === 0 ? which : `${which} (left out: ${joined(reasons)})`;
}

/** Test → the outcomes that it was applied to. */
function testedBy(outcomes: readonly OutcomeFacts[]): ReadonlyMap<TestName, readonly string[]> {
  const byTest = new Map<TestName, string[]>();
  for (const { name, tests, tested } of outcomes) {
    for (const test of tested ? tests : []) byTest.set(test, [...byTest.get(test) ?? [], name]);
  }
  return byTest;
}

function intervalsText({ design, outcomes, resamples }: AnalysisFacts): string {
  const units = new Set(outcomes.map(({ unit }) => unit));
  const kinds = [
    ...(resamples !== null && units.has("comment")
      ? [`of annotations from ${formatCount(resamples)} bootstrap resamples of whole discussions`]
      : []),
    ...(units.has("discussion") ? ["of figures of discussions by Student's t"] : []),
  ];
  return kinds.length === 0 ? "" : `${percent(design.level)}, ${joined(kinds)}`;
}

function correctionText({ source, design, family, outcomes }: AnalysisFacts): string {
  if (outcomes.every(({ tests }) => tests.length === 0)) return "Nothing was compared";
  const explored = (which: string) =>
    `${which} are exploratory, their p values corrected together by ${CORRECTIONS["benjamini-hochberg"]}`;
  if (source.from === "afterwards") {
    return "The analysis comes from a file apart from the experiment, and the logs do not show when it was written: " +
      explored("all comparisons");
  }
  if (source.from === "unshown") {
    return `The logs do not show when the analysis was declared: ${explored("all comparisons")}`;
  }
  if (source.from === "experiment" && design.outcomes.length > 0 && family === 0) {
    return `The experiment file declares outcomes, but no declared effect on them could be tested: ${
      explored("all comparisons")
    }`;
  }
  if (source.from === "nowhere" || family === 0) {
    return `No comparison was declared in advance: ${explored("all comparisons")}`;
  }
  const tests = plural(family, "test");
  const corrected = family === 1
    ? "There was 1 declared test"
    : design.correction === "none"
    ? `The p values of ${tests} that were declared before the run were not corrected`
    : `The p values of ${tests} that were declared before the run were corrected together by ${
      CORRECTIONS[design.correction]
    }`;
  return `${corrected}; ${explored("all other comparisons")}`;
}

function missingText(outcomes: readonly OutcomeFacts[], unit: OutcomeFacts["unit"]): string {
  return named(
    outcomes.filter((outcome) => outcome.unit === unit && outcome.missing > 0)
      .map(({ name, missing }) => `${name} (${plural(missing, unit)})`),
  );
}

function fidelityText({ fidelity: { checks } }: RunFacts): string {
  const of = (verdict: typeof checks[number]["verdict"]) =>
    checks.filter((check) => check.verdict === verdict);
  const flagged = of("flag");
  const names = flagged.length === 0 ? "" : ` (${named([...new Set(flagged.map(checkName))])})`;
  return `${plural(checks.length, "check")} of the logs against the declaration: ${
    formatCount(flagged.length)
  } flagged${names}, ${formatCount(of("pass").length)} as declared, ${
    formatCount(of("cannot-tell").length)
  } cannot be told`;
}
