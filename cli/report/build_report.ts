/** Builds a report from the facts of runs. */
import {
  completedOf,
  countIn,
  type Group,
  groupings,
  meansOf,
  measuresOf,
  type Observation,
  type Outcome,
  type OutcomeComparisons,
  outcomesIn,
  scalesOf,
  seedOf,
} from "../../analysis/outcomes/mod.ts";
import { isUnavailable } from "../../analysis/mod.ts";
import { RESAMPLES, resamplesOf } from "../../analysis/statistics/cluster_bootstrap.ts";
import {
  type ExamplePlace,
  quantileExamples,
  type Valued,
} from "../../analysis/statistics/quantile_examples.ts";
import type { AnalysisFacts, AnalysisSource, RunFacts } from "../../analysis/report/facts.ts";
import type { LongTable, Report } from "../../analysis/report/mod.ts";
import { formatCell, plural } from "../../analysis/report/numbers.ts";
import { joined } from "../../analysis/report/words.ts";
import { VERSION } from "../../core/version.ts";
import { compareOnCores, type OnCoresOptions } from "./compare_on_cores.ts";
import type { ReadRuns } from "./read_runs.ts";
import { basename } from "node:path";
import { canonical } from "../../core/json.ts";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/mod.ts";
import { loadAnalysis } from "../shared/load.ts";
import { UsageError } from "../shared/program.ts";
import { readSlots } from "../../analysis/projections/mod.ts";
import {
  agreementSection,
  conductSection,
  designSection,
  discussionsTable,
  effectsSection,
  type Example,
  examplesSection,
  executionSection,
  fidelitySection,
  firstPageSection,
  type HumanCorpus,
  humanCorpusSection,
  methodsSection,
  outcomesSection,
  questionSection,
  raterChecksSection,
  runsComparedSection,
  transcriptOf,
  valuesTable,
} from "../../analysis/report/sections/mod.ts";
import type { Logs } from "../shared/logs.ts";

/** A report, its data tables, and the comparisons that it reports. */
export type BuiltReport = Readonly<{
  report: Report;
  /** Makes the tables that are too long for a page. */
  data: () => readonly LongTable[];
  comparisons: OutcomeComparisons;
  /** The outcomes of the corpus of people that the report shows. */
  shownOfPeople: readonly string[];
}>;

/**
 * The sections after the first page that paper and Markdown always have. Other sections are there only with
 * `isFull`.
 */
const PRINTED: ReadonlySet<string> = new Set(["question", "methods"]);

/**
 * Builds the report.
 *
 * @param options `isFull`: whether paper and Markdown have all sections. `human`: a corpus to compare the
 *   runs with.
 *
 * @throws {DamagedStream} When a log was damaged after it was read for the first time.
 */
export async function buildReport(
  read: ReadRuns,
  analysis: ChosenAnalysis,
  { isFull = false, human = null, ...onCores }:
    & Readonly<{ isFull?: boolean; human?: HumanCorpus | null }>
    & OnCoresOptions = {},
): Promise<BuiltReport> {
  const { runs, observations, order } = read;
  const { design, source } = analysis;
  const seed = seedOf(runs.map(({ seed, sources }) => ({ seed: seed ?? sources?.sha256 ?? null })));
  const declared = WHEN[source.from];
  const looks = runs.flatMap(({ looks }) => looks ?? []);
  // While workers compare outcomes, this thread describes the discussions. If both fail, the first error counts.
  const [comparisons, described] = await Promise.all([
    compareOnCores(observations, design, { seed, declared, order, looks }, onCores),
    Promise.try(() => [
      outcomesSection(observations, design, order, seed),
      conductSection(observations, design, order, seed),
      agreementSection(observations, design, order, seed),
    ]),
  ]);
  const groups = groupings(completedOf(observations), design, order).flatMap(({ groups }) => groups);
  const facts = analysisFacts(analysis, comparisons, groups);
  const examples = await examplesOf(read, comparisons);
  const behind = [
    questionSection(runs, facts),
    methodsSection(runs, facts),
    designSection(runs),
    executionSection(runs),
    fidelitySection(runs),
    effectsSection(comparisons, design),
    ...described,
    raterChecksSection(runs),
    runsComparedSection(runs, observations, { analysis: design, seed }),
    humanCorpusSection(human, observations, { analysis: design, order, seed }),
    examples,
  ].filter((section) => section !== null);
  const sections = [
    firstPageSection(runs, facts, { compared: comparisons, observations }),
    ...behind.map((section) =>
      ({ depth: PRINTED.has(section.id) ? "folded" : "detail", ...section }) as const
    ),
  ];
  return {
    report: { title: titleOf(read), subtitle: subtitleOf(read), sections, isFull },
    data: () => [discussionsTable(observations, design), valuesTable(observations)],
    comparisons,
    shownOfPeople: human === null
      ? []
      : outcomesIn(measuresOf(completedOf(observations), completedOf(human.observations), design)),
  };
}

