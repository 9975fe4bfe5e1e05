/** The section that compares two runs, for example a published run and its repetition. */
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { type ComparedOutcome, compareRuns, completedOf, type Observation } from "../../outcomes/mod.ts";
import { mean } from "../../statistics/distributions.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { Block, Figure, Section, Table } from "../document.ts";
import type { RunFacts } from "../facts.ts";
import { decimalsFor, formatCell, plural } from "../numbers.ts";
import {
  callout,
  counts,
  figures,
  paragraph,
  percent,
  resamplesText,
  shown,
  TableIds,
  tableOf,
  texts,
} from "../tables.ts";
import { joined } from "../words.ts";

/** What the section needs besides the observations. */
type Comparing = Readonly<{ analysis: AnalysisDesign; seed: string }>;

/**
 * Compares two runs, outcome by outcome.
 *
 * @returns `null` if the number of runs is not two.
 */
export function runsComparedSection(
  runs: readonly Pick<RunFacts, "run" | "sources">[],
  observations: readonly Observation[],
  { analysis, seed }: Comparing,
): Section | null {
  const [first, second, ...others] = runs;
  if (first === undefined || second === undefined || others.length > 0) return null;
  const completed = completedOf(observations);
  const of = (name: string) => completed.filter(({ run }) => run === name);
  const pair = [of(first.run), of(second.run)] as const;
  const compared = compareRuns(pair, analysis, seed);
  const ids = new TableIds("runs-compared");
  const blocks: Block[] = [paragraph(introduction(first, second, pair))];
  if (compared.length === 0) {
    blocks.push(callout("caution", "Nothing to compare", "No outcome has values in both runs."));
  } else {
    blocks.push(
      callout(
        "note",
        "How to read distances",
        "These results are exploratory and not adjusted for their number. A distance below its chance value is no " +
          "evidence that the runs agree: with few discussions, chance alone gives large distances. A distance above it " +
          "shows a difference, but not its cause: model, prompts, sampling and personas can all differ.",
      ),
      ...unsharedBlocks(first.run, second.run, pair),
      ...rescaledBlocks(first.run, second.run, compared),
      shown(
        comparisonTable(ids.next("outcomes"), [first.run, second.run], { compared, level: analysis.level }),
      ),
      ...compared.filter(({ level }) => level === null).map((one) =>
        dotsFigure(ids.next("values", one.outcome), [first.run, second.run], one)
      ),
    );
  }
  return { id: "runs-compared", title: "The two runs compared", blocks };
}

function introduction(
  first: Pick<RunFacts, "run" | "sources">,
  second: Pick<RunFacts, "run" | "sources">,
  [one, other]: readonly [readonly Observation[], readonly Observation[]],
): string {
  const described = ({ run, sources }: typeof first, own: readonly Observation[]) =>
    `${run} (${plural(own.length, "completed discussion")}${sources === null ? "" : ", imported"})`;
  return `This section compares ${described(first, one)} with ${
    described(second, other)
  }. Each discussion counts once, ` +
    "with the mean of its values.";
}

/** A note on the levels that only one run has. Their discussions count only in the comparison of all discussions. */
function unsharedBlocks(
  first: string,
  second: string,
  [one, other]: readonly [readonly Observation[], readonly Observation[]],
): readonly Block[] {
  const levelsOf = (own: readonly Observation[]) =>
    new Map(
      own.flatMap(({ factors }) => Object.entries(factors).map((level) => [JSON.stringify(level), level])),
    );
  const [ofOne, ofOther] = [levelsOf(one), levelsOf(other)];
  const lacking = (levels: typeof ofOne, others: typeof ofOne) =>
    [...levels].flatMap(([key, level]) => others.has(key) ? [] : [level.join(" ")]);
  const said = [...onlyIn(first, lacking(ofOne, ofOther)), ...onlyIn(second, lacking(ofOther, ofOne))];
  if (said.length === 0) return [];
  return [
    callout(
      "caution",
      "The runs have different levels",
      `${said.join(" ")} The rows "all discussions" mix all levels of each run.`,
    ),
  ];
}

