/** Data that a fitted model could have given, of a design as large as wanted. */
import type { Draw } from "../../core/random/mod.ts";
import { drawNormal } from "./distributions.ts";
import { type GroupedDesign, groupedDesign } from "./grouped_design.ts";
import type { MixedModel } from "./mixed_model.ts";
import { type Covariate, type Factor, type ModelData, modelMatrix } from "./model_matrix.ts";
import { isUnavailable, type Unavailable } from "./unavailable.ts";

/** A design of which outcomes can be drawn. */
export type SimulatedDesign = Readonly<{
  design: GroupedDesign;
  /**
   * Makes a source of outcomes of a model on this design.
   *
   * @param coefficients One of each column.
   * @param model Its variances between and within groups.
   * @returns What draws one value a row from a source of randomness.
   */
  outcomesOf(
    coefficients: readonly number[],
    model: Pick<MixedModel, "groupVariance" | "residualVariance">,
  ): (draw: Draw) => Float64Array;
}>;

/**
 * The design of a pilot with another number of replications.
 *
 * Its cells are the combinations of those factors that are constant within groups. Each cell gets as many groups as
 * asked for, copies of the pilot's groups there, taken in turn: a copy has its original's rows and covariates.
 *
 * @param data The pilot's data; its outcome says which rows count and is not used otherwise.
 * @param centres What was subtracted from the pilot's centred covariates, so that coefficients keep their meaning.
 * @param replications Groups in each cell.
 * @returns The design, or why it cannot be fitted.
 */
export function simulatedDesign(
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
  const design = groupedDesign(matrix.names, matrix.columns, group);
  if (isUnavailable(design)) return design;
  return {
    design,
    outcomesOf(coefficients, { groupVariance, residualVariance }) {
      const [between, within] = [Math.sqrt(groupVariance), Math.sqrt(residualVariance)];
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
