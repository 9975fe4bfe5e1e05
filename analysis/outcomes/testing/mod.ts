/**
 * Observations for tests: random discussions without effects, which a seed decides, and a crossed design with
 * known results.
 *
 * @module
 */
import { type Draw, openDraw } from "../../../core/random/mod.ts";
import { drawNormal } from "../../statistics/distributions.ts";
import type { TextFigures, TextMeasures } from "../../texts/mod.ts";
import type { Judgements, Observation, ObservedSlot } from "../mod.ts";

export type RandomDiscussions = Readonly<{
  seed: string;
  /** Factor → levels. All levels are crossed. */
  factors: Readonly<Record<string, readonly string[]>>;
  replications: number;
  comments: number;
  /**
   * The names of the scales. The values of different scales are independent, even if two scales have the same
   * name.
   */
  scales: readonly string[];
  /**
   * Whether the conditions of a replicate have the same seed. They then share half of the variance between
   * discussions.
   */
  matched: boolean;
  /** Whether discussions have random figures, such as their diversity. */
  measured?: boolean;
}>;

export function observationsWith(of: RandomDiscussions): readonly Observation[] {
  const cells = Object.entries(of.factors).reduce<readonly Readonly<Record<string, string>>[]>(
    (made, [name, levels]) => made.flatMap((cell) => levels.map((level) => ({ ...cell, [name]: level }))),
    [{}],
  );
  return [...Array(of.replications).keys()].flatMap((replicate) => {
    const shared = openDraw(of.seed, "shared", replicate);
    const intercepts = of.scales.map(() => of.matched ? drawNormal(shared) : 0);
    return cells.map((factors, cell) => {
      const draw = openDraw(of.seed, "discussion", replicate, cell);
      const seed = of.matched ? `r${replicate}` : `r${replicate}/${cell}`;
      const judgements = of.scales.map((scale, place) => {
        const level = intercepts[place]! + drawNormal(draw);
        return judgementsOf(scale, Array.from({ length: of.comments }, () => level + drawNormal(draw)));
      });
      return {
        ...observationWith({ factors, replicate: replicate + 1, seed, judgements }, of.comments),
        ...of.measured ? figures(draw) : {},
      };
    });
  });
}

/**
 * A discussion in which two participants alternate, with this many comments. `changes` replaces some of its
 * fields.
 */
export function observationWith(changes: Partial<Observation>, comments: number): Observation {
  const { replicate = 1, factors = {} } = changes;
  const slots = Array.from({ length: comments }, (_, turn): ObservedSlot => ({
    by: "participant",
    author: turn % 2 === 0 ? "Ann" : "Bob",
    role: null,
    turn,
    comment: turn,
  }));
  const condition = Object.values(factors).join("-");
  return {
    run: "first",
    discussion: `${condition}-r${replicate}`,
    condition,
    factors,
    varied: {},
    replicate,
    seed: `r${replicate}/${condition}`,
    imported: false,
    origin: null,
    end: "completed",
    slots,
    conduct: NO_CONDUCT,
    texts: textsWith({}),
    judgements: [],
    ...changes,
  };
}

/** Measures of texts that are the same for all speakers. */
export function textsWith(changes: Partial<TextFigures>): TextMeasures {
  const figures = { diversity: NOT_MEASURED, wordsCompared: null, distinct2: NOT_MEASURED, ...changes };
  return { participants: figures, moderators: figures, all: figures };
}

export function judgementsOf(scale: string, values: readonly (number | null)[]): Judgements {
  return {
    pass: "p1",
    scale: { name: scale, type: "interval", min: -10, max: 10, question: "?" },
    annotators: ["Rita"],
    targets: [...values.keys()],
    values: [values],
  };
}

const NOT_MEASURED = { unavailable: "it was not measured" };

const NO_CONDUCT: Observation["conduct"] = {
  participants: [],
  moderator: null,
  structure: { turns: 0, answerable: 0, answered: 0, repeated: 0 },
  commentWords: [],
  participationRate: NOT_MEASURED,
  evenness: NOT_MEASURED,
  silenceRate: NOT_MEASURED,
  interventionRate: NOT_MEASURED,
  interventionsPerTurn: NOT_MEASURED,
  respondRate: NOT_MEASURED,
};

function figures(draw: Draw): Pick<Observation, "conduct" | "texts"> {
  return {
    conduct: {
      ...NO_CONDUCT,
      participants: [{ name: "Ann", asked: 20, comments: 20, cut: 0, words: 400 + draw.below(400) }],
      participationRate: draw.uniform(),
      evenness: draw.uniform(),
      silenceRate: draw.uniform(),
      interventionRate: draw.uniform(),
      respondRate: draw.uniform(),
    },
    texts: textsWith({ diversity: draw.uniform(), distinct2: draw.uniform() }),
  };
}

/**
 * The data of `compare_outcomes_reference.R`: five replicates of two crossed factors, with four comments per
 * discussion.
 */
export const CROSSED: readonly Observation[] = [0, 1, 2, 3, 4].flatMap((r) =>
  [0, 1].flatMap((gentle) =>
    [0, 1].map((big) => {
      const values = [0, 1, 2, 3].map((turn) =>
        (r * 7 + gentle * 3 + big * 5 + r * gentle * big) % 6 +
        (turn * turn * 5 + r * 3 + gentle * 2 + big) % 4 + (3 + 0.5 * turn) * gentle
      );
      return observationWith({
        factors: { moderator: gentle ? "gentle" : "none", model: big ? "big" : "small" },
        replicate: r + 1,
        seed: `r${r}`,
        judgements: [judgementsOf("toxicity", values)],
        texts: textsWith({ diversity: ((r * 5 + big * 2 + r * gentle * big) % 7 + 3 * gentle) / 10 }),
      }, 4);
    })
  )
);

/** Six replicates of three moderators and two models, not matched: the data of `joint_tests_reference.R`. */
export function crossedByThree(): readonly Observation[] {
  return [0, 1, 2].flatMap((moderator) =>
    [0, 1].flatMap((model) =>
      [0, 1, 2, 3, 4, 5].map((r) => {
        const toxicity = ((r * 7 + moderator * 3 + model * 5 + r * moderator * model) % 11) / 4 +
          moderator * model;
        const relevance = ((r * 5 + moderator * 7 + model * 3) % 11) / 4;
        // The values of the comments differ. Their mean is this value.
        const around = (mean: number) => [-0.5, 0.5, -0.5, 0.5].map((step) => mean + step);
        return observationWith({
          factors: { moderator: `m${moderator}`, model: model === 0 ? "small" : "big" },
          replicate: r + 1,
          seed: `${moderator}/${model}/${r}`,
          judgements: [
            judgementsOf("toxicity", around(toxicity)),
            judgementsOf("relevance", around(relevance)),
          ],
        }, 4);
      })
    )
  );
}
