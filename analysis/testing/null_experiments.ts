/** Simulated experiments that have the structure of real experiments, but no effects. */
import type { Draw } from "../../core/random/mod.ts";
import type { ModelData } from "../mod.ts";
import { drawNormal } from "../statistics/distributions.ts";

/** Standard deviations: between blocks, between discussions, of the slopes over a whole discussion, between comments. */
const DEVIATIONS = { block: 0.5, discussion: 0.6, slope: 0.8, residual: 1 } as const;

const [TURNS, SILENT] = [12, 0.2] as const;

/** A simulated experiment: one discussion of each moderator and model in each replicate. */
export type Experiment = Readonly<{ comments: ModelData; discussions: ModelData }>;

/**
 * Draws an experiment in which moderators and turns have no effects. The models have effects, but these are not
 * tested.
 *
 * @param valueOf Makes a comment's outcome from its latent value. Default: the latent value itself.
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

/**
 * An experiment with one model, whose discussions are not matched: only one discussion of each drawn replicate
 * is kept, alternately with and without the moderator.
 */
export function unmatched({ comments: { outcome, group, block, predictors } }: Experiment): Experiment {
  const { moderator, model, turn } = predictors as Readonly<Record<string, { values: readonly unknown[] }>>;
  const kept = [...outcome.keys()].filter((row) =>
    model!.values[row] === "m" && (Number(block![row]) % 2 === 0) === (moderator!.values[row] === "no")
  );
  const of = <T>(list: readonly T[]) => kept.map((row) => list[row]!);
  const comments: ModelData = {
    outcome: of(outcome),
    group: of(group),
    predictors: {
      moderator: { values: of(moderator!.values as readonly string[]), reference: "no" },
      turn: { values: of(turn!.values as readonly number[]), centred: true },
    },
  };
  return { comments, discussions: comments };
}
