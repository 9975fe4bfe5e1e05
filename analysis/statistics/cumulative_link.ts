/**
 * The likelihood of a cumulative logit model with a normal random intercept in each group:
 * logit P(y ≤ k) = αₖ − xβ − σz. With two categories it is a logistic model.
 *
 * The intercepts are integrated out by adaptive quadrature of Gauss and Hermite (Pinheiro and Bates 1995).
 */
import { gaussHermite } from "./gauss_hermite.ts";
import type { Derivatives } from "./newton.ts";

/** The nodes of the quadrature for each group. */
const NODES = 9;

/** The search for a group's mode ends at this step, in standard deviations, or after this number of steps. */
const MODE = { precision: 1e-6, steps: 50 } as const;

/** The rows of a model, sorted by group. */
export type LinkRows = Readonly<{
  /** The category of each row, from 0. */
  category: Int32Array;
  categories: number;
  /** The columns of x, without an intercept. */
  columns: readonly Float64Array[];
  /** The first row of each group, and after them the number of rows. */
  starts: Int32Array;
}>;

/** What a group adds to the deviance's half: its value, gradient and Hessian. */
export type VisitGroup = (group: number, part: Derivatives) => void;

/**
 * Makes the function that gives −log likelihood and its derivatives at the parameters [α, β, σ].
 *
 * The derivatives belong to the exact integral, and use the nodes of its value.
 *
 * @returns The function. Its value is infinite where thresholds are not in order. A visitor gets each group's part.
 */
export function linkLikelihood(rows: LinkRows): (at: Float64Array, visit?: VisitGroup) => Derivatives {
  const { category, categories, columns, starts } = rows;
  const [thresholds, p, groups] = [categories - 1, columns.length, starts.length - 1];
  const size = thresholds + p + 1;
  const quadrature = gaussHermite(NODES);
  const modes = new Float64Array(groups);
  const eta = new Float64Array(category.length);
  const limits = new Float64Array(categories + 1);
  const slopes = new Float64Array(NODES);

  /** F(α − ξ) at the thresholds below and above a row's category. */
  const lower = (row: number, xi: number) => logistic(limits[category[row]!]! - xi);
  const upper = (row: number, xi: number) => logistic(limits[category[row]! + 1]! - xi);

  /** The mode and the spread of a group's intercept. */
  const locate = (group: number, sigma: number) => {
    let z = modes[group]!;
    for (let step = 0;; step++) {
      let [slope, curvature] = [-z, 1];
      for (let row = starts[group]!; row < starts[group + 1]!; row++) {
        const xi = eta[row]! + sigma * z;
        const [a, b] = [lower(row, xi), upper(row, xi)];
        slope += sigma * (a + b - 1);
        curvature += sigma * sigma * (a * (1 - a) + b * (1 - b));
      }
      const move = slope / curvature;
      z += move;
      if (Math.abs(move) < MODE.precision || step === MODE.steps) {
        modes[group] = z;
        return { mode: z, spread: 1 / Math.sqrt(curvature) };
      }
    }
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
    const part = visit === undefined
      ? total
      : { value: 0, gradient: new Float64Array(size), hessian: new Float64Array(size * size) };
    for (let group = 0; group < groups; group++) {
      if (visit !== undefined) {
        part.gradient.fill(0);
        part.hessian.fill(0);
      }
      const before = part.value;
      part.value += addGroup(group, sigma, part);
      if (visit !== undefined) visit(group, { ...part, value: part.value - before });
    }
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < j; k++) total.hessian[k * size + j] = total.hessian[j * size + k]!;
    }
    return total;
  };

  /** Adds a group's gradient and the lower triangle of its Hessian. Returns its −log likelihood. */
  function addGroup(
    group: number,
    sigma: number,
    { gradient, hessian }: Pick<Derivatives, "gradient" | "hessian">,
  ): number {
    const [from, to] = [starts[group]!, starts[group + 1]!];
    const { mode, spread } = locate(group, sigma);
    const z = quadrature.nodes.map((node) => mode + spread * node);
    const logs = z.map((at, k) => {
      let sum = Math.log(quadrature.weights[k]!) + (quadrature.nodes[k]! ** 2 - at * at) / 2;
      for (let row = from; row < to; row++) {
        const xi = eta[row]! + sigma * at;
        sum += Math.log(between(limits[category[row]!]! - xi, limits[category[row]! + 1]! - xi));
      }
      return sum;
    });
    const highest = Math.max(...logs);
    const weights = logs.map((value) => Math.exp(value - highest));
    const sum = weights.reduce((all, weight) => all + weight, 0);

    const scores = z.map(() => new Float64Array(size));
    const last = size - 1;
    for (let row = from; row < to; row++) {
      const of = category[row]!;
      let [ofLower, ofUpper, ofZ] = [0, 0, 0];
      for (const [k, at] of z.entries()) {
        const weight = weights[k]! / sum;
        const xi = eta[row]! + sigma * at;
        const [a, b] = [lower(row, xi), upper(row, xi)];
        const [fa, fb] = [a * (1 - a), b * (1 - b)];
        const probability = between(limits[of]! - xi, limits[of + 1]! - xi);
        const [ra, rb] = [fa / probability, fb / probability];
        const score = scores[k]!;
        slopes[k] = a + b - 1;
        ofLower += weight * fa;
        ofUpper += weight * fb;
        ofZ += weight * (fa + fb) * at;
        score[last]! += slopes[k]! * at;
        hessian[last * size + last]! += weight * (fa + fb) * at * at;
        // The threshold above the category is at `of`, the threshold below it at `of - 1`.
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
        for (let k = 0; k < scores.length; k++) scores[k]![thresholds + j]! += slopes[k]! * x;
        if (of < thresholds) hessian[place + of]! -= ofUpper * x;
        if (of > 0) hessian[place + of - 1]! -= ofLower * x;
        const weighted = (ofLower + ofUpper) * x;
        for (let i = 0; i <= j; i++) hessian[place + thresholds + i]! += weighted * columns[i]![row]!;
        hessian[last * size + thresholds + j]! += ofZ * x;
      }
    }
    const mean = new Float64Array(size);
    for (const [k, score] of scores.entries()) {
      const weight = weights[k]! / sum;
      for (let j = 0; j < size; j++) {
        const weighted = weight * score[j]!;
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

function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** F(upper) − F(lower), without cancellation where both are near 1. */
function between(lower: number, upper: number): number {
  return lower > 0 ? logistic(-lower) - logistic(-upper) : logistic(upper) - logistic(lower);
}
