/** The mixed models of toxicity: coefficients, standard errors, variances and likelihoods. */
import { comparedNumber, type Figure } from "./figure.ts";
import { levelOf, type Published, type PublishedModel } from "./published.ts";
import { type ReportFiles, rowWhere } from "./report_files.ts";

/** As far as two programs can be expected to find the same optimum. */
const DIGITS = { digits: 4 } as const;
const LOG_LIKELIHOOD = { within: 0.01 } as const;

/**
 * Compares both models.
 *
 * @param published What was published.
 * @param report The report.
 */
export async function comparedModels(
  { reference }: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { mixed_model_strategy: main, mixed_model_strategy_x_turn: throughTurns } = reference;
  const { file, rows } = await report.table("model-toxicity-fit");
  return [
    ...await comparedModel(main, { name: "main effects", table: "model-toxicity-main" }, report),
    ...await comparedModel(
      throughTurns,
      { name: "through turns", table: "model-toxicity-through-turns" },
      report,
    ),
    comparedNumber({ name: "through turns: mean turn", file }, {
      expected: throughTurns.mean_turn,
      found: rowWhere(rows, "model", "through turns")?.number("centre") ?? null,
    }, "exactly"),
  ];
}

async function comparedModel(
  model: PublishedModel,
  { name, table }: Readonly<{ name: string; table: string }>,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const coefficients = await report.table(table);
  const fit = await report.table("model-toxicity-fit");
  const fitted = rowWhere(fit.rows, "model", name);
  const ofFit = (what: string, expected: number, column: string) =>
    comparedNumber(
      { name: `${name}: ${what}`, file: fit.file },
      { expected, found: fitted?.number(column) ?? null },
      column === "log_likelihood" ? LOG_LIKELIHOOD : DIGITS,
    );
  return [
    ...Object.entries(model.coefficients).flatMap(([published, { estimate, se }]) => {
      const term = ownTerm(published);
      const row = rowWhere(coefficients.rows, "coefficient", term);
      const place = (what: string) => ({ name: `${name}: ${term}${what}`, file: coefficients.file });
      return [
        comparedNumber(place(""), { expected: estimate, found: row?.number("estimate") ?? null }, DIGITS),
        comparedNumber(place(", SE"), { expected: se, found: row?.number("standard_error") ?? null }, DIGITS),
      ];
    }),
    ofFit("variance between discussions", model.group_variance, "variance_between"),
    ofFit("variance within", model.residual_variance, "variance_within"),
    ofFit("log-likelihood (REML)", model.log_likelihood_reml, "log_likelihood"),
  ];
}

/** A coefficient of the formula of statsmodels, as the report calls it. */
function ownTerm(published: string): string {
  return published
    .replace(/C\([^[]*\)\[T\.(.*?)\]/, (_, strategy: string) => `moderator[${levelOf(strategy)}]`)
    .replace(/\bturn_c$/, "turn");
}
