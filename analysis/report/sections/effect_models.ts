/** The tables of the models of outcomes. */
import { type AnalysisDesign, TIME } from "../../../core/experiment/analysis_design.ts";
import {
  hasTime,
  modelEstimator,
  type ModelUse,
  type OutcomeModel,
  type TestableOutcome,
} from "../../outcomes/mod.ts";
import { compareFits } from "../../statistics/compare_fits.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { countedNote, termText } from "../analysis_texts.ts";
import type { Block, Table } from "../document.ts";
import { decimalsFor } from "../numbers.ts";
import {
  counts,
  figures,
  numbers,
  paragraph,
  percent,
  probabilities,
  shown,
  TableIds,
  tableOf,
  texts,
} from "../tables.ts";
import { capital } from "../words.ts";

type Timed = Pick<AnalysisDesign, "time">;

type NamedModel = Readonly<{ name: string; slug: string; model: OutcomeModel }>;

/** The names of models in titles, and in the ids of tables. */
const USES: Readonly<Record<ModelUse, readonly [name: string, slug: string]>> = {
  levels: ["effects of factors", "main"],
  "explored-levels": ["effects of factors, adjusted for all", "explored"],
  trends: ["through turns", "through-turns"],
  "explored-trends": ["through turns, with undeclared effects", "explored-turns"],
};

function useText(use: ModelUse, { time }: Timed): string {
  return USES[use][0].replace("turns", `${time}s`);
}

/** The names of methods in titles, and in the ids of tables. */
const KINDS: Readonly<Record<OutcomeModel["method"], readonly [name: string, slug: string]>> = {
  "mixed-model": ["mixed model", ""],
  "linear-model": ["linear model of discussions", "linear"],
  "logistic-mixed-model": ["logistic mixed model", "logistic"],
  "ordinal-mixed-model": ["ordinal mixed model", "ordinal"],
};

/** Tables of the coefficients and of the fits of an outcome's models. */
export function modelBlocks(
  { outcome, models }: TestableOutcome,
  ids: TableIds,
  analysis: Timed & Pick<AnalysisDesign, "level">,
): readonly Block[] {
  const fitted = models.flatMap(({ use, model }): NamedModel[] => {
    if (isUnavailable(model)) return [];
    const [[kind, kindSlug], [, slug]] = [KINDS[model.method], USES[use]];
    const slopes = !hasTime(use) ? "" : model.slopes ? ", random slopes" : ", no random slopes";
    const slugs = [slug, kindSlug, !hasTime(use) || model.slopes ? "" : "intercepts"];
    return [{
      name: `${kind}, ${useText(use, analysis)}${slopes}`,
      slug: slugs.filter((part) => part !== "").join("-"),
      model,
    }];
  });
  const failed = models.flatMap(({ use, kind, model }) =>
    isUnavailable(model)
      ? [
        paragraph(
          `Cannot fit the ${KINDS[kind.method][0]} of ${outcome.name}, ${
            useText(use, analysis)
          }: ${model.unavailable}.`,
        ),
      ]
      : []
  );
  const mixed = fitted.flatMap(({ name, model }) =>
    model.method === "mixed-model" ? [{ name, ...model }] : []
  );
  return [
    ...failed,
    ...fitted.map(({ name, slug, model }) =>
      shown(coefficientTable(ids.next(outcome.name, slug), { outcome, name }, model, analysis))
    ),
    ...mixed.length === 0 ? [] : [shown(fitTable(ids.next(outcome.name, "fit"), outcome, mixed, analysis))],
  ];
}

