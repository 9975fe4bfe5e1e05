/** Compares discussions of models with discussions of people by the vectors of their comments. */
import { openDraw } from "../../core/random/mod.ts";
import { whoseComments } from "../../core/experiment/analysis_design.ts";
import { wasAsked } from "../projections/entries.ts";
import { quantile } from "../statistics/distributions.ts";
import { type EnergyDistance, energyDistance } from "../statistics/energy_distance.ts";
import {
  type ClassifierTest,
  classifierTest,
  type ClassifierTestOptions,
} from "../statistics/two_sample_classifier.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { vectorDistances } from "../statistics/vector_distances.ts";
import type { Group } from "./factors.ts";
import type { Observation } from "./observation.ts";
import type { Counting } from "./outcomes.ts";

/** If a corpus has more discussions, this many are drawn at random. */
export const VECTOR_DISCUSSIONS_MAX = 500;

/** The vector of a comment, or the reason why it has none. `withheld`: the log has the words only encrypted. */
export type CommentVector = Float32Array | "missing" | "withheld";

/** Looks up the vectors of a discussion: ordinal of the comment → vector. `undefined` for an unknown discussion. */
export type VectorsOf = (observation: Observation) => ReadonlyMap<number, CommentVector> | undefined;

/** The vectors of the comments that count. */
export type CountedVectors = Readonly<{
  /** One list for each discussion. */
  discussions: readonly (readonly Float32Array[])[];
  /** How many counted comments have no vector. */
  missing: number;
  /** How many counted comments cannot have a vector, because logs have their words only encrypted. */
  withheld: number;
}>;

/** Collects the vectors of the comments that count. The same comments count in all figures about texts. */
export function countedVectors(
  observations: readonly Observation[],
  vectorsOf: VectorsOf,
  analysis: Counting,
): CountedVectors {
  const whose = whoseComments(analysis, ["words"]);
  let [missing, withheld] = [0, 0];
  const discussions = observations.map((observation) => {
    const known = vectorsOf(observation);
    return observation.slots.flatMap((slot): Float32Array[] => {
      if (!wasAsked(slot) || slot.comment === null) return [];
      if (whose !== "all" && whose !== `${slot.by}s`) return [];
      const vector = known?.get(slot.comment) ?? "missing";
      if (vector === "withheld") withheld++;
      else if (vector === "missing") missing++;
      else return [vector];
      return [];
    });
  });
  return { discussions, missing, withheld };
}

/** A group of discussions of models, compared with all discussions of people. */
export type VectorComparison = Readonly<{
  /** The discussions of models. */
  group: string;
  /** How many comments have vectors: of models, and of people. */
  comments: readonly [models: number, people: number];
  /** At most this many comments of each discussion were compared. */
  commentsMax: number;
  distance: EnergyDistance | Unavailable;
  /** Whether a classifier can tell models from people by the mean vectors of discussions. */
  classifier: ClassifierTest | Unavailable;
  /** The number of elements of a vector. */
  dimension: number;
}>;

/**
 * Compares groups of discussions of models with all discussions of people. From long discussions, comments are
 * drawn at random, so that discussions are about equally long in both corpora. Means of short discussions vary
 * more, and the tests by permutation would find this as a difference.
 */
export function compareVectors(
  [models, people]: readonly [CountedVectors, CountedVectors],
  groups: readonly Group[],
  options: ClassifierTestOptions,
): readonly VectorComparison[] {
  const drawn = [models, people].map(({ discussions }, corpus) =>
    drawnOf(discussions, `${options.seed} ${corpus}`)
  );
  const [ofModels, ofPeople] = drawn as [readonly number[], readonly number[]];
  const whole = [
    ...ofModels.map((place) => models.discussions[place]!),
    ...ofPeople.map((place) => people.discussions[place]!),
  ];
  const commentsMax = Math.min(
    medianLength(whole.slice(0, ofModels.length)),
    medianLength(whole.slice(ofModels.length)),
  );
  const draw = openDraw(options.seed, "comments of discussions");
  const all = whole.map((vectors) =>
    vectors.length <= commentsMax ? vectors : draw.sample(vectors, commentsMax)
  );
  const dimension = all[0]?.[0]?.length ?? 0;
  if (all.some((vectors) => vectors.some(({ length }) => length !== dimension))) {
    throw new RangeError("Cannot compare vectors with different numbers of elements");
  }
  const distances = vectorDistances(all, options);
  const means = all.map(meanOf);
  const others = ofPeople.map((_, at) => ofModels.length + at);
  return groups.map(({ name: group, members }): VectorComparison => {
    const own = new Set(members);
    const places = ofModels.flatMap((place, at) => own.has(place) ? [at] : []);
    const comments = [
      members.reduce((sum, member) => sum + models.discussions[member]!.length, 0),
      people.discussions.reduce((sum, { length }) => sum + length, 0),
    ] as const;
    const said = { group, comments, commentsMax, dimension };
    if (places.length === 0 || others.length === 0) {
      const none = unavailable("a corpus has no vectors");
      return { ...said, distance: none, classifier: none };
    }
    return {
      ...said,
      distance: energyDistance(distances, [places, others], options),
      classifier: classifierTest(places.map((at) => means[at]!), others.map((at) => means[at]!), options),
    };
  });
}

/** The indices of the discussions that have vectors, in their order. If there are too many, a random sample. */
function drawnOf(discussions: readonly (readonly Float32Array[])[], seed: string): readonly number[] {
  const places = discussions.flatMap(({ length }, place) => length === 0 ? [] : [place]);
  if (places.length <= VECTOR_DISCUSSIONS_MAX) return places;
  return openDraw(seed, "discussions").sample(places, VECTOR_DISCUSSIONS_MAX).sort((a, b) => a - b);
}

/** The median of the numbers of comments, rounded down; 1 without discussions. */
function medianLength(discussions: readonly (readonly Float32Array[])[]): number {
  const lengths = Float64Array.from(discussions, ({ length }) => length).sort();
  return lengths.length === 0 ? 1 : Math.floor(quantile(lengths, 0.5));
}

function meanOf(vectors: readonly Float32Array[]): readonly number[] {
  const sum = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) {
    for (let at = 0; at < sum.length; at++) sum[at]! += vector[at]!;
  }
  return Array.from(sum, (value) => value / vectors.length);
}
