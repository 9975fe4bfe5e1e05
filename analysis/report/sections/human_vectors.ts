/** Blocks that report whether models and people write about the same things, by the vectors of their comments. */
import { type AnalysisDesign, whoseComments } from "../../../core/experiment/analysis_design.ts";
import {
  compareVectors,
  type CountedVectors,
  countedVectors,
  type Group,
  type Observation,
  VECTOR_DISCUSSIONS_MAX,
  type VectorComparison,
  type VectorsOf,
} from "../../outcomes/mod.ts";
import type { EnergyDistance } from "../../statistics/energy_distance.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { Block, Cell, Table } from "../document.ts";
import { leastPText } from "../least_p.ts";
import { plural } from "../numbers.ts";
import {
  callout,
  counts,
  figures,
  paragraph,
  percent,
  probabilities,
  shown,
  type TableIds,
  tableOf,
  texts,
} from "../tables.ts";
import { accuracyFields, randomIn } from "./human_classifier.ts";

/** The vectors of the comments of both corpora. Without vectors, `advice` says how to make them. */
export type HumanVectors =
  | Readonly<{ kind: "none"; advice: string }>
  | Readonly<{
    kind: "made";
    /** The name of the model that made the vectors. */
    model: string;
    models: VectorsOf;
    people: VectorsOf;
    /** Says what to do if some comments have no vectors. */
    advice: string;
  }>;

type Comparing = Readonly<{
  models: readonly Observation[];
  people: readonly Observation[];
  groups: readonly Group[];
  /** The name of the corpus of people. */
  corpus: string;
  analysis: AnalysisDesign;
  seed: string;
}>;

/** Tables of distances and of a classifier. Without vectors, a sentence that says how to make them. */
export function vectorBlocks(
  ids: TableIds,
  vectors: HumanVectors | undefined,
  { models, people, groups, corpus, analysis, seed }: Comparing,
): readonly Block[] {
  if (vectors === undefined) return [];
  if (vectors.kind === "none") return [paragraph(vectors.advice)];
  const counted = [
    countedVectors(models, vectors.models, analysis),
    countedVectors(people, vectors.people, analysis),
  ] as const;
  const { level } = analysis;
  const compared = compareVectors(counted, groups, { seed, level });
  const whose = whoseComments(analysis, ["words"]);
  const described = {
    model: vectors.model,
    corpus,
    level,
    counted: whose === "all" ? "all speakers" : whose,
    commentsMax: compared[0]?.commentsMax ?? 1,
  };
  return [
    paragraph(HOW_TO_READ),
    ...missingBlocks(counted, vectors.advice),
    shown(distanceTable(ids.next("meaning"), compared, described)),
    shown(classifierTable(ids.next("meaning_classifier"), compared, described)),
  ];
}

const HOW_TO_READ =
  "Do models write about the same as people? An embedding model gives each comment a vector, and comments that mean similar " +
  "things have near vectors. A difference can come from topic, style or language, and the embedding model decides what " +
  "counts as similar.";

function missingBlocks(
  [models, people]: readonly [CountedVectors, CountedVectors],
  advice: string,
): readonly Block[] {
  const missing = models.missing + people.missing;
  const withheld = models.withheld + people.withheld;
  return [
    ...missing === 0 ? [] : [
      callout(
        "caution",
        "Comments without vectors",
        `${
          plural(models.missing, "comment")
        } of models and ${people.missing} of people have no vector and are left out. ` +
          advice,
      ),
    ],
    ...withheld === 0 ? [] : [
      paragraph(
        `${plural(withheld, "comment")} of people cannot have vectors: logs have their words encrypted.`,
      ),
    ],
  ];
}

type Described = Readonly<
  { model: string; corpus: string; level: number; counted: string; commentsMax: number }
>;

function distanceTable(
  id: string,
  compared: readonly VectorComparison[],
  { model, corpus, level, counted, commentsMax }: Described,
): Table {
  const note =
    `Vectors by ${model}, each of length 1, of the comments of ${counted}. Distances are Euclidean: 0 for equal directions, ` +
    "1.41 for unrelated ones, at most 2. Only comments of different discussions are compared, and each discussion has the same " +
    "weight. The energy distance (Székely and Rizzo 2013) is twice the mean distance between a comment of models and one of " +
    `people, minus the mean distances within models and within people; it is 0 on average if both are distributed equally. ${
      percent(level)
    } intervals are approximate, from the jackknife over discussions. By chance: ${
      percent(level)
    } of the random ` +
    "assignments of the discussions to the corpora give at most this distance. p: the share with at least this distance, not " +
    `corrected for several tests.${
      leastPText(compared.map(({ distance }) => randomIn(distance)))
    } At most ${VECTOR_DISCUSSIONS_MAX} discussions of each corpus and at most ` +
    `${
      plural(commentsMax, "comment")
    } of each discussion are compared, drawn at random: the smaller of both median numbers, so ` +
    "that the lengths of discussions make no difference.";
  const of = (value: (found: EnergyDistance) => Cell) => ({ distance }: VectorComparison): Cell =>
    isUnavailable(distance) ? distance : value(distance);
  const size = (corpus: 0 | 1) => ({ distance }: VectorComparison): Cell =>
    isUnavailable(distance) ? null : distance.sizes[corpus];
  return tableOf({ id, title: `How far the comments are from ${corpus}`, note }, compared, [
    texts("group", "Discussions", ({ group }) => group),
    counts("models", "Discussions, models", size(0)),
    counts("people", "Discussions, people", size(1)),
    counts("comments", "Comments, models", ({ comments: [models] }) => models),
    counts("people_comments", "Comments, people", ({ comments: [, people] }) => people),
    figures("between", "Between both", of(({ between }) => between)),
    figures("within", "Within models", of(({ within: [models] }) => models)),
    figures("people_within", "Within people", of(({ within: [, people] }) => people)),
    figures("energy", "Energy distance", of(({ distance }) => distance)),
    figures("energy_interval", "Interval", of(({ interval }) => interval)),
    figures("energy_chance", "By chance", of(({ chance }) => chance)),
    probabilities("p", "p", of(({ p }) => p)),
  ]);
}

function classifierTable(
  id: string,
  compared: readonly VectorComparison[],
  { level }: Described,
): Table {
  const note =
    "Classifier two-sample test as above, with the mean vector of each discussion's comments: each element is a feature. The " +
    "ridge penalty allows for more features than discussions. At an accuracy near 0.5, a linear rule cannot tell models from " +
    `people by what they write. ${
      percent(level)
    } intervals are approximate. p is one-sided and not corrected.${
      leastPText(compared.map(({ classifier }) => randomIn(classifier)))
    }`;
  return tableOf(
    { id, title: "Can a classifier tell models from people by what they write?", note },
    compared,
    [
      texts("group", "Discussions", ({ group }) => group),
      counts("features", "Number of features", ({ dimension }) => dimension),
      ...accuracyFields<VectorComparison>(({ classifier }) => classifier),
    ],
  );
}
