/**
 * How often tests find effects that do not exist, in experiments with the structure of real ones: replicates as blocks,
 * discussions whose trends differ, silent turns, few replicates. Prints a table in Markdown.
 *
 * Run: deno run --lock=deno.lock analysis/testing/false_positive_rates.ts [experiments] [family] [first experiment]
 * Families: values, permutations, margin, yes/no, 1-5
 */
import { type Draw, openDraw } from "../../core/random/mod.ts";
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
import { drawNormal } from "../statistics/distributions.ts";

/** Standard deviations: between blocks, between discussions, of the slopes over a whole discussion, between comments. */
const DEVIATIONS = { block: 0.5, discussion: 0.6, slope: 0.8, residual: 1 } as const;

const [TURNS, SILENT] = [12, 0.2] as const;

const REPLICATES = [4, 10];

const LEVEL = 0.05;

/** A simulated experiment: one discussion of each moderator and model in each replicate. */
export type Experiment = Readonly<{ comments: ModelData; discussions: ModelData }>;

/**
 * Draws an experiment without effects of moderators and turns. The models have effects, because no test asks about them.
 *
 * @param valueOf The outcome of a comment with a latent value. Default: the latent value itself.
 */
export function drawExperiment(
  draw: Draw,
  replicates: number,
  valueOf: (latent: number) => number = (latent) => latent,
): Experiment {
  const rows: {
    block: string;
    group: string;
    moderator: string;
    model: string;
    turn: number;
    value: number;
  }[] = [];
  for (let replicate = 0; replicate < replicates; replicate++) {
    const ofBlock = DEVIATIONS.block * drawNormal(draw);
    for (const moderator of ["no", "yes"]) {
      for (const [index, model] of ["m", "n", "o"].entries()) {
        const ofDiscussion = DEVIATIONS.discussion * drawNormal(draw);
        const slope = DEVIATIONS.slope * drawNormal(draw);
        for (let turn = 0; turn < TURNS; turn++) {
          const noise = DEVIATIONS.residual * drawNormal(draw);
          if (draw.uniform() < SILENT) continue;
          const latent = ofBlock + ofDiscussion + 0.5 * index + slope * (turn / (TURNS - 1) - 0.5) + noise;
          const [block, group] = [String(replicate), `${replicate}/${moderator}/${model}`];
          rows.push({ block, group, moderator, model, turn, value: valueOf(latent) });
        }
      }
    }
  }
  const dataOf = (of: typeof rows): ModelData => ({
    outcome: of.map(({ value }) => value),
    group: of.map(({ group }) => group),
    block: of.map(({ block }) => block),
    predictors: {
      moderator: { values: of.map(({ moderator }) => moderator), reference: "no" },
      model: { values: of.map(({ model }) => model), reference: "m" },
      turn: { values: of.map(({ turn }) => turn), centred: true },
    },
  });
  const means = [...Map.groupBy(rows, ({ group }) => group).values()].map((of) => ({
    ...of[0]!,
    value: of.reduce((sum, { value }) => sum + value, 0) / of.length,
  }));
  return { comments: dataOf(rows), discussions: dataOf(means) };
}

type Tested = Readonly<{
  coefficients: readonly Readonly<{ name: string; p: number }>[];
  terms?: readonly Readonly<{ term: readonly string[]; test: unknown }>[];
}>;

/** A way to test, with the coefficients whose p values count. */
export type Way = Readonly<{
  name: string;
  fit(experiment: Experiment): Tested | Unavailable;
  /** The coefficients that are 0. */
  coefficients: readonly string[];
}>;

const MAIN = [["moderator"], ["model"]];
const THROUGH_TURNS = [...MAIN, ["turn"], ["moderator", "turn"]];

const alone = ({ block: _, ...data }: ModelData): ModelData => data;

const [EFFECT, TRENDS] = [["moderator[yes]"], ["turn", "moderator[yes]:turn"]] as const;

/** Values, before and after. */
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

/** A test of the moderator alone, as the list of coefficients that a model would have. */
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

/** An effect at the margin of a test of equivalence: it is found to be equivalent as often as the level says. */
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

/** The data with an effect of the moderator. */
function shifted(data: ModelData): ModelData {
  const { values } = data.predictors.moderator!;
  return {
    ...data,
    outcome: data.outcome.map((value, row) => value! + (values[row] === "yes" ? MARGIN : 0)),
  };
}

/** Ordinal and binary outcomes, by the model and robust. */
const linked = (name: string, fitted: typeof fitLogisticMixedModel): readonly Way[] =>
  (["model", "robust"] as const).flatMap((standardErrors) =>
    [[MAIN, EFFECT] as const, [THROUGH_TURNS, TRENDS] as const].map(([terms, coefficients]) => ({
      name: `${name}, standard errors: ${standardErrors}`,
      fit: ({ comments }: Experiment) => fitted({ ...comments, terms }, { standardErrors }),
      coefficients,
    }))
  );

export const OF_BINARY = linked("logistic mixed model", fitLogisticMixedModel);
export const OF_ORDINAL = linked("cumulative logit mixed model", fitCumulativeLinkMixedModel);

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
  const families: readonly (readonly [string, readonly Way[], ((latent: number) => number) | undefined])[] = [
    ["values", OF_VALUES, undefined],
    ["permutations", OF_PERMUTATIONS, undefined],
    ["margin", OF_EQUIVALENCE, undefined],
    ["yes/no", OF_BINARY, (latent) => latent > 1 ? 1 : 0],
    ["1-5", OF_ORDINAL, (latent) => 1 + [-0.5, 0.5, 1.2, 2].filter((cut) => latent > cut).length],
  ];
  for (const [outcome, ways, valueOf] of families.filter(([outcome]) => outcome === (only ?? outcome))) {
    for (const count of REPLICATES) {
      for (const way of ways) {
        const found = falsePositives(
          way,
          experiments,
          (experiment) =>
            drawExperiment(openDraw("false positives", outcome, count, first + experiment), count, valueOf),
        );
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
