/**
 * Measures how often tests find effects that do not exist. The experiments have the structure of real
 * experiments: replicates as blocks, discussions whose trends differ, silent turns, few replicates. Prints a
 * table in Markdown.
 *
 * Run: deno run --lock=deno.lock analysis/testing/false_positive_rates.ts [experiments] [family] [first experiment]
 * Families: values, permutations, margin, yes/no, 1-5, few yes/no, few 1-5
 */
import { openDraw } from "../../core/random/mod.ts";
import {
  equivalence,
  fitCumulativeLinkMixedModel,
  fitLinearModel,
  fitLogisticMixedModel,
  fitMixedModel,
  isUnavailable,
  type ModelData,
  pairedDifference,
  permutationTest,
  permuteFactorial,
  type Unavailable,
} from "../mod.ts";
import { drawExperiment, type Experiment, unmatched } from "./null_experiments.ts";

const REPLICATES = [4, 10];

/** The numbers of discussions in each of two conditions that are not matched. */
const FEW = [4, 5, 6, 8, 10];

const LEVEL = 0.05;

type Tested = Readonly<{
  coefficients: readonly Readonly<{ name: string; p: number }>[];
  terms?: readonly Readonly<{ term: readonly string[]; test: unknown }>[];
}>;

/** A way to test an experiment, and the coefficients whose p values are counted. */
export type Way = Readonly<{
  name: string;
  fit(experiment: Experiment): Tested | Unavailable;
  /** The coefficients whose true value is 0. */
  coefficients: readonly string[];
}>;

const MAIN = [["moderator"], ["model"]];
const THROUGH_TURNS = [...MAIN, ["turn"], ["moderator", "turn"]];

const alone = ({ block: _, ...data }: ModelData): ModelData => data;

const [EFFECT, TRENDS] = [["moderator[yes]"], ["turn", "moderator[yes]:turn"]] as const;

/** Models of numbers. The first of them lack a part of the experiment's structure, so their rates are wrong. */
export const OF_VALUES: readonly Way[] = [
  {
    name: "mixed model, intercepts of discussions; no other factor",
    fit: ({ comments }) => fitMixedModel({ ...alone(comments), terms: [["moderator"]] }),
    coefficients: EFFECT,
  },
  {
    name: "mixed model, intercepts of discussions and blocks; all factors",
    fit: ({ comments }) => fitMixedModel({ ...comments, terms: MAIN }),
    coefficients: EFFECT,
  },
  {
    name: "mixed model, intercepts of discussions",
    fit: ({ comments }) => fitMixedModel({ ...alone(comments), terms: THROUGH_TURNS }),
    coefficients: TRENDS,
  },
  {
    name: "mixed model, intercepts and slopes of discussions, intercepts of blocks",
    fit: ({ comments }) => fitMixedModel({ ...comments, terms: THROUGH_TURNS }, { slope: "turn" }),
    coefficients: TRENDS,
  },
  {
    name: "linear model of discussions, effects of blocks, CR2",
    fit: ({ discussions }) => fitLinearModel({ ...discussions, terms: MAIN }),
    coefficients: EFFECT,
  },
];

const PERMUTED = { seed: "permutations", permutations: 499, resamples: 2 } as const;

/** The p of a single test of the moderator, in the form of a model's list of coefficients. */
const asEffect = (found: Readonly<{ p: number }> | Unavailable): Tested | Unavailable =>
  isUnavailable(found) ? found : { coefficients: [{ name: EFFECT[0], p: found.p }] };

/** The values of the discussions with and without a moderator, in the same order of replicates and models. */
function arms({ outcome, predictors }: ModelData) {
  const { values } = predictors.moderator!;
  const [treated, reference] = ["yes", "no"].map((arm) =>
    (outcome as readonly number[]).filter((_, row) => values[row] === arm)
  ) as [number[], number[]];
  return { treated, reference };
}

/** Tests of the moderator in values of whole discussions that do not assume a distribution. */
export const OF_PERMUTATIONS: readonly Way[] = [
  {
    name: "two groups of discussions, permuted",
    fit({ discussions }) {
      const { treated, reference } = arms(discussions);
      return asEffect(permutationTest(treated, reference, { ...PERMUTED, exactMax: 0 }));
    },
    coefficients: EFFECT,
  },
  {
    name: "pairs of discussions, Student's t",
    fit({ discussions }) {
      const { treated, reference } = arms(discussions);
      return asEffect(pairedDifference(treated.map((value, pair) => [value, reference[pair]!]), PERMUTED));
    },
    coefficients: EFFECT,
  },
  {
    name: "residuals permuted within replicates",
    fit: ({ discussions }) =>
      asEffect(permuteFactorial({ ...discussions, terms: MAIN }, ["moderator"], PERMUTED)),
    coefficients: EFFECT,
  },
];

/**
 * The margin of a test of equivalence. An effect of this size must be found equivalent only as often as the
 * level allows.
 */
export const MARGIN = 1;

