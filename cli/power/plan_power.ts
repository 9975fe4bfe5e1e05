/** Plans the number of replications of an experiment from a pilot run. */
import { isUnavailable } from "../../analysis/mod.ts";
import { effectKey, partsOf } from "../../analysis/outcomes/effects.ts";
import { countIn, factorLevels, type Outcome, outcomesOf, RUN } from "../../analysis/outcomes/mod.ts";
import {
  type PilotStudy,
  pilotStudy,
  type PlannedStudy,
  type PowerCurve,
  powerCurve,
  type PowerTarget,
  type Simulate,
  type StudyTest,
} from "../../analysis/power/mod.ts";
import { coefficientName } from "../../analysis/statistics/coefficient_names.ts";
import { nearest } from "../../core/experiment/problems.ts";
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import { UsageError } from "../shared/program.ts";
import { type AskedEffect, effectNames, testsNamed } from "./asked_effects.ts";
import type { ReadPilot } from "./read_pilot.ts";

/** A question about an experiment that has not run yet. */
export type PowerRequest = Readonly<{
  /** The outcomes to plan for; the declared ones when empty. */
  outcomes: readonly string[];
  /**
   * The name of the effect to plan for. `undefined` if `effects` has the names, or there is only one effect.
   */
  factor: string | undefined;
  /** The assumed effects; empty if only the interval matters. */
  effects: readonly AskedEffect[];
  target: PowerTarget;
}>;

/** A study to simulate. */
export type AskedStudy = Readonly<{
  study: PlannedStudy;
  /** The tests that must reach the target, as indexes in the tests of the pilot. */
  asked: readonly number[];
  /** Whether an assumed effect is the pilot's estimate. */
  fromPilot: boolean;
  /** The effects that the user asks for and the analysis does not declare. */
  undeclared: readonly string[];
}>;

/** A plan of replications. */
export type PowerPlan = AskedStudy & PowerCurve;

/** A fixed seed, so that equal pilots and questions have equal answers. */
const SEED = "power";

/**
 * Turns a question about a pilot into a study to simulate.
 *
 * @param folder The pilot's folder, for messages.
 * @throws {UsageError} When the pilot is too small, or does not have the outcome or effect.
 */
export function askedStudy(folder: string, pilot: ReadPilot, request: PowerRequest): AskedStudy {
  const own = request.outcomes.length > 0 ? [...new Set(request.outcomes)] : pilot.analysis.outcomes;
  if (own.length === 0) {
    throw new UsageError(
      "Cannot plan without an outcome: the analysis declares none. Name one with --outcome",
    );
  }
  for (const outcome of own) checkOutcome(folder, pilot, outcome);
  const { analysis, undeclared } = plannedAnalysis(pilot, own, request);
  const study = pilotStudy(pilot.observations, analysis, pilot.order);
  checkPilot(folder, study);
  const { tests } = study;
  const places = [...tests.keys()].filter((place) => own.includes(tests[place]!.plan.outcome));
  const effects = tests.map(() => 0);
  const asked = new Set<number>();
  const named = (name: string | undefined) => testsNamed(name, { tests, places, labels: pilot.labels });
  const fromPilot = request.effects.some(({ value }) => value === "pilot");
  if (fromPilot) {
    for (const place of places) {
      const { figures } = tests[place]!;
      if (!isUnavailable(figures)) [effects[place]] = [figures.estimate, asked.add(place)];
    }
  }
  for (const { name, value } of request.effects) {
    if (value === "pilot") continue;
    for (const place of named(name ?? request.factor)) [effects[place]] = [value, asked.add(place)];
  }
  if (request.effects.length === 0) { for (const place of named(request.factor)) asked.add(place); }
  for (const place of asked) checkTest(study, place);
  if (request.effects.length > 0 && "power" in request.target) {
    for (const place of asked) checkGoal(tests[place]!, effects[place]!);
  }
  return {
    study: { pilot: study, effects, seed: SEED },
    asked: [...asked].sort((a, b) => a - b),
    fromPilot,
    undeclared,
  };
}

/**
 * Plans the replications of a study.
 *
 * @param simulations The number of experiments for each point of the curve.
 */
export async function planPower(
  asked: AskedStudy,
  { target, simulations }: Readonly<{ target: PowerTarget; simulations: number }>,
  simulate: Simulate,
): Promise<PowerPlan> {
  const search = { target, asked: asked.asked, simulations };
  return { ...asked, ...await powerCurve(asked.study, search, simulate) };
}

/**
 * The analysis to plan. If the outcomes are declared, all declared tests are corrected together. Effects that
 * the user asks for become part of the analysis even if they are not declared.
 */
