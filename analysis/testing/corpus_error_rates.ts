/**
 * Measures how often comparisons of two corpora find differences that do not exist, how often their intervals
 * contain the true value, and how often they find a difference that exists. Prints a table in Markdown.
 *
 * Run: deno run --lock=deno.lock analysis/testing/corpus_error_rates.ts [pairs of corpora] [classifier, distance or vectors]
 */
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { classifierTest, corpusDistances, isUnavailable, type Unavailable } from "../mod.ts";
import { compareVectors } from "../outcomes/mod.ts";
import { drawNormal } from "../statistics/distributions.ts";

const [COMMENTS, FEATURES, RESEMBLANCE] = [10, 8, 0.5] as const;

/**
 * The number of resamples. A report has more: with fewer, an interval varies more, but has the same width on
 * average.
 */
const RESAMPLES = 399;

/**
 * The numbers of discussions in both corpora, and the difference of their means, in standard deviations of a
 * value.
 */
export type Pair = Readonly<{ sizes: readonly [number, number]; shift: number }>;

const SIZES: readonly Pair["sizes"][] = [[20, 20], [100, 20], [100, 100]];

const SHIFTS = { classifier: [0, 1], distance: [0, 0.5, 1], vectors: [0, 1] } as const;

/** Shares of all pairs of corpora: with a positive test, and with an interval that contains the true value. */
export type ClassifierRates = Readonly<{ positive: number; covered: number }>;

/**
 * Classifies pairs of corpora by normal features. The first feature is shifted in one corpus.
 *
 * @returns Shares of p ≤ 0.05, and of intervals that contain the mean of the accuracies of all pairs.
 */
export function classifierRates({ sizes, shift }: Pair, pairs: number): ClassifierRates {
  const tests = Array.from({ length: pairs }, (_, pair) => {
    const draw = openDraw("classifier", ...sizes, shift, pair);
    const [one, other] = sizes.map((size, corpus) =>
      Array.from(
        { length: size },
        () =>
          Array.from(
            { length: FEATURES },
            (_, j) => drawNormal(draw) + (corpus === 0 && j === 0 ? shift : 0),
          ),
      )
    );
    return computed(classifierTest(one!, other!, { seed: String(pair), permutations: 199 }));
  });
  const expected = shift === 0 ? 0.5 : tests.reduce((sum, { accuracy }) => sum + accuracy, 0) / pairs;
  return {
    positive: tests.filter(({ p }) => p <= 0.05).length / pairs,
    covered: tests.filter(({ interval }) => contains(interval, expected)).length / pairs,
  };
}

/**
 * Measures distances of pairs of corpora. Half of the variance of values is shared by all values of a discussion.
 *
 * @returns Shares of distances above chance, and of intervals of the Wasserstein distance that contain the shift.
 */
export function distanceRates({ sizes, shift }: Pair, pairs: number): ClassifierRates {
  const found = Array.from({ length: pairs }, (_, pair) => {
    const draw = openDraw("distances", ...sizes, shift, pair);
    const [one, other] = sizes.map((size, corpus) =>
      Array.from({ length: size }, () => discussion(draw, corpus === 0 ? shift : 0))
    );
    const options = { seed: String(pair), resamples: RESAMPLES };
    return computed(corpusDistances(one!, { other: other!, edges: [] }, options)).wasserstein;
  });
  return {
    positive: found.filter(({ distance, chance }) => distance > chance).length / pairs,
    covered: found.filter(({ interval }) => contains(computed(interval), shift)).length / pairs,
  };
}

/** The numbers of comments of a discussion in both corpora. */
const VECTORS = [8, 2] as const;

/**
 * Compares pairs of corpora by vectors of normal numbers. In one corpus, the first element is shifted, and
 * discussions are longer. Half of the variance of vectors is shared by all comments of a discussion.
 *
 * @returns Shares of p ≤ 0.05, and of intervals that contain the mean of the distances of all pairs.
 */
export function vectorRates({ sizes, shift }: Pair, pairs: number): ClassifierRates {
  const found = Array.from({ length: pairs }, (_, pair) => {
    const draw = openDraw("vectors", ...sizes, shift, pair);
    const [models, people] = sizes.map((size, corpus) => ({
      discussions: Array.from(
        { length: size },
        () => vectorsOf(draw, corpus === 0 ? shift : 0, VECTORS[corpus]!),
      ),
      missing: 0,
      withheld: 0,
    }));
    const groups = [{ name: "all", members: [...models!.discussions.keys()] }];
    const [compared] = compareVectors([models!, people!], groups, { seed: String(pair), permutations: 199 });
    return computed(compared!.distance);
  });
  const expected = shift === 0 ? 0 : found.reduce((sum, { distance }) => sum + distance, 0) / pairs;
  return {
    positive: found.filter(({ p }) => p <= 0.05).length / pairs,
    covered: found.filter(({ interval }) => contains(interval, expected)).length / pairs,
  };
}

function vectorsOf(draw: Draw, shift: number, count: number): readonly Float32Array[] {
  const own = Array.from({ length: FEATURES }, () => Math.sqrt(RESEMBLANCE) * drawNormal(draw));
  return Array.from(
    { length: count },
    () =>
      Float32Array.from(
        own,
        (value, j) => value + Math.sqrt(1 - RESEMBLANCE) * drawNormal(draw) + (j === 0 ? shift : 0),
      ),
  );
}

function discussion(draw: Draw, shift: number): number[] {
  const own = Math.sqrt(RESEMBLANCE) * drawNormal(draw);
  return Array.from(
    { length: COMMENTS },
    () => shift + own + Math.sqrt(1 - RESEMBLANCE) * drawNormal(draw),
  );
}

function contains({ lower, upper }: Readonly<{ lower: number; upper: number }>, value: number): boolean {
  return lower <= value && value <= upper;
}

function computed<Result>(result: Result | Unavailable): Result {
  if (isUnavailable(result)) throw new Error(`Cannot compare the corpora: ${result.unavailable}`);
  return result;
}

if (import.meta.main) {
  const pairs = Number(Deno.args[0] ?? 1000);
  // deno-lint-ignore no-console
  const print = (...cells: readonly string[]) => console.log(`| ${cells.join(" | ")} |`);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  print("comparison", "discussions", "shift", "found", "intervals with the true value");
  print("-", "-", "-", "-", "-");
  const comparisons = [
    ["classifier", classifierRates],
    ["distance", distanceRates],
    ["vectors", vectorRates],
  ] as const;
  const [, only] = Deno.args;
  for (const [name, rates] of comparisons) {
    for (const shift of only === undefined || only === name ? SHIFTS[name] : []) {
      for (const sizes of SIZES) {
        const { positive, covered } = rates({ sizes, shift }, pairs);
        print(name, sizes.join(" and "), String(shift), percent(positive), percent(covered));
      }
    }
  }
}