export const OF_EQUIVALENCE: readonly Way[] = [
  [
    "mixed model",
    ({ comments }: Experiment) => fitMixedModel({ ...shifted(comments), terms: MAIN }),
  ] as const,
  [
    "linear model of discussions, effects of blocks, CR2",
    ({ discussions }: Experiment) => fitLinearModel({ ...shifted(discussions), terms: MAIN }),
  ] as const,
].map(([name, fitted]) => ({
  name: `${name}: equivalence with an effect at the margin`,
  fit(experiment) {
    const model = fitted(experiment);
    if (isUnavailable(model)) return model;
    return asEffect(equivalence(model.coefficients.find(({ name }) => name === EFFECT[0])!, MARGIN));
  },
  coefficients: EFFECT,
}));

/** The data after adding an effect of the moderator. */
function shifted(data: ModelData): ModelData {
  const { values } = data.predictors.moderator!;
  return {
    ...data,
    outcome: data.outcome.map((value, row) => value! + (values[row] === "yes" ? MARGIN : 0)),
  };
}

/** Models of ordinal or binary outcomes, with standard errors of the model and with robust standard errors. */
const linked = (
  name: string,
  fitted: typeof fitLogisticMixedModel,
  [main, throughTurns]: readonly (readonly (readonly string[])[])[] = [MAIN, THROUGH_TURNS],
): readonly Way[] =>
  (["model", "robust"] as const).flatMap((standardErrors) =>
    [[main!, EFFECT] as const, [throughTurns!, TRENDS] as const].map(([terms, coefficients]) => ({
      name: `${name}, standard errors: ${standardErrors}`,
      fit: ({ comments }: Experiment) => fitted({ ...comments, terms }, { standardErrors }),
      coefficients,
    }))
  );

export const OF_BINARY = linked("logistic mixed model", fitLogisticMixedModel);
export const OF_ORDINAL = linked("cumulative logit mixed model", fitCumulativeLinkMixedModel);

const WITHOUT_MODELS = [MAIN, THROUGH_TURNS].map((terms) => terms.filter((term) => !term.includes("model")));

/** The share of experiments in which each coefficient has p below 0.05. */
export function falsePositives(
  way: Way,
  experiments: number,
  draw: (experiment: number) => Experiment,
): readonly Readonly<{ coefficient: string; positive: number; fitted: number }>[] {
  const positive = way.coefficients.map(() => 0);
  let fitted = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const model = way.fit(draw(experiment));
    if (isUnavailable(model)) continue;
    fitted++;
    for (const [place, name] of way.coefficients.entries()) {
      if (model.coefficients.find((one) => one.name === name)!.p < LEVEL) positive[place]!++;
    }
  }
  return way.coefficients.map((coefficient, place) => ({ coefficient, positive: positive[place]!, fitted }));
}

if (import.meta.main) {
  const [experiments, only, first] = [Number(Deno.args[0] ?? 2000), Deno.args[1], Number(Deno.args[2] ?? 0)];
  const print = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
  print("| outcome | replicates | test | coefficient | positive | fitted |");
  print("| --- | --- | --- | --- | --- | --- |");
  const isYes = (latent: number) => latent > 1 ? 1 : 0;
  const category = (latent: number) => 1 + [-0.5, 0.5, 1.2, 2].filter((cut) => latent > cut).length;
  const matched = (outcome: string, valueOf?: (latent: number) => number) => (count: number, n: number) =>
    drawExperiment(openDraw("false positives", outcome, count, n), count, valueOf);
  const few = (outcome: string, valueOf: (latent: number) => number) => (count: number, n: number) =>
    unmatched(drawExperiment(openDraw("few", "unmatched", outcome, count, n), 2 * count, valueOf));
  const [logistic, ordinal] = [
    linked("logistic mixed model", fitLogisticMixedModel, WITHOUT_MODELS),
    linked("cumulative logit mixed model", fitCumulativeLinkMixedModel, WITHOUT_MODELS),
  ];
  const families: readonly (readonly [string, readonly Way[], (count: number, n: number) => Experiment])[] = [
    ["values", OF_VALUES, matched("values")],
    ["permutations", OF_PERMUTATIONS, matched("permutations")],
    ["margin", OF_EQUIVALENCE, matched("margin")],
    ["yes/no", OF_BINARY, matched("yes/no", isYes)],
    ["1-5", OF_ORDINAL, matched("1-5", category)],
    ["few yes/no", logistic!, few("yes/no", isYes)],
    ["few 1-5", ordinal!, few("1-5", category)],
  ];
  for (const [outcome, ways, draw] of families.filter(([outcome]) => outcome === (only ?? outcome))) {
    for (const count of outcome.startsWith("few") ? FEW : REPLICATES) {
      for (const way of ways) {
        const found = falsePositives(way, experiments, (experiment) => draw(count, first + experiment));
        for (const { coefficient, positive, fitted } of found) {
          print(
            `| ${outcome} | ${count} | ${way.name} | ${coefficient} | ${
              (100 * positive / fitted).toFixed(1)
            } % | ${fitted} |`,
          );
        }
      }
    }
  }
}
