/** Blocks that report whether a classifier can tell discussions of models from discussions of people. */
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import {
  classifyPeople,
  COMMENTS,
  FEATURE_SHARE_MIN,
  type Group,
  type HumanClassification,
  LENGTH_DEVIATION,
  type Measure,
} from "../../outcomes/mod.ts";
import { isUnavailable, type Unavailable } from "../../statistics/unavailable.ts";
import type { Block, Cell, Table } from "../document.ts";
import { leastPText } from "../least_p.ts";
import {
  counts,
  type Field,
  figures,
  numbers,
  paragraph,
  percent,
  probabilities,
  shown,
  type TableIds,
  tableOf,
  texts,
} from "../tables.ts";

type Classifying = Readonly<{
  groups: readonly Group[];
  /** The corpus of people. */
  corpus: Readonly<{ name: string }>;
  level: AnalysisDesign["level"];
  seed: string;
}>;

/** The accuracy of the classifier for each group, and the features that differ most between models and people. */
export function classifierBlocks(
  ids: TableIds,
  measures: readonly Measure[],
  { groups, corpus, level, seed }: Classifying,
): readonly Block[] {
  const found = classifyPeople(measures, groups, { seed, level });
  const [first] = found;
  if (first === undefined) return [];
  const differences = first.differences.length === 0
    ? []
    : [shown(featuresTable(ids.next("features"), first, { name: corpus.name, level }))];
  return [
    paragraph(HOW_TO_READ),
    shown(classifierTable(ids.next("classifier"), found, level)),
    ...differences,
  ];
}

const HOW_TO_READ =
  "Can a classifier tell models from people by these measures alone? At an accuracy near 0.5 " +
  "it cannot, near 1 it always can. It learns a linear rule, so it finds differences between means. A design often fixes the " +
  "number of comments, so the test is shown without this feature, too.";

function classifierTable(
  id: string,
  found: readonly HumanClassification[],
  level: AnalysisDesign["level"],
): Table {
  const note =
    "Classifier two-sample test (Lopez-Paz and Oquab 2017) with Fisher's linear discriminant and a ridge penalty. For each " +
    "corpus, the classifier assigns a share of the discussions correctly. Accuracy is the mean of both shares, in 5-fold " +
    `cross-validation by discussion. ${
      percent(level)
    } intervals are approximate. p: the share of random assignments of the discussions to the ` +
    `corpora with at least this accuracy, one-sided and not corrected for several tests.${
      leastPText(found.map(({ test }) => randomIn(test)))
    } A feature is a discussion's mean of a ` +
    `measure. ${LENGTH_DEVIATION} is the standard deviation of the lengths of its comments. A measure is not used if more than ` +
    `${
      percent(1 - FEATURE_SHARE_MIN)
    } of the discussions of a corpus lack it. Discussions that lack a used feature are left out.`;
  const size = (corpus: 0 | 1) => ({ test }: HumanClassification): Cell =>
    isUnavailable(test) ? null : test.sizes[corpus];
  return tableOf({ id, title: "Can a classifier tell models from people?", note }, found, [
    texts("group", "Discussions", ({ group }) => group),
    texts("features", "Features", ({ withComments }) => withComments ? "all" : `without ${COMMENTS}`),
    counts("feature_count", "Number of features", ({ features }) => features.length),
    counts("models", "Discussions, models", size(0)),
    counts("people", "Discussions, people", size(1)),
    ...accuracyFields<HumanClassification>(({ test }) => test),
  ]);
}

/** The number of a test's random assignments; `undefined` if it has no result. */
export function randomIn(test: Readonly<{ permutations: number }> | Unavailable): number | undefined {
  return isUnavailable(test) ? undefined : test.permutations;
}

/** The columns with the results of a classifier two-sample test. */
export function accuracyFields<Row>(
  testOf: (row: Row) => HumanClassification["test"],
): readonly Field<Row>[] {
  const of = (part: "accuracy" | "interval" | "p") => (row: Row): Cell => {
    const test = testOf(row);
    return isUnavailable(test) ? test : test[part];
  };
  return [
    figures("accuracy", "Accuracy", of("accuracy")),
    figures("interval", "Interval", of("interval")),
    probabilities("p", "p", of("p")),
  ];
}

function featuresTable(
  id: string,
  { differences, group }: HumanClassification,
  { name, level }: Readonly<{ name: string; level: AnalysisDesign["level"] }>,
): Table {
  const note =
    `The features of ${group}, the most different first. Cliff's delta is the share of pairs in which the discussion of models ` +
    `has the higher value, minus the share in which it has the lower one, with ${
      percent(level)
    } intervals. The weight is the ` +
    "feature's coefficient per standard deviation in the rule of all discussions; the squares of all weights sum to 1. " +
    "Features that measure the same thing share their weight.";
  return tableOf({ id, title: `What separates models from ${name}`, note }, differences, [
    texts("feature", "Feature", (difference) => difference.name),
    figures("models", "Mean, models", ({ models }) => models),
    figures("people", "Mean, people", ({ people }) => people),
    figures("delta", "Cliff's delta", ({ delta }) => isUnavailable(delta) ? delta : delta.estimate),
    figures(
      "delta_interval",
      "Interval of delta",
      ({ delta }) => isUnavailable(delta) ? null : delta.interval,
    ),
    numbers("weight", "Weight", ({ weight }) => weight, 2),
  ]);
}
