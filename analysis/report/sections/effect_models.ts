/** The tables of the mixed models, and of the same comparisons by other methods. */
import {
  hasTime,
  type LevelComparison,
  modelEstimator,
  type ModelUse,
  type OutcomeModel,
  type TestableOutcome,
} from "../../outcomes/mod.ts";
import { compareFits } from "../../statistics/compare_fits.ts";
import { isUnavailable, type Unavailable } from "../../statistics/unavailable.ts";
import { TIME } from "../../../core/experiment/analysis_design.ts";
import { decimalsFor, formatCount } from "../numbers.ts";
import { countedIn, countedNote } from "../analysis_texts.ts";
import type { Block, Cell, Table } from "../document.ts";
import {
  counts,
  type Field,
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
import { checksTable } from "./effect_checks.ts";
import { multiverseForests } from "./effect_forests.ts";
import { contrastText, type Results } from "./effect_results.ts";
import type { EffectSize } from "../../statistics/effect_size.ts";
import type { PairedDifference } from "../../statistics/paired_difference.ts";

type NamedModel = Readonly<{ name: string; slug: string; model: OutcomeModel }>;

/** The names of models in titles, and in the ids of tables. */
const USES: Readonly<Record<ModelUse, readonly [name: string, slug: string]>> = {
  levels: ["effects of factors", "main"],
  "explored-levels": ["effects of factors, adjusted for all", "explored"],
  trends: ["through turns", "through-turns"],
  "explored-trends": ["through turns, with undeclared effects", "explored-turns"],
};

/** The names of methods in titles, and in the ids of tables. */
const KINDS: Readonly<Record<OutcomeModel["method"], readonly [name: string, slug: string]>> = {
  "mixed-model": ["mixed model", ""],
  "linear-model": ["linear model of discussions", "linear"],
  "logistic-mixed-model": ["logistic mixed model", "logistic"],
  "ordinal-mixed-model": ["ordinal mixed model", "ordinal"],
};

/** The coefficients and the fits of an outcome's models. */
export function modelBlocks(
  { outcome, models }: TestableOutcome,
  ids: TableIds,
  level: number,
): readonly Block[] {
  const fitted = models.flatMap(({ use, model }): NamedModel[] => {
    if (isUnavailable(model)) return [];
    const [[kind, kindSlug], [name, slug]] = [KINDS[model.method], USES[use]];
    const slopes = !hasTime(use) ? "" : model.slopes ? ", random slopes" : ", no random slopes";
    const slugs = [slug, kindSlug, !hasTime(use) || model.slopes ? "" : "intercepts"];
    return [{
      name: `${kind}, ${name}${slopes}`,
      slug: slugs.filter((part) => part !== "").join("-"),
      model,
    }];
  });
  const failed = models.flatMap(({ use, kind, model }) =>
    isUnavailable(model)
      ? [
        paragraph(
          `Cannot fit the ${KINDS[kind.method][0]} of ${outcome.name}, ${
            USES[use][0]
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
      shown(coefficientTable(ids.next(outcome.name, slug), { outcome, name }, model, level))
    ),
    ...mixed.length === 0 ? [] : [shown(fitTable(ids.next(outcome.name, "fit"), outcome, mixed))],
  ];
}

function coefficientTable(
  id: string,
  { outcome, name }: Readonly<{ outcome: TestableOutcome["outcome"]; name: string }>,
  model: OutcomeModel,
  level: number,
): Table {
  const title = `${outcome.name}: ${name}`;
  const { coefficients } = model.fit;
  // Standard errors are the smallest figures, so they decide how many decimals the table needs.
  const decimals = decimalsFor([Math.min(...coefficients.map(({ standardError }) => standardError))]);
  const note = `${countedNote([outcome])} ${
    capital(modelEstimator(model))
  }. A coefficient is the mean over the levels of the other factors.`;
  return tableOf({ id, title, note }, coefficients, [
    texts("coefficient", "Coefficient", ({ name }) => name),
    numbers("estimate", "Estimate", ({ estimate }) => estimate, decimals),
    numbers("standard_error", "SE", ({ standardError }) => standardError, decimals),
    numbers("df", "df", ({ df }) => df, 1),
    numbers("t", "t", ({ statistic }) => statistic, 2),
    probabilities("p", "p", ({ p }) => p),
    numbers("interval", `${percent(level)} interval`, ({ interval }) => interval, decimals),
  ]);
}

type NamedFit = Readonly<{ name: string }> & Extract<OutcomeModel, { method: "mixed-model" }>;

function fitTable(id: string, outcome: TestableOutcome["outcome"], models: readonly NamedFit[]): Table {
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
        "p of the slopes: whether slopes differ between discussions, by the ratio of likelihoods of the models with and without " +
        "random slopes (a mixture of two χ² distributions; Stram and Lee 1994).",
      ]
      : [],
    ...models.some(({ fit }) => fit.singular)
      ? [
        "A singular fit estimates a variance as 0, or a correlation as 1 or −1: the data do not support all random effects.",
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
    numbers("centre", "Centre of turn", ({ fit }) => fit.centres[TIME] ?? null, 2),
  ]);
}

/** p of the comparison with the same model without random slopes; `null` if there is none. */
function slopesP({ use, slopes, fit }: NamedFit, models: readonly NamedFit[]): number | null {
  const without = models.find((model) => model.use === use && !model.slopes);
  return slopes && without !== undefined ? compareFits(without.fit, fit).p : null;
}

/** Decimals of effect sizes, which have no unit. */
const EFFECT_SIZE_DECIMALS = 2;

/** A comparison, and the name of its outcome. */
type Compared = LevelComparison & Readonly<{ outcome: string }>;

/** Compares levels by every outcome, with one value per discussion, and in pairs of matched discussions. */
export function robustnessBlocks(results: Results): readonly Block[] {
  const comparisons = results.compared.outcomes.flatMap(({ outcome, comparisons }) =>
    comparisons.map((comparison): Compared => ({ ...comparison, outcome: outcome.name }))
  );
  if (comparisons.length === 0) return [];
  const matched = comparisons.filter(({ paired }) => paired !== null);
  const checks = checksTable(results);
  return [
    ...checks === null ? [] : [shown(checks)],
    ...multiverseForests(results),
    shown(differencesTable(comparisons, results)),
    shown(sizesTable(comparisons, results)),
    ...matched.length === 0 ? [] : [shown(pairsTable(matched, results))],
  ];
}

function heads({ compared }: Results): readonly Field<Compared>[] {
  return [
    texts("outcome", "Outcome", ({ outcome }) => outcome),
    texts("comparison", "Comparison", ({ contrast }) => contrastText(contrast, compared)),
  ];
}

function differencesTable(comparisons: readonly Compared[], results: Results): Table {
  const note = `${countedIn(comparisons, results.compared)} ` +
    `Each discussion counts once, with the mean of its values; the section Outcomes pools all comments. The interval of ` +
    `the difference is from ${
      drawn(comparisons.map(({ difference }) => difference), ({ resamples }) => resamples)
    } resamples of discussions within levels; p is two-sided, by permutation of discussions (${
      drawn(comparisons.map(({ permutation }) => permutation), ({ arrangements }) => arrangements)
    } arrangements), and not adjusted.${leftAside(comparisons, results)}`;
  return tableOf({ id: "robustness", title: "Comparisons of discussions", note }, comparisons, [
    ...heads(results),
    counts("discussions", "Discussions", ({ level }) => level.discussions),
    counts("reference_discussions", "At the reference", ({ reference }) => reference.discussions),
    figures("mean", "Mean", ({ level }) => level.mean),
    figures("reference_mean", "Mean at the reference", ({ reference }) => reference.mean),
    figures(
      "difference",
      "Difference",
      ({ permutation }) => knownOf(permutation, ({ difference }) => difference),
    ),
    figures(
      "interval",
      `${percent(results.analysis.level)} interval (bootstrap)`,
      ({ difference }) => knownOf(difference, ({ interval }) => interval),
    ),
    probabilities("p", "p (permutation)", ({ permutation }) => knownOf(permutation, ({ p }) => p)),
  ]);
}

/** Says what comparisons of two levels ignore. */
function leftAside(comparisons: readonly Compared[], { compared }: Results): string {
  const factors = compared.factors.length > 1
    ? " Other factors are ignored: if their levels are not equally frequent on both sides, a difference includes their effects."
    : "";
  return comparisons.some(({ paired }) => paired !== null)
    ? `${factors} Matched discussions are treated as independent here, so these intervals and p values differ from the paired test's.`
    : factors;
}

function sizesTable(comparisons: readonly Compared[], results: Results): Table {
  const interval = `${percent(results.analysis.level)} interval`;
  const column = (key: string, title: string, size: "g" | "delta", figure: (found: EffectSize) => Cell) =>
    numbers(key, title, (one: Compared) => knownOf(one[size], figure), EFFECT_SIZE_DECIMALS);
  const note = `${countedIn(comparisons, results.compared)} ` +
    "g is Hedges' g, in standard deviations of discussions' means. delta is Cliff's delta: the share of " +
    "pairs in which the level's discussion is above the reference's, minus the share in which it is below. With few discussions, both intervals are " +
    `approximate.${leftAside(comparisons, results)}`;
  return tableOf({ id: "effect-sizes", title: "Effect sizes", note }, comparisons, [
    ...heads(results),
    column("g", "g", "g", ({ estimate }) => estimate),
    column("g_interval", `${interval} of g`, "g", (found) => found.interval),
    column("delta", "delta", "delta", ({ estimate }) => estimate),
    column("delta_interval", `${interval} of delta`, "delta", (found) => found.interval),
  ]);
}

function pairsTable(comparisons: readonly Compared[], results: Results): Table {
  const of = (figure: (result: PairedDifference) => Cell) => ({ paired }: Compared) =>
    knownOf(paired!.result, figure);
  const interval = `${percent(results.analysis.level)} interval`;
  const note = `${countedIn(comparisons, results.compared)} ` +
    "The two sides of a pair are discussions of the same replicate. Methods says what these share. With further crossed factors, each level's value is the mean " +
    "over the cells of these factors that have values at both levels. p (signs) is from a sign-flip permutation test; neither p is adjusted.";
  return tableOf({ id: "pairs", title: "Matched discussions in pairs", note }, comparisons, [
    ...heads(results),
    counts("pairs", "Pairs", of(({ pairs }) => pairs)),
    counts("missing", "Without both values", of(({ missing }) => missing)),
    figures("difference", "Difference", of(({ difference }) => difference)),
    figures("interval", `${interval} (t)`, of((one) => one.interval)),
    figures("bootstrap", `${interval} (bootstrap)`, of(({ bootstrap }) => bootstrap.interval)),
    numbers("t", "t", of(({ t }) => t), 2),
    counts("df", "df", of(({ df }) => df)),
    probabilities("p", "p (t)", of(({ p }) => p)),
    probabilities("p_signs", "p (signs)", of(({ permutation }) => permutation.p)),
  ]);
}

function knownOf<T extends object, C>(result: T | Unavailable, figure: (result: T) => C): C | Unavailable {
  return isUnavailable(result) ? result : figure(result);
}

/** The number of draws behind the results that could be computed: `499`, `252 to 9,999` or `no`. */
function drawn<T extends object>(
  results: readonly (T | Unavailable)[],
  count: (result: T) => number,
): string {
  const all = results.flatMap((result) => isUnavailable(result) ? [] : [count(result)]);
  if (all.length === 0) return "no";
  const [least, greatest] = [Math.min(...all), Math.max(...all)];
  return least === greatest ? formatCount(least) : `${formatCount(least)} to ${formatCount(greatest)}`;
}
