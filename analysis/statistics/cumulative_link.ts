/**
 * The likelihood of a cumulative logit model: logit P(y ≤ k) = αₖ − xβ − σz. Each group has a random intercept
 * σz, where z is standard normal. With two categories, it is a logistic model.
 *
 * The intercepts are integrated out by adaptive quadrature of Gauss and Hermite (Pinheiro and Bates 1995).
 */
import { gaussHermite } from "./gauss_hermite.ts";
import type { Places } from "./indexed.ts";
import type { Derivatives } from "./newton.ts";

/**
 * The search for a group's mode ends when a step is smaller than `precision` (in standard deviations), or after
 * this number of steps.
 */
const MODE = { precision: 1e-6, steps: 50 } as const;

/** The rows of a model, sorted by group. */
export type LinkRows = Readonly<{
  /** The category of each row, from 0. */
  category: Int32Array;
  categories: number;
  /** The columns of x, without an intercept. */
  columns: readonly Float64Array[];
  /** The index of each group's first row. One more entry has the number of rows. */
  starts: Int32Array;
  /** If each group stands for several groups with equal rows: the groups that it stands for. */
  alike?: Places;
}>;

/** Receives a group's part of the −log likelihood: its value, gradient and Hessian. */
export type VisitGroup = (group: number, part: Derivatives) => void;

/**
 * Makes the function that gives −log likelihood and its derivatives at the parameters [α, β, σ].
 *
 * The derivatives are derivatives of the exact integral. They are approximated with the same nodes as the integral.
 *
 * @param nodes The number of nodes of the quadrature for each group.
 * @returns The function. Its value is infinite where thresholds are not in order. A visitor gets each group's part.
 */
