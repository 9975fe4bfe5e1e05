/** The table of checks: the declared tests, computed by other methods. */
import type { AdjustedTest, TestCheck, TestFigures } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { Cell, Table } from "../document.ts";
import { figures, percent, probabilities, tableOf, texts } from "../tables.ts";
import { comparisonText, type Results } from "./effect_results.ts";

type Line = Readonly<{ test: AdjustedTest; check: Pick<TestCheck, "differs" | "unit" | "figures"> }>;

/** Each declared test with its checks below it; `null` if no test has checks. */
export function checksTable(results: Results): Table | null {
  const { compared, analysis } = results;
  const lines = compared.tests.filter(({ checks }) => checks.length > 0).flatMap((test): Line[] => [
    { test, check: { differs: "the test", unit: test.unit, figures: test.figures } },
    ...test.checks.map((check) => ({ test, check })),
  ]);
  if (lines.length === 0) return null;
  const of = (figure: (found: TestFigures) => Cell) => ({ check }: Line) =>
    isUnavailable(check.figures) ? check.figures : figure(check.figures);
  const note =
    "A check is the same coefficient, computed by another method. Its p is not adjusted, and it is not a result. If it " +
    "disagrees with the test, report both.";
  return tableOf({ id: "checks", title: "The declared tests by other methods", note }, lines, [
    texts("outcome", "Outcome", ({ test }) => test.outcome),
    texts("comparison", "Comparison", ({ test }) => comparisonText(test, results)),
    texts("means", "Means", ({ check }) => check.differs),
    texts("unit", "Unit", ({ check }) => check.unit === "log-odds" ? "log odds" : "of the outcome"),
    figures("estimate", "Estimate", of(({ estimate }) => estimate)),
    figures("interval", `${percent(analysis.level)} interval`, of(({ interval }) => interval)),
    probabilities("p", "p", of(({ p }) => p)),
  ]);
}