/** The outcomes that a report shows; `null` for all. */
export function shownOutcomes({ comparisons: { outcomes } }: BuiltReport): readonly string[] | null {
  const shown = outcomes.filter(({ outcome }) => outcome.values.values.length > 0);
  return shown.length === outcomes.length ? null : shown.map(({ outcome: { name } }) => name);
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
  { outcomes, tests, discussions, looks }: OutcomeComparisons,
  groups: readonly Group[],
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
        count: values.values.length,
        tests: [...new Set(own.map(({ method }) => method))],
        tested: own.some(({ figures }) => !isUnavailable(figures)),
      };
    }),
    family: tests.filter(({ confirmatory, sampleChanged }) => confirmatory || sampleChanged).length,
    sampleChanged: tests.filter(({ sampleChanged }) => sampleChanged).length,
    looks,
    discussions,
    resamples: outcomes.length === 0 ? [] : resamplesIn(outcomes.map(({ outcome }) => outcome), groups),
  };
}

/** The numbers of resamples that the intervals of means over comments use, in the groups that have an interval. */
function resamplesIn(outcomes: readonly Outcome[], groups: readonly Group[]): readonly number[] {
  const sizes = outcomes.filter(({ unit }) => unit === "comment").flatMap(({ values }) =>
    groups.map(({ members }) => members.filter((member) => countIn(values, member) > 0).length)
  ).filter((size) => size > 1);
  return sizes.length === 0 ? [RESAMPLES] : [...new Set(sizes.map(resamplesOf))];
}

/**
 * Shows discussions at quantiles of the first outcome that has values. Declared outcomes come before others.
 */
async function examplesOf({ observations, logs }: ReadRuns, { outcomes }: OutcomeComparisons) {
  const first = outcomes.find(({ outcome }) => outcome.values.values.length > 0)?.outcome;
  if (first === undefined) return examplesSection(null, []);
  const compared = completedOf(observations);
  const { means, counts } = meansOf(first.values);
  const chosen = quantileExamples(compared.flatMap((observation, place) => {
    const { run, discussion, condition } = observation;
    return counts[place] === 0 ? [] : [{ run, discussion, condition, value: means[place]! }];
  }));
  return examplesSection(
    first,
    await readExamples(chosen satisfies readonly Chosen[], { logs, outcome: first.name }),
  );
}

type ChosenAnalysis = Readonly<{ design: AnalysisDesign; source: AnalysisSource }>;

type Analysed = Readonly<{
  runs: readonly RunFacts[];
  observations: readonly Observation[];
  /** Factor → its levels in the order of the experiment file. */
  order: Readonly<Record<string, readonly string[]>>;
  /** Label → factor. */
  paths: Readonly<Record<string, string>>;
}>;

/**
 * Chooses the analysis.
 *
 * @param file A file that contains an analysis; `undefined` for the analysis that the runs declare.
 *
 * @throws {ExperimentError} With all problems of the file.
 * @throws {UsageError} When the file cannot be read, or the runs declare different analyses.
 */
export async function chosenAnalysis(
  file: string | undefined,
  { runs, observations, order, paths }: Analysed,
): Promise<ChosenAnalysis> {
  if (file !== undefined) {
    const design = await loadAnalysis(file, {
      factors: order,
      otherNames: paths,
      scales: scalesOf(observations),
    });
    return { design, source: { from: "afterwards", file: basename(file) } };
  }
  const [first, ...others] = runs.map(({ analysis }) => analysis);
  if (others.some((other) => canonical(other) !== canonical(first))) {
    throw new UsageError(
      "Cannot report on these runs together: they declare different analyses. " +
        "Give one with --analysis FILE; its results count as exploratory",
    );
  }
  if (first === null || first === undefined) {
    return { design: ANALYSIS_DEFAULT, source: { from: "nowhere" } };
  }
  if (first.looks !== undefined && others.length > 0) {
    throw new UsageError(
      "Cannot report on these runs together: their analysis declares looks, which are looks at one run. " +
        "Report each run by itself, or give an analysis with --analysis FILE; its results count as exploratory",
    );
  }
  const reasons = runs.flatMap(({ fidelity: { notShown } }) => notShown ?? []);
  if (reasons.length > 0) {
    return { design: first, source: { from: "unshown", reasons: [...new Set(reasons)] } };
  }
  const since = runs.map(({ createdAt }) => createdAt).toSorted().at(-1)!;
  return { design: first, source: { from: "experiment", since } };
}

type Chosen = Valued & Readonly<{ condition: string; place: ExamplePlace }>;

/** How the figure of an example is written. */
const FIGURE = { kind: "number", decimals: 3 } as const;

/**
 * Reads only the logs of examples.
 *
 * @throws {DamagedStream} When a log is damaged.
 */
export async function readExamples(
  chosen: readonly Chosen[],
  { logs, outcome }: Readonly<{
    logs: ReadonlyMap<string, Pick<Logs, "events">>;
    outcome: string;
  }>,
): Promise<readonly Example[]> {
  const examples: Example[] = [];
  for (const { run, discussion, condition, place, value } of chosen) {
    const slots = await readSlots(logs.get(run)!.events(discussion));
    const title = logs.size === 1 ? discussion : `${run}: ${discussion}`;
    const text = `The ${place} of ${outcome}: ${formatCell(value, FIGURE)}. Condition ${condition}.`;
    if (slots !== null) examples.push({ place, transcript: transcriptOf(slots, title, text) });
  }
  return examples;
}