function plannedAnalysis(
  { analysis, labels, observations, order }: ReadPilot,
  own: readonly string[],
  { factor, effects }: PowerRequest,
): Readonly<{ analysis: AnalysisDesign; undeclared: readonly string[] }> {
  const isDeclared = own.every((name) => analysis.outcomes.includes(name));
  const outcomes = isDeclared ? analysis.outcomes : own;
  const written = [factor, ...effects.map(({ name }) => name)].filter((name) => name !== undefined);
  const levels = Object.entries(factorLevels(observations, order));
  const factors = levels.filter(([name, { length }]) => name !== RUN && length > 1).map(([name]) => name);
  const before = analysis.effects ?? factors.map((name) => [name]);
  const declared = new Set(before.map(effectKey));
  const more = written.map((name) => effectNames(name, { outcomes, labels })).filter((names) =>
    !declared.has(effectKey(names)) && names.every((name) => name === TIME || factors.includes(name))
  );
  if (more.length === 0) return { analysis: { ...analysis, outcomes }, undeclared: [] };
  const added = [...Map.groupBy(more, effectKey).values()].map(([first]) => first!);
  return {
    analysis: { ...analysis, outcomes, effects: [...before, ...added] },
    undeclared: added.map((names) => coefficientName(partsOf(names, []))),
  };
}

function checkOutcome(folder: string, { observations, analysis }: ReadPilot, name: string): void {
  const complete = observations.filter(({ end }) => end === "completed");
  const has = ({ values }: Outcome) => values.values.length > 0;
  const [outcome] = outcomesOf(complete, { ...analysis, outcomes: [name] });
  if (has(outcome!)) return;
  const known = outcomesOf(complete, { ...analysis, outcomes: [] }).filter(has);
  const annotated = known.filter(({ unit }) => unit === "comment").map((other) => other.name);
  const meant = nearest(name, known.map((other) => other.name));
  const hint = meant !== undefined
    ? `did you mean "${meant}"?`
    : annotated.length > 0
    ? `its comments are annotated on ${annotated.join(", ")}`
    : "its comments have no annotations: run annotate on it first";
  throw new UsageError(
    `Cannot plan for the outcome "${name}": no completed discussion of "${folder}" has a value of this outcome; ${hint}`,
  );
}

/** Refuses a pilot without any test that can be simulated. */
function checkPilot(folder: string, { conditions, tests, sources, observations }: PilotStudy): void {
  if (conditions < 2 || tests.length === 0) {
    throw new UsageError(
      "Cannot plan an effect: all discussions of the pilot have the same condition. Give a pilot with two or more conditions",
    );
  }
  const reasons = tests.map(({ figures }) => isUnavailable(figures) ? figures.unavailable : null);
  const [reason] = reasons;
  if (reason != null && reasons.every((one) => one !== null)) {
    const outcomes = sources.map(({ outcome }) => outcome);
    throw new UsageError(`Cannot plan from "${folder}": ${reason}. ${remedyFor(observations, outcomes)}`);
  }
}

/** What to do about a pilot whose outcomes cannot be tested: it is too small, or its results are all alike. */
function remedyFor(
  observations: PilotStudy["observations"],
  outcomes: readonly Pick<Outcome, "values">[],
): string {
  const byCondition = [
    ...Map.groupBy(observations.keys(), (place) => observations[place]!.condition).values(),
  ];
  const isSmall = outcomes.some(({ values }) =>
    byCondition.some((places) => places.filter((place) => countIn(values, place) > 0).length < 2)
  );
  return isSmall
    ? "Give a pilot with at least two completed, annotated discussions of each condition"
    : "Give a larger pilot, whose results vary more from replicate to replicate";
}

function checkTest({ tests, sources, observations }: PilotStudy, place: number): void {
  const { plan: { outcome, term }, figures, source, coefficient } = tests[place]!;
  const { source: model, outcome: planned } = sources[source]!;
  const reason = isUnavailable(figures)
    ? figures.unavailable
    : isUnavailable(model)
    ? model.unavailable
    : null;
  if (reason === null && coefficient !== null) return;
  throw new UsageError(
    `Cannot plan the effect "${term.name}" on "${outcome}": ${
      reason ?? "the pilot's model has no such coefficient"
    }. ${reason === null ? "Give a larger pilot" : remedyFor(observations, [planned])}`,
  );
}

function checkGoal({ plan: { outcome, term }, margin }: StudyTest, effect: number): void {
  if (effect !== 0 || margin !== null) return;
  throw new UsageError(
    `Cannot reach a power for an effect of 0 of "${term.name}" on "${outcome}": only equivalence can show it. ` +
      "Declare its margin in the analysis, or give another effect",
  );
}
