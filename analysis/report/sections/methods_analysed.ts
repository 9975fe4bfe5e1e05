/** Sentences of a methods section on how discussions were analysed. */
import type { AnalysisFacts, OutcomeFacts, RunFacts, TestName } from "../facts.ts";
import { CORRECTIONS, TESTS, WHOSE } from "../analysis_texts.ts";
import { checkName } from "./fidelity.ts";
import { formatCount, plural } from "../numbers.ts";
import { joined, named } from "../words.ts";
import { percent } from "../tables.ts";

/** How the discussions of all runs were analysed. */
export function analysedSentences(runs: readonly RunFacts[], analysis: AnalysisFacts): readonly string[] {
  const { design, outcomes } = analysis;
  const counted = design.silences === "exclude" ? "without silent turns" : "with judgements of silent turns";
  const judged = outcomes.some(({ unit }) => unit === "comment");
  return [
    ...exclusionSentences(runs, analysis),
    ...(judged ? [`Figures of judgements are of ${WHOSE[design.comments]}, ${counted}.`] : []),
    ...testSentences(outcomes),
    ...(outcomes.some(({ tests }) => tests.length > 1)
      ? ["Where there are several methods, the tables of results name that of each test."]
      : []),
    ...intervalSentences(analysis),
    ...familySentences(analysis),
    ...missingSentences(outcomes),
    ...runs.map((run) => fidelitySentence(run, runs.length > 1)),
  ];
}

function exclusionSentences(runs: readonly RunFacts[], { discussions }: AnalysisFacts): readonly string[] {
  const ends = runs.flatMap(({ execution }) => [...execution.ends.values()]);
  const total = (count: (one: typeof ends[number]) => number) =>
    ends.reduce((sum, one) => sum + count(one), 0);
  const unreadable = runs.reduce((sum, { execution }) => sum + execution.unreadable, 0);
  const damaged = total((one) => one.damaged) + unreadable;
  const begun = total((one) => one.completed + one.aborted + one.unfinished + one.damaged) + unreadable;
  const left =
    ([[total((one) => one.aborted), "aborted"], [total((one) => one.unfinished), "not finished"]] as const)
      .filter(([count]) => count > 0).map(([count, what]) =>
        `${formatCount(count)} ${count === 1 ? "was" : "were"} ${what}`
      );
  if (damaged > 0) {
    left.push(
      `the ${damaged === 1 ? "log" : "logs"} of ${formatCount(damaged)} ${
        damaged === 1 ? "is" : "are"
      } damaged`,
    );
  }
  if (begun === 0) return ["There was no discussion to analyse."];
  const analysed = begun === discussions
    ? `${begun === 1 ? "1 discussion was" : `All ${formatCount(begun)} discussions were`} analysed`
    : `Of ${plural(begun, "discussion")}, ${formatCount(discussions)} ${
      discussions === 1 ? "was" : "were"
    } analysed`;
  return [`${analysed}${left.length === 0 ? "" : `; ${joined(left)}`}.`];
}

function testSentences(outcomes: readonly OutcomeFacts[]): readonly string[] {
  const byTest = new Map<TestName, string[]>();
  for (const { name, tests, tested } of outcomes) {
    for (const test of tested ? tests : []) byTest.set(test, [...byTest.get(test) ?? [], name]);
  }
  const untested = outcomes.filter(({ tests, tested }) => tests.length > 0 && !tested);
  return [
    ...[...byTest].map(([test, names]) => `Effects on ${named(names)} were tested by ${TESTS[test]}.`),
    ...(untested.length === 0
      ? []
      : [`Effects on ${named(untested.map(({ name }) => name))} could not be tested.`]),
  ];
}

function intervalSentences({ design, outcomes, resamples }: AnalysisFacts): readonly string[] {
  const units = new Set(outcomes.map(({ unit }) => unit));
  const kinds = [
    ...(resamples !== null && units.has("comment")
      ? [`of judgements from ${formatCount(resamples)} bootstrap resamples of whole discussions`]
      : []),
    ...(units.has("discussion") ? ["of figures of discussions by Student's t"] : []),
  ];
  return kinds.length === 0 ? [] : [`Intervals of means are at ${percent(design.level)}, ${joined(kinds)}.`];
}

function familySentences({ source, design, family, outcomes }: AnalysisFacts): readonly string[] {
  if (outcomes.every(({ tests }) => tests.length === 0)) return ["Nothing was compared."];
  const together = `their p values were corrected together by ${CORRECTIONS["benjamini-hochberg"]}`;
  if (source.from === "afterwards") {
    return [
      `The analysis was given in a file apart from the experiment, at a time that the logs do not show: all comparisons ` +
      `are exploratory; ${together}.`,
    ];
  }
  if (source.from === "unshown") {
    return [
      `When the analysis in the experiment file was declared cannot be shown: all comparisons are exploratory; ` +
      `${together}.`,
    ];
  }
  if (source.from === "experiment" && design.outcomes.length > 0 && family === 0) {
    return [
      `Outcomes were declared in the experiment file, but no test is of a declared effect on them: all ` +
      `comparisons are exploratory; ${together}.`,
    ];
  }
  if (source.from === "nowhere" || family === 0) {
    return [`No comparison was declared in advance: all of them are exploratory; ${together}.`];
  }
  const corrected = family === 1
    ? "there is one declared test"
    : design.correction === "none"
    ? `p values of the ${plural(family, "declared test")} were not corrected`
    : `p values of the ${plural(family, "declared test")} were corrected together by ${
      CORRECTIONS[design.correction]
    }`;
  return [
    `The analysis was declared in the experiment file; ${corrected}.`,
    `All other comparisons are exploratory; ${together}.`,
  ];
}

/** A judgement that is not there was lost; a figure that a discussion lacks is not defined for it. */
function missingSentences(outcomes: readonly OutcomeFacts[]): readonly string[] {
  const lacking = (lacks: OutcomeFacts["unit"]) =>
    outcomes.filter(({ unit, missing }) => unit === lacks && missing > 0)
      .map(({ name, unit, missing }) => `${name} (${plural(missing, unit)})`);
  const [lost, undefinedIn] = [lacking("comment"), lacking("discussion")];
  return [
    ...(lost.length === 0 ? [] : [`Values are missing of ${named(lost)}.`]),
    ...(undefinedIn.length === 0
      ? []
      : [`Discussions that have nothing to compute a figure from lack it: ${named(undefinedIn)}.`]),
  ];
}

function fidelitySentence({ run, fidelity: { checks } }: RunFacts, isOneOfSeveral: boolean): string {
  const of = (verdict: typeof checks[number]["verdict"]) =>
    checks.filter((check) => check.verdict === verdict);
  const flagged = of("flag");
  const names = [...new Set(flagged.map(checkName))];
  const what = isOneOfSeveral ? `Run ${run}` : "What ran";
  const found = flagged.length === 0
    ? "none of them was flagged"
    : `${formatCount(flagged.length)} ${flagged.length === 1 ? "was" : "were"} flagged (${named(names)})`;
  return `${what} was held against what was declared by ${
    plural(checks.length, "check")
  } of the logs: ${found}, ` +
    `${formatCount(of("pass").length)} came out as declared, and ${
      formatCount(of("cannot-tell").length)
    } cannot be told.`;
}
