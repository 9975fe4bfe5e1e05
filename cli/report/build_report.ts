/** From what was read of runs to their report. */
import { compareOutcomes, type OutcomeComparisons } from "../../analysis/outcomes/mod.ts";
import { isUnavailable, RESAMPLES } from "../../analysis/mod.ts";
import { mean } from "../../analysis/statistics/moments.ts";
import { quantileExamples } from "../../analysis/statistics/quantile_examples.ts";
import type { AnalysisFacts } from "../../analysis/report/facts.ts";
import type { Report, Table } from "../../analysis/report/mod.ts";
import {
  agreementSection,
  conductSection,
  designSection,
  discussionsTable,
  effectsSection,
  examplesSection,
  executionSection,
  fidelitySection,
  methodsSection,
  outcomesSection,
  questionSection,
  valuesTable,
} from "../../analysis/report/sections/mod.ts";
import { plural } from "../../analysis/report/numbers.ts";
import { joined } from "../../analysis/report/words.ts";
import { VERSION } from "../../core/version.ts";
import type { ChosenAnalysis } from "./chosen_analysis.ts";
import { type Chosen, readExamples } from "./read_examples.ts";
import type { ReadRuns } from "./read_runs.ts";

/** A report, the data behind it, and what it rests on. */
export type BuiltReport = Readonly<{
  report: Report;
  /** Tables that are too long for a page. */
  data: readonly Table[];
  comparisons: OutcomeComparisons;
}>;

/**
 * Makes the report.
 *
 * @param read What was read of the runs.
 * @param analysis How it is analysed.
 * @throws {DamagedStream} When a log that was whole before is no more.
 */
export async function buildReport(read: ReadRuns, analysis: ChosenAnalysis): Promise<BuiltReport> {
  const { runs, observations, order } = read;
  const { design, source } = analysis;
  // Equal runs give equal figures, whoever makes the report, and whatever their folders are called.
  const seed = JSON.stringify(runs.map(({ seed, sources }) => seed ?? sources?.sha256 ?? null));
  const declared = WHEN[source.from];
  const comparisons = compareOutcomes(observations, design, { seed, declared, order });
  const facts = analysisFacts(analysis, comparisons);
  const examples = await examplesOf(read, comparisons);
  const sections = [
    questionSection(runs, facts),
    designSection(runs),
    executionSection(runs),
    fidelitySection(runs),
    effectsSection(comparisons, design),
    outcomesSection(observations, design, order, seed),
    conductSection(observations, design, order, seed),
    agreementSection(observations, design, order, seed),
    examples,
    methodsSection(runs, facts),
  ];
  return {
    report: { title: titleOf(read), subtitle: subtitleOf(read), sections },
    data: [discussionsTable(observations, design), valuesTable(observations)],
    comparisons,
  };
}

const WHEN = { experiment: "before", unshown: "after", afterwards: "after", nowhere: "none" } as const;

function titleOf({ runs }: ReadRuns): string {
  return joined([...new Set(runs.map(({ run, experiment }) => experiment?.name ?? run))]);
}

function subtitleOf({ runs, observations }: ReadRuns): string {
  const names = joined(runs.map(({ run }) => run));
  const which = runs.length === 1 ? "run" : "runs";
  return `A report on the ${which} ${names}: ${
    plural(observations.length, "discussion")
  }. SynDisco ${VERSION}`;
}

function analysisFacts(
  { design, source }: ChosenAnalysis,
  { outcomes, tests, discussions }: OutcomeComparisons,
): AnalysisFacts {
  return {
    design,
    source,
    outcomes: outcomes.map(({ outcome: { name, declared, unit, scale, missing, values } }) => {
      const own = tests.filter(({ outcome }) => outcome === name);
      return {
        name,
        declared,
        unit,
        scale,
        missing,
        count: values.reduce((sum, list) => sum + list.length, 0),
        tests: [...new Set(own.map(({ method }) => method))],
        tested: own.some(({ figures }) => !isUnavailable(figures)),
      };
    }),
    family: tests.filter(({ confirmatory }) => confirmatory).length,
    discussions,
    resamples: outcomes.length === 0 ? null : RESAMPLES,
  };
}

/** Those at the quantiles of the first outcome that has values: the declared ones come first. */
async function examplesOf({ observations, logs }: ReadRuns, { outcomes }: OutcomeComparisons) {
  const first = outcomes.find(({ outcome: { values } }) => values.some((list) => list.length > 0))?.outcome;
  if (first === undefined) return examplesSection(null, []);
  const compared = observations.filter(({ end }) => end === "completed");
  const chosen = quantileExamples(compared.flatMap((observation, place) => {
    const { run, discussion, condition } = observation;
    const values = first.values[place]!.map(({ value }) => value);
    return values.length === 0 ? [] : [{ run, discussion, condition, value: mean(values) }];
  }));
  return examplesSection(
    first,
    await readExamples(chosen satisfies readonly Chosen[], { logs, outcome: first.name }),
  );
}
