/**
 * Computes a small multiverse (Steegen and others 2016): each declared test of comments is computed again with
 * other choices that a careful analyst could have made.
 */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { checksOf, testOf, type TestSubject, unitOf } from "./effect_tests.ts";
import { differenceOptions } from "./level_differences.ts";
import {
  type Counting,
  type Outcome,
  type OutcomeSource,
  outcomeSources,
  scalesOf,
  valuesIn,
} from "./outcomes.ts";
import { outcomeValues } from "./outcome_values.ts";
import type { Alternative, Multiverse } from "./results.ts";
import { type Sample, subjectOf } from "./sample.ts";
import { type TestPlan, testPlans } from "./test_plans.ts";

/** With more discussions, no multiverse is computed: each alternative fits all models again, which takes too long. */
export const MULTIVERSE_DISCUSSIONS_MAX = 5000;

/**
 * The bootstrap's intervals are not part of a multiverse, so few resamples are enough. A test by permutation has
 * p of at least 0.001.
 */
const DRAWS = { resamples: 99, permutations: 999 } as const;

type Choices = Pick<Alternative, "comments" | "silences" | "openings">;

/** How an alternative counts comments, and the resulting values. */
type Counted = Readonly<{ choices: Choices; outcome: Outcome }>;

/**
 * Computes the multiverses of the declared tests of an outcome of comments.
 *
 * The alternatives are all combinations of four choices: whose comments count, whether annotations of silent
 * turns count, whether annotations of openings count, and the method. Combinations that give the same values as
 * an earlier one are left out. In tests of changes through turns, openings never count, because they have no
 * turn.
 *
 * @param declaredSubject The outcome with the data of its tests. The declared way to count comments uses it again,
 *   so its figures are the figures of the test.
 * @returns Nothing for a test without alternatives, or for more than 5,000 discussions.
 */
export function multiversesOf(
  declaredSubject: TestSubject,
  sample: Sample,
  { analysis, seed }: Readonly<{ analysis: AnalysisDesign; seed: string }>,
): readonly Multiverse[] {
  const { outcome } = declaredSubject;
  if (
    !outcome.declared || outcome.unit !== "comment" || sample.compared.length > MULTIVERSE_DISCUSSIONS_MAX
  ) return [];
  const source = outcomeSources(scalesOf(sample.compared)).find(({ names }) => names.includes(outcome.name));
  if (source === undefined) return [];
  const options = { ...differenceOptions(outcome, seed, analysis.level), ...DRAWS };
  const computed = countings(outcome, source, { sample, analysis }).map(({ choices, outcome }, at) => ({
    choices,
    subject: at === 0 ? declaredSubject : subjectOf(outcome, sample, options),
  }));
  const { effects, factors, isMatched } = sample;
  return testPlans(outcome, { effects, factors, analysis, isMatched }).filter(({ declared }) => declared)
    .map((plan): Multiverse => {
      const { outcome, effect, term } = plan;
      const alternatives = computed.flatMap(({ choices, subject }, at) => {
        const found = alternativesOf(plan, choices, subject);
        return found.map((one, method) => ({ ...one, isDeclared: at === 0 && method === 0 }));
      });
      return { outcome, effect, term, unit: unitOf(plan.method), alternatives };
    }).filter(({ alternatives }) => alternatives.length > 1);
}

/** The alternatives with one way to count comments: the test, and its checks that have the same unit. */
function alternativesOf(
  plan: TestPlan,
  choices: Choices,
  subject: TestSubject,
): readonly Omit<Alternative, "isDeclared">[] {
  if (plan.term.throughTurns && choices.openings === "include") return [];
  const checks = plan.checks.filter(({ method }) =>
    method !== "permutation" && unitOf(method) === unitOf(plan.method)
  );
  return [
    { ...choices, method: plan.method, differs: null, figures: testOf(plan, subject).figures },
    ...checksOf({ ...plan, checks }, subject).map(({ method, differs, figures }) => ({
      ...choices,
      method,
      differs,
      figures,
    })),
  ];
}

/** The ways to count comments that give different values. The way that the analysis declares comes first. */
function countings(
  outcome: Outcome,
  source: OutcomeSource,
  { sample, analysis }: Readonly<{ sample: Sample; analysis: AnalysisDesign }>,
): readonly Counted[] {
  const { silences, time } = analysis;
  const comments = outcome.comments ?? analysis.comments;
  const others: Choices["comments"] = comments === "all" ? "participants" : "all";
  const flipped: Choices["silences"] = silences === "exclude" ? "include" : "exclude";
  const all = [comments, others].flatMap((comments) =>
    [silences, flipped].flatMap((silences) =>
      (["exclude", "include"] as const).map((openings): Choices => ({ comments, silences, openings }))
    )
  );
  const counted = all.map((choices): Counted => {
    const { comments, silences, openings } = choices;
    const counting: Counting = { comments, silences, time, ...openings === "include" ? { openings } : {} };
    const values = outcomeValues(
      sample.compared.map((observation) => valuesIn(observation, source, counting).values),
    );
    return { choices, outcome: { ...outcome, values } };
  });
  return [...Map.groupBy(counted, positionsKey).values()].map(([first]) => first!);
}

/** A key that is equal if two ways to count select the same comments. */
function positionsKey({ outcome: { values: { starts, positions } } }: Counted): string {
  return `${starts.join()} ${positions.join()}`;
}
