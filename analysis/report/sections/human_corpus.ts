/** The section that compares the discussions of models with a corpus of people's discussions. */
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import {
  COMMENT_LENGTH,
  COMMENTS,
  comparePeople,
  completedOf,
  distanceOf,
  type Grouping,
  groupings,
  type HumanComparison,
  type Measure,
  measuresOf,
  type Observation,
  REPEAT_SHARE,
} from "../../outcomes/mod.ts";
import type { CorpusDistances } from "../../statistics/corpus_distances.ts";
import { mean } from "../../statistics/distributions.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { countedText } from "../analysis_texts.ts";
import type { Block, Cell, Figure, Section, Table } from "../document.ts";
import { plural } from "../numbers.ts";
import {
  callout,
  counts,
  type Field,
  figures,
  paragraph,
  percent,
  resamplesText,
  shown,
  TableIds,
  tableOf,
  texts,
} from "../tables.ts";
import { classifierBlocks } from "./human_classifier.ts";
import { type HumanVectors, vectorBlocks } from "./human_vectors.ts";
import { distributionFigure } from "./outcome_figures.ts";

/** A corpus of people's discussions. */
export type HumanCorpus = Readonly<{
  name: string;
  /** The discussions of the corpus. Only comments of people count in them. */
  observations: readonly Observation[];
  /** The number of models' comments in the corpus, which are left out. Default: 0. */
  ofModels?: number;
  /** The vectors of the comments of both corpora. Without this member, the report says nothing about them. */
  vectors?: HumanVectors;
}>;

type Comparing = Readonly<{
  analysis: AnalysisDesign;
  order: Readonly<Record<string, readonly string[]>>;
  seed: string;
}>;

/**
 * Compares all discussions, and the discussions at each level of the first factor, with the corpus of people.
 *
 * @returns `null` if there is no corpus.
 */
export function humanCorpusSection(
  corpus: HumanCorpus | null,
  observations: readonly Observation[],
  { analysis, order, seed }: Comparing,
): Section | null {
  if (corpus === null) return null;
  const [models, people] = [completedOf(observations), completedOf(corpus.observations)];
  const { ofModels = 0 } = corpus;
  const measures = measuresOf(models, people, analysis);
  const blocks: Block[] = [
    paragraph(
      `This section compares ${plural(models.length, "completed discussion")} with ${
        plural(people.length, "discussion")
      } of people in ${corpus.name}.${
        ofModels === 0
          ? ""
          : ` Only comments of people count there: ${plural(ofModels, "comment")} of models are left out.`
      } All results are exploratory.`,
    ),
  ];
  if (measures.length === 0) {
    blocks.push(callout("caution", "Nothing to compare", "No measure has values in both corpora."));
  } else {
    const ids = new TableIds("human");
    const [first] = groupings(models, analysis, order);
    const all = { name: "all discussions", members: [...models.keys()] };
    const groups = [all, ...first!.by === null ? [] : first!.groups];
    const compared = comparePeople(measures, groups, { seed, level: analysis.level });
    blocks.push(
      callout("note", "How to read distances", HOW_TO_READ),
      ...scaleBlocks(measures),
      shown(distancesTable(ids.next("distances"), compared, { corpus, analysis })),
      ...classifierBlocks(ids, measures, { groups, corpus, level: analysis.level, seed }),
      ...vectorBlocks(ids, corpus.vectors, { models, people, groups, corpus: corpus.name, analysis, seed }),
      ...measures.flatMap((measure) => figureOf(ids.next(measure.name), measure, corpus) ?? []),
    );
  }
  return { id: "human-corpus", title: "Comparison with people", blocks };
}

const HOW_TO_READ =
  "A distance below its chance value is no evidence that models discuss as people do: with few discussions, chance " +
  "alone gives large distances. A distance above it shows a difference, but not its cause: topic, platform, length and " +
  "time can all differ. Equal distributions of these measures do not make the discussions alike in other ways.";

