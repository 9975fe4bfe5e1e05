/** Power and precision of an experiment with more replications, simulated from a pilot. */
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { checkLevel, drawNormal, type Interval, LEVEL, shareInterval } from "./distributions.ts";
import { fitDesign, fitMixedModel, type MixedModel, type MixedModelOptions } from "./mixed_model.ts";
import { type Covariate, type Factor, type ModelData, modelMatrix } from "./model_matrix.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";
import { type GroupedDesign, groupedDesign } from "./grouped_design.ts";

/** The default number of simulated experiments: a power of 0.8 is then known to ±0.025. */
export const SIMULATIONS = 1000;

/** The default limit of a search for replications. */
export const REPLICATIONS_MAX = 1000;

/** At most this share of simulated experiments may have a model that cannot be fitted. */
const FAILED_SHARE_MAX = 0.05;

/** The fewest replications that show a variance between discussions. */
const REPLICATIONS_MIN = 2;

/** A question about an experiment that has not run yet. */
export type PowerQuestion = Readonly<{
  /** The rows of the pilot. Simulations use its variances as the true ones, although a small pilot estimates them badly. */
  pilot: ModelData;
  /** The coefficient in question, by its name in the model, such as `strategy[rules]`. */
  coefficient: string;
  /** Its assumed true value, in the unit of the outcome. All others keep the pilot's estimates. */
  effect: number;
  /** Equal seeds give equal results. */
  seed: string;
  /** Default {@linkcode SIMULATIONS}. */
  simulations?: number;
  /** How the model is fitted. An effect is found when p is below 1 − `level`. */
  model?: MixedModelOptions;
}>;

/** The power of an experiment with a number of replications. */
export type Power = Readonly<{
  /** Discussions per cell: per combination of the factors that are constant within discussions. */
  replications: number;
  /** The share of experiments that find the effect, and its interval given the number of simulations. */
  power: number;
  powerInterval: Interval;
  /** Half the width of the coefficient's interval, in the unit of the outcome, as a mean over the experiments. */
  halfWidth: number;
  /** Experiments that were simulated and fitted, and experiments whose model could not be fitted. */
  simulations: number;
  failed: number;
}>;

/**
 * Simulates the power of an experiment and the precision of its estimate: draws experiments from the pilot's model with
 * the assumed effect, and fits the same model to each of them.
 *
 * @param replications Discussions per cell of the design, at least 2.
 * @throws RangeError when the model has no such coefficient, or `replications` is not a whole number of at least 2.
 *
 * @example
 * ```ts
 * import { isUnavailable, powerOf } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const pilot = {
 *   outcome: [1, 3, 2, 4, 2, 5, 4, 6],
 *   group: ["a", "a", "b", "b", "c", "c", "d", "d"],
 *   predictors: {
 *     moderator: { values: ["no", "no", "no", "no", "yes", "yes", "yes", "yes"], reference: "no" },
 *   },
 * };
 * const power = powerOf({ pilot, coefficient: "moderator[yes]", effect: 1, seed: "42" }, 60);
 * assert(!isUnavailable(power));
 * assert(power.power > 0.8);
 * ```
 */
export function powerOf(question: PowerQuestion, replications: number): Power | Unavailable {
  if (!Number.isSafeInteger(replications) || replications < REPLICATIONS_MIN) {
    throw new RangeError(`Cannot simulate "${replications}" replications: expected a whole number from 2`);
  }
  const fitted = fitMixedModel(question.pilot, question.model);
  return isUnavailable(fitted) ? fitted : simulate(question, fitted, replications);
}

/**
 * Finds the fewest replications that reach a power or a half-width.
 *
 * @param target The power, in (0, 1), or half the width of the coefficient's interval, in the unit of the
 *   outcome.
 * @returns The reason, if even `max` replications do not reach the target.
 * @throws RangeError when the model has no such coefficient, or the target is impossible, such as a power of 1.
 */
export function replicationsFor(
  question: PowerQuestion,
  target: Readonly<{ power: number }> | Readonly<{ halfWidth: number }>,
  max: number = REPLICATIONS_MAX,
): Power | Unavailable {
  const wanted = "power" in target ? target.power : target.halfWidth;
  if (!(wanted > 0) || ("power" in target && wanted >= 1)) {
    throw new RangeError(
      `Cannot reach "${wanted}": expected a power between 0 and 1, or a half-width above 0`,
    );
  }
  const fitted = fitMixedModel(question.pilot, question.model);
  if (isUnavailable(fitted)) return fitted;
  const reaches = (found: Power) => "power" in target ? found.power >= wanted : found.halfWidth <= wanted;

  let [tooFew, next] = [REPLICATIONS_MIN - 1, REPLICATIONS_MIN];
  let enough: Power | undefined;
  while (enough === undefined) {
    const found = simulate(question, fitted, Math.min(next, max));
    if (isUnavailable(found)) return found;
    if (reaches(found)) enough = found;
    else if (next >= max) {
      const [power, halfWidth] = [found.power.toFixed(2), found.halfWidth.toPrecision(3)];
      return unavailable(`${max} replications give a power of ${power} and a half-width of ${halfWidth}`);
    } else [tooFew, next] = [next, 2 * next];
  }
  while (enough.replications - tooFew > 1) {
    const middle = (tooFew + enough.replications) >> 1;
    const found = simulate(question, fitted, middle);
    if (isUnavailable(found)) return found;
    if (reaches(found)) enough = found;
    else tooFew = middle;
  }
  return enough;
}

