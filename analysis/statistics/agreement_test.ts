import assert from "node:assert/strict";
import {
  alphaInterval,
  isUnavailable,
  krippendorffAlpha,
  type MeasurementLevel,
  type Ratings,
  rawAgreement,
} from "../mod.ts";

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

Deno.test("rawAgreement() gives each unit the same weight and ignores missing values", () => {
  // By hand: 1 of 3 pairs is equal in the first unit, and 1 of 1 in the second. The third unit has no pair.
  assert.equal(rawAgreement([["a", "a", "b"], ["c", null, "c"], [null, "a", null]]), (1 / 3 + 1) / 2);
});

Deno.test("rawAgreement() gives the reason if there is only one annotator", () => {
  const reason = { unavailable: "no unit has values of two annotators" };
  assert.deepEqual(rawAgreement([[1], [2]]), reason);
  assert.deepEqual(rawAgreement([]), reason);
});

// The expected values come from the Python package krippendorff 0.9.0 (../testing/krippendorff_alpha_reference.py).

const _ = null;

/** Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers of twelve units. */
const PUBLISHED = transposed([
  [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
  [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]);

/** The same forty units and three annotators as in the script; some values are missing. */
const MADE: Ratings = Array.from(
  { length: 40 },
  (_none, unit) =>
    [0, 1, 2].map((annotator) =>
      (unit * 7 + annotator * 5) % 11 === 0
        ? null
        : [0, 1, 2, 3, 4, 6][(unit * unit + unit * annotator * annotator) % 6]!
    ),
);

function transposed(rows: readonly (readonly (number | null)[])[]): Ratings {
  return rows[0]!.map((_none, unit) => rows.map((row) => row[unit]!));
}

function alphaOf(ratings: Ratings, scale: MeasurementLevel): number {
  const result = krippendorffAlpha(ratings, scale);
  assert(!isUnavailable(result), JSON.stringify(result));
  return result.alpha;
}

function assertNear(found: number, expected: number, distance: number): void {
  assert.ok(Math.abs(found - expected) < distance, `${found}, not ${expected}`);
}

const EXPECTED: readonly (readonly [MeasurementLevel, number, number])[] = [
  ["nominal", 0.743421052631579, 0.1415323470964892],
  ["ordinal", 0.8153875037548814, 0.0006463341350702034],
  ["interval", 0.8491071428571428, -0.057674570017904436],
];

for (const [scale, published, made] of EXPECTED) {
  Deno.test(`krippendorffAlpha() gives the ${scale} alpha of the published example and of other data`, () => {
    assertNear(alphaOf(PUBLISHED, scale), published, 1e-12);
    assertNear(alphaOf(MADE, scale), made, 1e-12);
  });
}

Deno.test("krippendorffAlpha() counts only units with at least two values", () => {
  const { units, values } = krippendorffAlpha(PUBLISHED, "nominal") as { units: number; values: number };
  // Of the 41 values of Krippendorff's example, 40 count (n.. in the article), because unit 12 has only one value.
  assert.deepEqual([units, values], [11, 40]);
});

Deno.test("krippendorffAlpha() accepts names only on the nominal scale", () => {
  const letters = PUBLISHED.map((row) => row.map((value) => value && "abcde"[Number(value) - 1]!));
  assertNear(alphaOf(letters, "nominal"), 0.743421052631579, 1e-12);
  assert.throws(() => krippendorffAlpha(letters, "ordinal"), {
    message: 'Cannot order "a": the scale ordinal needs numbers',
  });
});

Deno.test("krippendorffAlpha() stays precise if all values have a large offset", () => {
  const far = PUBLISHED.map((row) => row.map((value) => value === null ? null : Number(value) + 1e9));
  assertNear(alphaOf(far, "interval"), 0.8491071428571428, 1e-12);
});

const UNPAIRED = { unavailable: "no unit has values of two annotators" };
const EQUAL = { unavailable: "all values are equal, so the disagreement expected by chance is 0" };
const REFUSALS: readonly Readonly<{ title: string; ratings: Ratings; result: object }>[] = [
  { title: "no units", ratings: [], result: UNPAIRED },
  { title: "one annotator", ratings: [[1], [2], [3]], result: UNPAIRED },
  { title: "annotators who share no unit", ratings: [[1, null], [null, 2]], result: UNPAIRED },
  { title: "values that are all equal", ratings: [[2, 2], [2, 2], [null, 3]], result: EQUAL },
  { title: "only missing values", ratings: [[null, null], []], result: UNPAIRED },
];

for (const { title, ratings, result } of REFUSALS) {
  Deno.test(`krippendorffAlpha() and alphaInterval() return a reason for ${title}`, () => {
    for (const scale of ["nominal", "ordinal", "interval"] as const) {
      assert.deepEqual(krippendorffAlpha(ratings, scale), result);
      assert.deepEqual(alphaInterval(ratings, scale, { seed: "42" }), result);
    }
  });
}

Deno.test("krippendorffAlpha() refuses numbers that are not finite", () => {
  assert.throws(() => krippendorffAlpha([[NaN, 1]], "nominal"), RangeError);
});

Deno.test("alphaInterval() gives about the intervals of the reference script, over units and over clusters", () => {
  const expected: readonly (readonly [string[] | undefined, number, number, number])[] = [
    [undefined, 0.01716409, 0.25297916, 0.05708354],
    [MADE.map((_none, unit) => String(Math.floor(unit / 4))), 0.05351443, 0.22773279, 0.03609594],
  ];
  for (const [clusters, lower, upper, standardError] of expected) {
    const result = alphaInterval(MADE, "nominal", { seed: "42", resamples: 4000 }, clusters);
    assert(!isUnavailable(result));
    assertNear(result.estimate, 0.1415323470964892, 1e-12);
    // A quantile of 4,000 resamples has a standard deviation of about 0.04 to 0.06 standard errors.
    assertNear(result.interval.lower, lower, 0.1 * standardError);
    assertNear(result.interval.upper, upper, 0.1 * standardError);
    assertNear(result.standardError, standardError, 0.05 * standardError);
  }
});

Deno.test("alphaInterval() needs at least two clusters, and a cluster for each unit", () => {
  const one = MADE.map(() => "d1");
  assert.deepEqual(alphaInterval(MADE, "nominal", { seed: "42" }, one), {
    unavailable: "there is one cluster, so the variance between clusters cannot be estimated",
  });
  assert.throws(() => alphaInterval(MADE, "nominal", { seed: "42" }, ["d1"]), RangeError);
});
