/** The mixed models of an outcome: every coefficient, and what else the fits say. */
import type { OutcomeModel, TestableOutcome } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { TIME } from "../../../core/experiment/analysis_design.ts";
import { decimalsFor } from "../decimals.ts";
import type { Block, Table } from "../document.ts";
import type { TableIds } from "../table_ids.ts";
import { counts, numbers, paragraph, percent, shown, tableOf, texts } from "./columns.ts";
import { probabilities } from "./effect_results.ts";

/** A model with what it is called. */
type NamedModel = Readonly<{ name: string; slug: string; model: OutcomeModel }>;

/**
 * The tables of an outcome's models.
 *
 * @param testable The outcome; none where it is a figure of whole discussions.
 * @param ids Where the tables' names come from.
 * @param level The level of the intervals.
 */
export function modelBlocks(
  { outcome, models }: TestableOutcome,
  ids: TableIds,
  level: number,
): readonly Block[] {
  if (models === null) return [];
  const named = [
    { name: "main effects", slug: "main", model: models.main },
    { name: "through turns", slug: "through-turns", model: models.throughTurns },
  ];
  const fitted = named.filter((one): one is NamedModel => !isUnavailable(one.model));
  const failed = named.flatMap(({ name, model }) =>
    isUnavailable(model)
      ? [paragraph(`The mixed model of ${outcome.name}, ${name}, cannot be fitted: ${model.unavailable}.`)]
      : []
  );
  return [
    ...failed,
    ...fitted.map(({ name, slug, model }) =>
      shown(
        coefficientTable(ids.next(outcome.name, slug), `${outcome.name}: mixed model, ${name}`, model, level),
      )
    ),
    ...fitted.length === 0 ? [] : [shown(fitTable(ids.next(outcome.name, "fit"), outcome, fitted))],
  ];
}

function coefficientTable(id: string, title: string, { fit }: OutcomeModel, level: number): Table {
  const { coefficients } = fit;
  const estimates = coefficients.map(({ estimate }) => estimate);
  const errors = coefficients.map(({ standardError }) => standardError);
  // Standard errors are the smallest: they decide how far the figures are known.
  const decimals = decimalsFor([Math.min(...errors)]);
  return tableOf({
    id,
    title,
    note: "A random intercept by discussion, REML; Student's t with Satterthwaite's degrees of freedom.",
    columns: [
      texts("coefficient", "Coefficient", coefficients.map(({ name }) => name)),
      numbers("estimate", "Estimate", estimates, decimals),
      numbers("standard_error", "SE", errors, decimals),
      numbers("df", "df", coefficients.map(({ df }) => df), 1),
      numbers("t", "t", coefficients.map(({ statistic }) => statistic), 2),
      probabilities("p", "p", coefficients.map(({ p }) => p)),
      numbers(
        "interval",
        `${percent(level)} interval`,
        coefficients.map(({ interval }) => interval),
        decimals,
      ),
    ],
  });
}

function fitTable(id: string, outcome: TestableOutcome["outcome"], models: readonly NamedModel[]): Table {
  const fits = models.map(({ model }) => model.fit);
  const variances = fits.flatMap(({ groupVariance, residualVariance }) => [groupVariance, residualVariance]);
  const decimals = decimalsFor([Math.min(...variances.filter((variance) => variance > 0))]);
  const centres = fits.map(({ centres }) => centres[TIME] ?? null);
  return tableOf({
    id,
    title: `${outcome.name}: fit of the mixed models`,
    note:
      "Variances are in the squared unit of the outcome. Without a value are comments that were to be judged and have no " +
      "value; without a level, values of discussions that lack a factor of the model. Log-likelihoods of models of " +
      "different effects are not to be compared, since they are REML's.",
    columns: [
      texts("model", "Model", models.map(({ name }) => name)),
      numbers(
        "variance_between",
        "Variance between discussions",
        fits.map((fit) => fit.groupVariance),
        decimals,
      ),
      numbers("variance_within", "Variance within", fits.map((fit) => fit.residualVariance), decimals),
      numbers("log_likelihood", "Log-likelihood (REML)", fits.map((fit) => fit.logLikelihood), 2),
      counts("values", "Values", fits.map(({ rows }) => rows)),
      counts("missing", "Without a value", fits.map(() => outcome.missing)),
      counts("left_out", "Without a level", fits.map(({ missing }) => missing)),
      counts("discussions", "Discussions", fits.map(({ groups }) => groups)),
      numbers("centre", "Centre of turn", centres, 2),
    ],
  });
}