function simulate(
  { pilot, coefficient, effect, seed, simulations = SIMULATIONS, model = {} }: PowerQuestion,
  fitted: MixedModel,
  replications: number,
): Power | Unavailable {
  const level = model.level ?? LEVEL;
  checkLevel(level);
  const place = fitted.coefficients.findIndex(({ name }) => name === coefficient);
  if (place === -1) {
    const names = fitted.coefficients.map(({ name }) => name).join(", ");
    throw new RangeError(`The model has no coefficient "${coefficient}": expected one of ${names}`);
  }
  const coefficients = fitted.coefficients.map(({ estimate }, index) => index === place ? effect : estimate);
  const simulated = simulatedDesign(pilot, fitted.centres, replications);
  if (isUnavailable(simulated)) return simulated;
  const { design, outcomesOf } = simulated;
  const drawOutcome = outcomesOf(coefficients, fitted);

  const draw = openDraw(seed, "power", replications);
  let [fits, positive, halfWidths] = [0, 0, 0];
  for (let experiment = 0; experiment < simulations; experiment++) {
    const fit = fitDesign(design, drawOutcome(draw), model);
    if (isUnavailable(fit)) continue;
    const { p, interval } = fit.coefficients[place]!;
    fits++;
    if (p < 1 - level) positive++;
    halfWidths += (interval.upper - interval.lower) / 2;
  }
  const failed = simulations - fits;
  if (fits === 0 || failed > FAILED_SHARE_MAX * simulations) {
    return unavailable(`the model cannot be fitted in ${failed} of ${simulations} simulated experiments`);
  }
  return {
    replications,
    power: positive / fits,
    powerInterval: shareInterval(positive, fits, LEVEL),
    halfWidth: halfWidths / fits,
    simulations: fits,
    failed,
  };
}

type SimulatedDesign = Readonly<{
  design: GroupedDesign;
  /** Makes a function that draws the outcome of a model on this design, one value per row. */
  outcomesOf(
    coefficients: readonly number[],
    model: Pick<MixedModel, "variances">,
  ): (draw: Draw) => Float64Array;
}>;

/**
 * The design of a pilot with another number of replications.
 *
 * Its cells are the combinations of the factors that are constant within groups. Each cell gets `replications` groups.
 * They copy the pilot's groups of that cell in turn, with their rows and covariates.
 *
 * @param data The pilot's data. The values of the outcomes do not matter, but rows without an outcome are left out.
 * @param centres The means that were subtracted from the pilot's covariates, so that coefficients keep their
 *   meaning.
 */
function simulatedDesign(
  data: ModelData,
  centres: Readonly<Record<string, number>>,
  replications: number,
): SimulatedDesign | Unavailable {
  const used = modelMatrix(data);
  if (isUnavailable(used)) return used;
  const rowsOf = Map.groupBy(used.rows, (row) => data.group[row]!);
  const between = Object.values(data.predictors).filter((predictor): predictor is Factor =>
    "reference" in predictor &&
    [...rowsOf.values()].every((rows) =>
      rows.every((row) => predictor.values[row] === predictor.values[rows[0]!])
    )
  );
  const cells = Map.groupBy(
    rowsOf.values(),
    ([first]) => JSON.stringify(between.map(({ values }) => values[first!])),
  );
  const group: string[] = [];
  const rows: number[] = [];
  for (const [cell, originals] of cells) {
    for (let replicate = 0; replicate < replications; replicate++) {
      for (const row of originals[replicate % originals.length]!) {
        group.push(`${cell}/${replicate}`);
        rows.push(row);
      }
    }
  }
  const copied = Object.entries(data.predictors).map(([name, predictor]) =>
    [name, copyOf(predictor, rows, centres[name] ?? 0)] as const
  );
  const matrix = modelMatrix({
    outcome: rows.map(() => 0),
    group,
    predictors: Object.fromEntries(copied),
    terms: data.terms,
  });
  if (isUnavailable(matrix)) return matrix;
  const design = groupedDesign(matrix.names, matrix.columns, { group });
  if (isUnavailable(design)) return design;
  return {
    design,
    outcomesOf(coefficients, { variances }) {
      const [between, within] = [Math.sqrt(variances.intercept), Math.sqrt(variances.residual)];
      const expected = new Float64Array(rows.length);
      for (const [j, column] of matrix.columns.entries()) {
        for (let row = 0; row < rows.length; row++) expected[row]! += coefficients[j]! * column[row]!;
      }
      return (draw) => {
        const intercepts = Float64Array.from({ length: design.groups }, () => between * drawNormal(draw));
        return expected.map((value, row) =>
          value + intercepts[design.groupOf[row]!]! + within * drawNormal(draw)
        );
      };
    },
  };
}

function copyOf(predictor: Factor | Covariate, rows: readonly number[], centre: number): Factor | Covariate {
  if ("reference" in predictor) return { ...predictor, values: rows.map((row) => predictor.values[row]!) };
  return { values: rows.map((row) => predictor.values[row]! - centre) };
}