function coefficientTable(
  id: string,
  { outcome, name }: Readonly<{ outcome: TestableOutcome["outcome"]; name: string }>,
  model: OutcomeModel,
  analysis: Timed & Pick<AnalysisDesign, "level">,
): Table {
  const title = `${outcome.name}: ${name}`;
  const names = new Map(model.terms.map((term) => [term.name, termText(term, analysis)]));
  const { coefficients } = model.fit;
  // The smallest standard error decides how many decimals the table has, because standard errors are its
  // smallest figures.
  const decimals = decimalsFor([Math.min(...coefficients.map(({ standardError }) => standardError))]);
  const note = `${countedNote([outcome])} ${
    capital(modelEstimator(model))
  }. A coefficient is the mean over the levels of the other factors.`;
  return tableOf({ id, title, note }, coefficients, [
    texts("coefficient", "Coefficient", ({ name }) => names.get(name) ?? name),
    numbers("estimate", "Estimate", ({ estimate }) => estimate, decimals),
    numbers("standard_error", "SE", ({ standardError }) => standardError, decimals),
    numbers("df", "df", ({ df }) => df, 1),
    numbers("t", "t", ({ statistic }) => statistic, 2),
    probabilities("p", "p", ({ p }) => p),
    numbers("interval", `${percent(analysis.level)} interval`, ({ interval }) => interval, decimals),
  ]);
}

type NamedFit = Readonly<{ name: string }> & Extract<OutcomeModel, { method: "mixed-model" }>;

function fitTable(
  id: string,
  outcome: TestableOutcome["outcome"],
  models: readonly NamedFit[],
  { time }: Timed,
): Table {
  const variances = models.flatMap(({ fit: { variances: { block, intercept, residual } } }) => [
    block ?? 0,
    intercept,
    residual,
  ]);
  const decimals = decimalsFor([Math.min(...variances.filter((variance) => variance > 0))]);
  const title = `${outcome.name}: fit of the mixed models`;
  const isMatched = models.some(({ isMatched }) => isMatched);
  const haveSlopes = models.some(({ slopes }) => slopes);
  const note = [
    countedNote([outcome]),
    "Variances are in the squared unit of the outcome. ICC: the share of the variance that lies between discussions and " +
    "replicates. Without a value: comments whose annotation is missing. Without a level: values of discussions that lack a " +
    "factor of the model. REML log-likelihoods of models with different effects cannot be compared.",
    ...haveSlopes
      ? [
        "p of the slopes: a test of whether slopes differ between discussions. It compares the likelihoods of the models with and " +
        "without random slopes (a mixture of two χ² distributions; Stram and Lee 1994).",
      ]
      : [],
    ...models.some(({ fit }) => fit.singular)
      ? [
        "A fit is singular if a variance is estimated as 0, or a correlation as 1 or −1. The data do not support all random effects.",
      ]
      : [],
  ].join(" ");
  const variance = (key: string, name: string, of: (fit: NamedFit["fit"]) => number | null) =>
    numbers(key, name, ({ fit }: NamedFit) => of(fit), decimals);
  return tableOf({ id, title, note }, models, [
    texts("model", "Model", ({ name }) => name),
    ...isMatched
      ? [variance("variance_replicates", "Variance between replicates", ({ variances }) => variances.block)]
      : [],
    variance("variance_between", "Variance between discussions", ({ variances }) => variances.intercept),
    ...haveSlopes
      ? [
        figures<NamedFit>("variance_slopes", "Variance of slopes", ({ fit }) => fit.variances.slope),
        numbers<NamedFit>("correlation", "Correlation", ({ fit }) => fit.variances.correlation, 2),
        probabilities<NamedFit>("p_slopes", "p of the slopes", (model) => slopesP(model, models)),
      ]
      : [],
    variance("variance_within", "Variance within", ({ variances }) => variances.residual),
    numbers("icc", "ICC", ({ fit }) => fit.icc, 2),
    texts("singular", "Singular", ({ fit }) => fit.singular ? "yes" : "no"),
    numbers("log_likelihood", "Log-likelihood (REML)", ({ fit }) => fit.logLikelihood, 2),
    counts("values", "Values", ({ fit }) => fit.rows),
    counts("missing", "Without a value", () => outcome.missing),
    counts("left_out", "Without a level", ({ fit }) => fit.missing),
    counts("discussions", "Discussions", ({ fit }) => fit.groups),
    numbers("centre", `Centre of ${time}`, ({ fit }) => fit.centres[TIME] ?? null, 2),
  ]);
}

/** p of the comparison with the same model without random slopes; `null` if that model was not fitted. */
function slopesP({ use, slopes, fit }: NamedFit, models: readonly NamedFit[]): number | null {
  const without = models.find((model) => model.use === use && !model.slopes);
  return slopes && without !== undefined ? compareFits(without.fit, fit).p : null;
}