/** A caution: scales are found by name, so the reader must check that both corpora were annotated in the same way. */
function scaleBlocks(measures: readonly Measure[]): readonly Block[] {
  const scales = measures.filter(({ name, unit }) => unit === "comment" && name !== COMMENT_LENGTH);
  if (scales.length === 0) return [];
  const names = scales.map(({ name }) => name).join(", ");
  return [
    callout(
      "caution",
      "Were both corpora annotated in the same way?",
      `Annotated values are compared by the name of their scale: ${names}. Different annotators or prompts can explain a ` +
        "difference.",
    ),
  ];
}

/** Says what a measure counts, even if it is not an outcome. */
function countedIn(measure: Measure): string {
  return measure.name === REPEAT_SHARE ? "turns of participants" : countedText(measure);
}

function distancesTable(
  id: string,
  compared: readonly HumanComparison[],
  { corpus, analysis: { level } }: Readonly<{ corpus: HumanCorpus; analysis: AnalysisDesign }>,
): Table {
  const resamples = resamplesText(
    compared.flatMap(({ distances }) =>
      isUnavailable(distances)
        ? []
        : Object.values(distances).map((one) => isUnavailable(one) ? 0 : one.resamples)
    ),
  );
  const note =
    "KS is Kolmogorov and Smirnov's distance: the largest gap between the two distribution functions (0: equal, 1: " +
    "apart). Wasserstein is how far the values of one corpus must be moved, on average, to become the values of the " +
    "other, in the unit of the measure. JS is the Jensen-Shannon divergence of the shares in the bins of the plots, in " +
    `bits (0: equal, 1: nothing in common). ${
      percent(level)
    } intervals are approximate, from the bootstrap over ` +
    `discussions (${resamples} resamples). By chance: ${percent(level)} of the random assignments of the ` +
    `discussions to the corpora give at most this distance. Each value counts once, so discussions with more comments ` +
    `weigh more. ${REPEAT_SHARE} is the share of turns whose participant also had the turn before. ${COMMENTS} is the ` +
    "number of comments that count.";
  const distances = (key: keyof CorpusDistances, title: string): readonly Field<HumanComparison>[] => {
    const of = (part: "distance" | "interval" | "chance") => (row: HumanComparison): Cell => {
      const found = distanceOf(row, key);
      return isUnavailable(found) ? found : found[part];
    };
    const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return [
      figures(name, title, of("distance")),
      figures(`${name}_interval`, `Interval of ${title}`, of("interval")),
      figures(`${name}_chance`, `${title} by chance`, of("chance")),
    ];
  };
  return tableOf({ id, title: `Distances from ${corpus.name}`, note }, compared, [
    texts("measure", "Measure", ({ measure }) => measure.name),
    texts("counted", "Counted", ({ measure }) => countedIn(measure)),
    texts("group", "Discussions", ({ group }) => group),
    counts("values", "Values, models", ({ models }) => models.length),
    counts("people_values", "Values, people", ({ people }) => people.length),
    figures("mean", "Mean, models", ({ models }) => mean(models)),
    figures("people_mean", "Mean, people", ({ people }) => mean(people)),
    ...distances("kolmogorovSmirnov", "KS"),
    ...distances("wasserstein", "Wasserstein"),
    ...distances("jensenShannon", "JS"),
  ]);
}

/** The plot of a measure: the values of all discussions of models beside the values of people's discussions. */
function figureOf(id: string, measure: Measure, corpus: HumanCorpus): Figure | null {
  const samples = [
    { name: corpus.name, values: measure.people.flat() },
    { name: "models", values: measure.models.flat() },
  ];
  const grouping: Grouping = {
    by: "corpus",
    groups: samples.map(({ name }) => ({ name, members: [] })),
    reference: corpus.name,
  };
  const isWhole = measure.name === COMMENT_LENGTH || measure.name === COMMENTS;
  const { bins } = measure;
  const rule = `Counted: ${countedIn(measure)}.`;
  const binning = { what: `Distribution of ${measure.name}`, x: measure.name, bins, rule, isWhole };
  return distributionFigure(id, binning, { samples, grouping });
}
