/** Finds the minimum of a smooth function of several numbers. */
import { dot, factor, solve } from "./linear_algebra.ts";

/** A search that needs more steps does not converge. */
const STEPS_MAX = 100;

/** After a step that does not lower the value, damping begins with this share of the Hessian's largest entry. */
const DAMPING = 1e-3;

/** If even a step with this damping does not lower the value, lower values differ only by rounding. */
const DAMPING_MAX = 1e12;

/** The search is near the minimum if a full step promises to lower the value by less than this. */
const CLOSE = 1e-5;

/** A function's value, gradient and Hessian (row by row) at a point. */
export type Derivatives = Readonly<{ value: number; gradient: Float64Array; hessian: Float64Array }>;

/** A point, and the value and the derivatives at this point. */
export type Minimum = Readonly<{ at: Float64Array; converged: boolean; derivatives: Derivatives }>;

/**
 * Finds a minimum by Newton's method. If a full step does not lower the value, the step is damped (Levenberg
 * and Marquardt).
 *
 * @param derivativesAt Returns the function's value, gradient and Hessian at a point.
 * @param start The point where the search begins.
 * @param tolerance The search ends when a step promises to lower the value by less than this.
 *
 * @example
 * ```ts
 * import { newton } from "./newton.ts";
 * import assert from "node:assert/strict";
 *
 * const found = newton(([x]) => ({
 *   value: Math.exp(x!) - 2 * x!,
 *   gradient: Float64Array.of(Math.exp(x!) - 2),
 *   hessian: Float64Array.of(Math.exp(x!)),
 * }), [0], 1e-12);
 * assert(Math.abs(found.at[0]! - Math.log(2)) < 1e-6);
 * ```
 */
export function newton(
  derivativesAt: (x: Float64Array) => Derivatives,
  start: ArrayLike<number>,
  tolerance: number,
): Minimum {
  const p = start.length;
  let at = Float64Array.from(start);
  let derivatives = derivativesAt(at);
  let damping = 0;
  for (let step = 0; step < STEPS_MAX; step++) {
    const { value, gradient, hessian } = derivatives;
    const largest = hessian.reduce((max, entry) => Math.max(max, Math.abs(entry)), 0);
    const damped = hessian.slice();
    for (let j = 0; j < p; j++) damped[j * p + j]! += damping * largest;
    if (Number.isFinite(factor(damped, p))) {
      const move = solve(damped, gradient);
      const promise = dot(gradient, move) / 2;
      const next = at.map((x, j) => x - move[j]!);
      const there = derivativesAt(next);
      // Near the minimum, a full step is accepted even if the value rises a little, by errors of rounding and
      // quadrature.
      if (there.value <= value || (damping === 0 && promise < CLOSE && Number.isFinite(there.value))) {
        at = next;
        derivatives = there;
        if (damping === 0 && promise < tolerance) return { at, converged: true, derivatives };
        damping = damping > DAMPING ? damping / 10 : 0;
        continue;
      }
    }
    damping = damping === 0 ? DAMPING : damping * 10;
    if (!(damping < DAMPING_MAX)) break;
  }
  return { at, converged: false, derivatives };
}

/**
 * Derivatives by central differences.
 *
 * @param steps The step for each number. The error grows with the square of the step.
 */
export function centralDifferences(
  f: (x: Float64Array) => number,
  at: Float64Array,
  steps: ArrayLike<number>,
): Derivatives {
  const p = at.length;
  const moved = (...places: readonly (readonly [place: number, sign: number])[]) => {
    const x = at.slice();
    for (const [place, sign] of places) x[place]! += sign * steps[place]!;
    return f(x);
  };
  const value = f(at);
  const gradient = new Float64Array(p);
  const hessian = new Float64Array(p * p);
  const around = Array.from({ length: p }, (_, j) => [moved([j, -1]), moved([j, 1])] as const);
  for (let j = 0; j < p; j++) {
    const [below, above] = around[j]!;
    gradient[j] = (above - below) / (2 * steps[j]!);
    hessian[j * p + j] = (above - 2 * value + below) / steps[j]! ** 2;
    for (let k = 0; k < j; k++) {
      const both = moved([j, 1], [k, 1]) + moved([j, -1], [k, -1]);
      const alone = above + below + around[k]![0] + around[k]![1];
      hessian[j * p + k] = hessian[k * p + j] = (both - alone + 2 * value) / (2 * steps[j]! * steps[k]!);
    }
  }
  return { value, gradient, hessian };
}
