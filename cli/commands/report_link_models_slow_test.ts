/**
 * Checks logistic and ordinal outcomes on their way from a run to the report and its figures. Expected
 * values:
 * `../../analysis/testing/link_run_reference.R`, which reads the flat table of the same run.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { parsedHtml } from "../../adapters/report/testing/parsed_html.ts";
import type { AdjustedTest } from "../../analysis/outcomes/mod.ts";
import { isUnavailable } from "../../analysis/mod.ts";
import { linkModelsRun } from "../testing/link_models_run.ts";
import { succeeds } from "../testing/rated_run.ts";
import { writtenReport } from "../testing/written_report.ts";

/**
 * The expected figures, in the order of R's table. `equivalence` is the p of two one-sided tests with the
 * margin.
 */
const EXPECTED = {
  "rude by moderator[host]": {
    ...{ values: 205, estimate: -0.4026085846, se: 0.2531234397, df: 4.97330762 },
    ...{ p: 0.1728923932, lower: -1.054334896, upper: 0.2491177263 },
    ...{ equivalence: 7.50083487e-4, holm: 0.345784786 },
  },
  "rude by moderator[host]:turn": {
    ...{ values: 205, estimate: -0.0601175718, se: 0.1367608075, df: 4.77511552 },
    ...{ p: 0.6794177206, lower: -0.41671109, upper: 0.2964759468 },
    ...{ equivalence: null, holm: 0.679417721 },
  },
  "tone by moderator[host]": {
    ...{ values: 199, estimate: -0.6990879198, se: 0.323130308, df: 4.98856086 },
    ...{ p: 0.0829469443, lower: -1.530294038, upper: 0.1321181989 },
    ...{ equivalence: 5.05422877e-3, holm: 0.270246924 },
  },
  "tone by moderator[host]:turn": {
    ...{ values: 199, estimate: -0.1269217003, se: 0.0538566657, df: 4.7643435 },
    ...{ p: 0.0675617309, lower: -0.267449886, upper: 0.0136064856 },
    ...{ equivalence: null, holm: 0.270246924 },
  },
} as const;

/**
 * How far figures may differ. R and the report have different formulas for degrees of freedom. In these
 * models they differ by up to 1 %, so p and the ends of intervals differ, too.
 */
const NEAR = { estimate: 2e-5, se: 3e-4, df: 0.05, p: 1e-3, end: 3e-3 } as const;

function assertNear(
  found: number | null | undefined,
  expected: number,
  precision: number,
  what: string,
): void {
  assert.ok(Math.abs(found! - expected) <= precision, `${what}: ${found}, not ${expected}`);
}

Deno.test("report fits yes/no and ordinal outcomes of a run as glmer and clmm of R do, with robust tests, and plots them", () =>
  inFolder(async (cwd) => {
    const run = await linkModelsRun(cwd);
    const [out, figures] = [join(cwd, "report"), join(cwd, "figures")];
    const told = JSON.parse(await succeeds("report", run, "--out", out, "--figures", figures, "--json"));
    const tests: readonly AdjustedTest[] = told.confirmatory;
    assert.deepEqual(
      tests.map(({ outcome, term }) => `${outcome} by ${term.name}`),
      Object.keys(EXPECTED),
    );
    for (const { outcome, term, method, unit, adjustedFor, figures, equivalence, adjusted } of tests) {
      const name = `${outcome} by ${term.name}` as keyof typeof EXPECTED;
      const expected = EXPECTED[name];
      assert.equal(method, outcome === "rude" ? "logistic-mixed-model" : "ordinal-mixed-model");
      assert.deepEqual([unit, adjustedFor], ["log-odds", ["model"]]);
      assert(!isUnavailable(figures) && !isUnavailable(figures.interval));
      assert.equal(figures.values, expected.values);
      assertNear(figures.estimate, expected.estimate, NEAR.estimate, name);
      assertNear(figures.standardError, expected.se, NEAR.se, name);
      assertNear(figures.df, expected.df, NEAR.df, name);
      assertNear(figures.p, expected.p, NEAR.p, name);
      assertNear(figures.interval.lower, expected.lower, NEAR.end, name);
      assertNear(figures.interval.upper, expected.upper, NEAR.end, name);
      assertNear(adjusted, expected.holm, 2 * NEAR.p, name);
      if (expected.equivalence === null) assert.equal(equivalence, null);
      else {
        assert(equivalence !== null && !isUnavailable(equivalence));
        assertNear(equivalence.p, expected.equivalence, NEAR.p, name);
      }
    }

    const { data, page } = await writtenReport(out);
    const plotted = data("first-page-plot").map((row) =>
      [row.estimate, row.interval_lower, row.interval_upper].map(Number)
    );
    assert.deepEqual(
      plotted,
      tests.map(({ figures }) => {
        assert(!isUnavailable(figures) && !isUnavailable(figures.interval));
        return [figures.estimate, figures.interval.lower, figures.interval.upper];
      }),
    );
    const captions = Array.from(page.querySelectorAll("figcaption"), ({ textContent }) => textContent);
    for (const model of ["logistic mixed model", "cumulative-link mixed model"]) {
      assert.ok(captions.some((text) => text.includes(model)), model);
    }
    const svg = await Deno.readTextFile(join(figures, "first-page-plot.svg"));
    const texts = Array.from(
      parsedHtml(`<html><body>${svg}</body></html>`).querySelectorAll("text"),
      ({ textContent }) => textContent,
    );
    for (const outcome of ["rude", "tone"]) {
      assert.ok(texts.some((text) => text.startsWith(`${outcome}, log odds`)), texts.join("\n"));
    }
  }));
