import assert from "node:assert/strict";
import fc from "fast-check";
import { modelMatrix } from "./model_matrix.ts";
import { isUnavailable } from "./unavailable.ts";
import {
  coefficientName,
  type CoefficientPart,
  INTERCEPT,
  readCoefficientName,
} from "./coefficient_names.ts";

Deno.test("coefficientName() joins usual names and levels without quotation marks", () => {
  const name = (...parts: CoefficientPart[]) => coefficientName(parts);
  assert.equal(name({ name: "turn" }), "turn");
  assert.equal(name({ name: "models.talker.model", level: "llama3:8b" }), "models.talker.model[llama3:8b]");
  assert.equal(
    name({ name: "style", level: "[EN] calm, warm" }, { name: "turn" }),
    "style[[EN] calm, warm]:turn",
  );
  assert.equal(name({ name: "style: tone", level: "x" }), '"style: tone"[x]');
  assert.notEqual(name({ name: INTERCEPT }), INTERCEPT);
});

Deno.test("different coefficients have different names, and the name gives the coefficient back", () => {
  const hostile = fc.string({
    unit: fc.constantFrom("a", "b", "[", "]", ":", '"', "\\", ",", "×", " ", "\n"),
  });
  const part = fc.oneof(
    fc.record({ name: hostile }, { noNullPrototype: true }),
    fc.record({ name: hostile, level: hostile }, { noNullPrototype: true }),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
      assert.deepEqual(readCoefficientName(coefficientName(parts)), parts);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("columns of a model have different names, even if a level or a factor has the name of an interaction", () => {
  const values = (...levels: string[]) => Array.from({ length: 8 }, (_, row) => levels[row % levels.length]!);
  const matrix = modelMatrix({
    outcome: values("").map((_, row) => row),
    group: values("").map((_, row) => String(row)),
    predictors: {
      a: { values: values("0", "x", "x]:b[y"), reference: "0" },
      b: { values: values("0", "0", "y", "y"), reference: "0" },
      "a[x]:b": { values: values("0", "y"), reference: "0" },
      Intercept: { values: values("").map((_, row) => row) },
    },
    terms: [["a"], ["b"], ["a", "b"], ["a[x]:b"], ["Intercept"]],
  });
  assert.ok(!isUnavailable(matrix));
  assert.deepEqual(matrix.names, [
    "Intercept",
    "a[x]",
    'a["x]:b[y"]',
    "b[y]",
    "a[x]:b[y]",
    'a["x]:b[y"]:b[y]',
    '"a[x]:b"[y]',
    '"Intercept"',
  ]);
});
