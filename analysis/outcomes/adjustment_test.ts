import assert from "node:assert/strict";
import { modelFactors } from "./adjustment.ts";

/**
 * Eight discussions, in which three factors of two levels are crossed. A fourth, `region`, is determined by
 * `model`.
 */
const LEVELS: Readonly<Record<string, readonly (string | null)[]>> = {
  moderator: ["a", "b", "a", "b", "a", "b", "a", "b"],
  model: ["a", "a", "b", "b", "a", "a", "b", "b"],
  length: ["a", "a", "a", "a", "b", "b", "b", "b"],
  region: ["x", "x", "y", "y", "x", "x", "y", "y"],
};

function factorsIn(
  adjust: readonly string[] | undefined,
  levels = LEVELS,
  places = [0, 1, 2, 3, 4, 5, 6, 7],
) {
  const factors = Object.entries(levels).map(([name, of]) => ({
    name,
    levels: ["a", "b"],
    reference: "a",
    of,
  }));
  const effects = [{ names: ["moderator"], declared: true }, { names: ["length"], declared: false }];
  return modelFactors(factors, { effects, ...adjust === undefined ? {} : { adjust } }, places)
    .map(({ name }) => name);
}

Deno.test("modelFactors() keeps all factors that can be separated, or only those that the analysis lists", () => {
  assert.deepEqual(factorsIn(undefined), ["moderator", "model", "length"]);
  assert.deepEqual(factorsIn(["length"]), ["moderator", "length"]);
  assert.deepEqual(factorsIn(["region"]), ["moderator", "region"]);
  assert.deepEqual(factorsIn([]), ["moderator"]);
});

Deno.test("modelFactors() leaves out a factor that some discussion lacks, or that has one level only", () => {
  const unknown = { ...LEVELS, model: [null, ...LEVELS.model!.slice(1)] };
  assert.deepEqual(factorsIn(undefined, unknown), ["moderator", "length", "region"]);
  assert.deepEqual(factorsIn(undefined, LEVELS, [0, 1, 2, 3]), ["moderator", "model"]);
});