export function linkLikelihood(
  rows: LinkRows,
  nodes: number,
): (at: Float64Array, visit?: VisitGroup) => Derivatives {
  const { category, categories, columns, starts, alike } = rows;
  const [thresholds, p, groups] = [categories - 1, columns.length, starts.length - 1];
  const size = thresholds + p + 1;
  const quadrature = gaussHermite(nodes);
  const modes = new Float64Array(groups);
  const eta = new Float64Array(category.length);
  const [z, weights, slopes] = [0, 1, 2].map(() => new Float64Array(nodes)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const scores = Array.from({ length: nodes }, () => new Float64Array(size));
  const mean = new Float64Array(size);
  const limits = new Float64Array(categories + 1);
  // For each node of a row: F and its density at the threshold below the row's category, the same at the
  // threshold above it, and the category's probability.
  const [below, densityBelow, above, densityAbove, probabilities] = [0, 1, 2, 3, 4].map(() =>
    new Float64Array(nodes * largestOf(starts))
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

  /** Finds the mode and the spread of a group's intercept. */
  const locate = (group: number, sigma: number) => {
    let at = modes[group]!;
    for (let step = 0;; step++) {
      let [slope, curvature] = [0, 0];
      for (let row = starts[group]!; row < starts[group + 1]!; row++) {
        const [of, xi] = [category[row]!, eta[row]! + sigma * at];
        if (of > 0) {
          const x = limits[of]! - xi;
          const e = Math.exp(-Math.abs(x));
          slope += (x >= 0 ? 1 : e) / (1 + e);
          curvature += e / ((1 + e) * (1 + e));
        }
        if (of < thresholds) {
          const x = limits[of + 1]! - xi;
          const e = Math.exp(-Math.abs(x));
          slope -= (x >= 0 ? e : 1) / (1 + e);
          curvature += e / ((1 + e) * (1 + e));
        }
      }
      curvature = 1 + sigma * sigma * curvature;
      const move = (sigma * slope - at) / curvature;
      at += move;
      if (Math.abs(move) < MODE.precision || step === MODE.steps) {
        modes[group] = at;
        return { mode: at, spread: 1 / Math.sqrt(curvature) };
      }
    }
  };

  /**
   * Computes a category's probability at ξ. Keeps the parts that the derivatives need, and returns the
   * probability.
   */
  const keep = (place: number, of: number, xi: number) => {
    let [a, b, notA, notB] = [0, 1, 1, 0];
    if (of > 0) {
      const x = limits[of]! - xi;
      const e = Math.exp(-Math.abs(x));
      a = (x >= 0 ? 1 : e) / (1 + e);
      notA = (x >= 0 ? e : 1) / (1 + e);
    }
    if (of < thresholds) {
      const x = limits[of + 1]! - xi;
      const e = Math.exp(-Math.abs(x));
      b = (x >= 0 ? 1 : e) / (1 + e);
      notB = (x >= 0 ? e : 1) / (1 + e);
    }
    below[place] = a;
    densityBelow[place] = a * notA;
    above[place] = b;
    densityAbove[place] = b * notB;
    // If both are near 1, their difference would lose its digits, so the complements are subtracted.
    return probabilities[place] = a > 0.5 ? notA - notB : b - a;
  };

  return (at, visit) => {
    const sigma = at[size - 1]!;
    limits[0] = -Infinity;
    limits[categories] = Infinity;
    for (let k = 0; k < thresholds; k++) limits[k + 1] = at[k]!;
    const total = { value: 0, gradient: new Float64Array(size), hessian: new Float64Array(size * size) };
    if (limits.some((limit, k) => k > 0 && !(limit > limits[k - 1]!))) return { ...total, value: Infinity };
    eta.fill(0);
    for (const [j, column] of columns.entries()) {
      const slope = at[thresholds + j]!;
      for (let row = 0; row < eta.length; row++) eta[row]! += slope * column[row]!;
    }
    if (visit === undefined && alike === undefined) {
      for (let group = 0; group < groups; group++) total.value += addGroup(group, sigma, total);
    } else {
      for (let group = 0; group < groups; group++) addApart(group, sigma, total, visit);
    }
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < j; k++) total.hessian[k * size + j] = total.hessian[j * size + k]!;
    }
    return total;
  };

  /** Adds the parts of a group and of the groups that it stands for, and gives them to the visitor. */
  function addApart(
    group: number,
    sigma: number,
    total: { value: number } & Omit<Derivatives, "value">,
    visit: VisitGroup = () => {},
  ): void {
    const part = { gradient: new Float64Array(size), hessian: new Float64Array(size * size) };
    const value = addGroup(group, sigma, part);
    const of = alike?.places.subarray(alike.starts[group]!, alike.starts[group + 1]!) ?? [group];
    for (const one of of) visit(one, { ...part, value });
    total.value += of.length * value;
    for (let j = 0; j < size; j++) total.gradient[j]! += of.length * part.gradient[j]!;
    for (let j = 0; j < size * size; j++) total.hessian[j]! += of.length * part.hessian[j]!;
  }

  /** Adds a group's gradient and the lower triangle of its Hessian. Returns its −log likelihood. */
  function addGroup(
    group: number,
    sigma: number,
    { gradient, hessian }: Pick<Derivatives, "gradient" | "hessian">,
  ): number {
    const [from, to] = [starts[group]!, starts[group + 1]!];
    const { mode, spread } = locate(group, sigma);
    let highest = -Infinity;
    for (let k = 0; k < nodes; k++) {
      const [node, at] = [quadrature.nodes[k]!, mode + spread * quadrature.nodes[k]!];
      let log = Math.log(quadrature.weights[k]!) + (node * node - at * at) / 2;
      for (let row = from; row < to; row++) {
        log += Math.log(keep((row - from) * nodes + k, category[row]!, eta[row]! + sigma * at));
      }
      z[k] = at;
      weights[k] = log;
      highest = Math.max(highest, log);
      scores[k]!.fill(0);
    }
    let sum = 0;
    for (let k = 0; k < nodes; k++) sum += weights[k] = Math.exp(weights[k]! - highest);
    for (let k = 0; k < nodes; k++) weights[k]! /= sum;

    const last = size - 1;
    for (let row = from; row < to; row++) {
      const of = category[row]!;
      let ofLower = 0;
      let ofUpper = 0;
      let ofZ = 0;
      for (let k = 0; k < nodes; k++) {
        const [weight, at, place] = [weights[k]!, z[k]!, (row - from) * nodes + k];
        const [a, b, fa, fb] = [below[place]!, above[place]!, densityBelow[place]!, densityAbove[place]!];
        const score = scores[k]!;
        slopes[k] = a + b - 1;
        ofLower += weight * fa;
        ofUpper += weight * fb;
        ofZ += weight * (fa + fb) * at;
        score[last]! += slopes[k]! * at;
        hessian[last * size + last]! += weight * (fa + fb) * at * at;
        // The threshold above the category is at `of`, the threshold below it at `of - 1`.
        const [ra, rb] = [fa / probabilities[place]!, fb / probabilities[place]!];
        if (of < thresholds) {
          score[of]! += rb;
          hessian[of * size + of]! += weight * (rb * rb - rb * (1 - 2 * b));
          hessian[last * size + of]! -= weight * fb * at;
        }
        if (of > 0) {
          score[of - 1]! -= ra;
          hessian[(of - 1) * size + of - 1]! += weight * (ra * ra + ra * (1 - 2 * a));
          hessian[last * size + of - 1]! -= weight * fa * at;
          if (of < thresholds) hessian[of * size + of - 1]! -= weight * ra * rb;
        }
      }
      for (let j = 0; j < p; j++) {
        const x = columns[j]![row]!;
        if (x === 0) continue;
        const place = (thresholds + j) * size;
        for (let k = 0; k < nodes; k++) scores[k]![thresholds + j]! += slopes[k]! * x;
        if (of < thresholds) hessian[place + of]! -= ofUpper * x;
        if (of > 0) hessian[place + of - 1]! -= ofLower * x;
        const weighted = (ofLower + ofUpper) * x;
        for (let i = 0; i <= j; i++) hessian[place + thresholds + i]! += weighted * columns[i]![row]!;
        hessian[last * size + thresholds + j]! += ofZ * x;
      }
    }
    mean.fill(0);
    for (let k = 0; k < nodes; k++) {
      const score = scores[k]!;
      for (let j = 0; j < size; j++) {
        const weighted = weights[k]! * score[j]!;
        mean[j]! += weighted;
        for (let i = 0; i <= j; i++) hessian[j * size + i]! -= weighted * score[i]!;
      }
    }
    for (let j = 0; j < size; j++) {
      gradient[j]! -= mean[j]!;
      for (let i = 0; i <= j; i++) hessian[j * size + i]! += mean[j]! * mean[i]!;
    }
    return -(highest + Math.log(sum) + Math.log(spread));
  }
}

/** The number of rows of the largest group. */
function largestOf(starts: Int32Array): number {
  return starts.reduce((max, start, group) => Math.max(max, start - (starts[group - 1] ?? 0)), 0);
}
