import assert from "node:assert/strict";
import { rawAgreement } from "../mod.ts";

Deno.test("rawAgreement() gives P̄ of a published table", () => {
  // The worked example of the article "Fleiss' kappa" of Wikipedia: ten subjects, fourteen raters, P̄ = 0.378.
  const table = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
  ];
  const ratings = table.map((counts) =>
    counts.flatMap((count, category) => new Array<number>(count).fill(category))
  );
  assert.equal(Number(rawAgreement(ratings)).toFixed(3), "0.378");
});

Deno.test("rawAgreement() counts units alike and leaves out what is missing", () => {
  // By hand: 1 of 3 pairs, 1 of 1 pair, no pair.
  assert.equal(rawAgreement([["a", "a", "b"], ["c", null, "c"], [null, "a", null]]), (1 / 3 + 1) / 2);
});

Deno.test("rawAgreement() says that one annotator agrees with nobody", () => {
  const reason = { unavailable: "no unit has values of two annotators" };
  assert.deepEqual(rawAgreement([[1], [2]]), reason);
  assert.deepEqual(rawAgreement([]), reason);
});