/** A caution about scales that have the same name but differ, because scales are found by name. */
function rescaledBlocks(
  first: string,
  second: string,
  compared: readonly ComparedOutcome[],
): readonly Block[] {
  const differing = compared.filter(({ level, scaleDifferences }) =>
    level === null && scaleDifferences.length > 0
  );
  if (differing.length === 0) return [];
  const said = differing.map(({ outcome, scaleDifferences }) =>
    `${outcome} (${scaleDifferences.join("; ")})`
  );
  return [
    callout(
      "caution",
      "The runs have different scales of one name",
      `The scales of ${first} and of ${second} differ: ${
        joined(said)
      }. Compare their values only if this cannot matter.`,
    ),
  ];
}

function onlyIn(run: string, levels: readonly string[]): readonly string[] {
  return levels.length === 0 ? [] : [`Only ${run} has ${joined(levels)}.`];
}

type Comparisons = Readonly<{ compared: readonly ComparedOutcome[]; level: number }>;

function comparisonTable(
  id: string,
  [first, second]: readonly [string, string],
  { compared, level }: Comparisons,
): Table {
  const resamples = resamplesText(
    compared.map(({ distance }) => isUnavailable(distance) ? 0 : distance.resamples),
  );
  const note =
    "Difference is the second run's mean minus the first run's. Distance is the Wasserstein distance of order " +
    "1: how far the values of one run must be moved on average to be distributed as the values of the other run, in the " +
    `outcome's unit. Its ${
      percent(level)
    } interval is approximate, from the bootstrap over discussions (${resamples} resamples). By ` +
    `chance: ${
      percent(level)
    } of the random assignments of the discussions to the runs give at most this distance. ` +
    "Quartiles are of type 6 of Hyndman and Fan 1996.";
  const quartiles = ({ quartiles: [lower, , upper] }: ComparedOutcome["first"]) => ({
    level: 0.5,
    lower,
    upper,
  });
  return tableOf({ id, title: `Outcomes of ${first} and ${second}`, note }, compared, [
    texts("outcome", "Outcome", ({ outcome }) => outcome),
    texts(
      "discussions",
      "Discussions",
      ({ level }) => level === null ? "all discussions" : `${level.factor}: ${level.label}`,
    ),
    counts("first_n", `n, ${first}`, (row) => row.first.values.length),
    figures("first_mean", `Mean, ${first}`, (row) => row.first.mean),
    figures("first_median", `Median, ${first}`, (row) => row.first.quartiles[1]),
    figures("first_quartiles", `Quartiles, ${first}`, (row) => quartiles(row.first)),
    counts("second_n", `n, ${second}`, (row) => row.second.values.length),
    figures("second_mean", `Mean, ${second}`, (row) => row.second.mean),
    figures("second_median", `Median, ${second}`, (row) => row.second.quartiles[1]),
    figures("second_quartiles", `Quartiles, ${second}`, (row) => quartiles(row.second)),
    figures("difference", "Difference", (row) => row.second.mean - row.first.mean),
    figures("distance", "Distance", ({ distance }) => isUnavailable(distance) ? distance : distance.distance),
    figures(
      "interval",
      "Interval of the distance",
      ({ distance }) => isUnavailable(distance) ? distance : distance.interval,
    ),
    figures(
      "chance",
      "Distance by chance",
      ({ distance }) => isUnavailable(distance) ? distance : distance.chance,
    ),
  ]);
}

/** The plot of an outcome in both runs, with a dot for each discussion. */
function dotsFigure(
  id: string,
  names: readonly [string, string],
  { outcome, first, second }: ComparedOutcome,
): Figure {
  const groups = [first, second].map(({ values }, at) => ({ name: names[at]!, values, mean: mean(values) }));
  const decimals = decimalsFor(groups.flatMap(({ values }) => values));
  const title = `${outcome} in ${names[0]} and ${names[1]}`;
  const rows = groups.flatMap(({ name, values }) => values.map((value) => ({ name, value })));
  return {
    kind: "figure",
    title,
    alt: `${title}: a dot for each discussion. ${
      groups.map(({ name, values, mean }) =>
        `${name}: ${plural(values.length, "discussion")}, mean ${
          formatCell(mean, { kind: "number", decimals })
        }`
      ).join("; ")
    }.`,
    plot: { kind: "discussions", y: outcome, groups: groups.map((group) => ({ ...group, interval: null })) },
    table: tableOf({ id, title, note: "One row for each discussion." }, rows, [
      texts("run", "Run", ({ name }) => name),
      figures("value", outcome, ({ value }) => value),
    ]),
  };
}
