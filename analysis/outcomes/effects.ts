/**
 * The effects that are tested: of factors, and of time in the discussion. Each effect has one or more
 * coefficients.
 */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import { coefficientName, type CoefficientPart } from "../statistics/coefficient_names.ts";
import { type ObservedFactor, RUN } from "./factors.ts";

/** An effect. `names` has a factor or {@linkcode TIME}, or several of them for an interaction. */
export type Effect = Readonly<{ names: readonly string[]; declared: boolean }>;

/** A level and the reference that it is compared with. */
export type Contrast = Readonly<{ factor: string; level: string; reference: string }>;

/** One coefficient of an effect. */
export type EffectTerm = Readonly<{
  /** The name that models give the coefficient, such as `moderator[gentle]:turn`. */
  name: string;
  /** One contrast for each factor of the effect; none if the effect is only time. */
  contrasts: readonly Contrast[];
  throughTurns: boolean;
}>;

/**
 * The effects that are tested on every outcome.
 *
 * @param declared The effects of the analysis. If it is `null`, each factor alone counts as declared, except
 *   {@linkcode RUN}, which is not part of an experiment.
 *
 * @returns First the declared effects. Then all other factors, time, and the interaction of each factor with time.
 */
export function effectsOf(
  factors: readonly Pick<ObservedFactor, "name">[],
  declared: AnalysisDesign["effects"],
): readonly Effect[] {
  const names = factors.map(({ name }) => name);
  const wanted = declared ?? names.filter((name) => name !== RUN).map((name) => [name]);
  const all = distinct([
    ...wanted,
    ...names.map((name) => [name]),
    [TIME],
    ...names.map((name) => [name, TIME]),
  ]);
  const keys = new Set(wanted.map(effectKey));
  return all.map((names) => ({ names, declared: keys.has(effectKey(names)) }));
}

/**
 * Which terms a model of an outcome has.
 *
 * - `levels`: the declared effects without time.
 * - `trends`: also time, and the declared effects with time.
 * - `explored-levels`: as `levels`, but the model adjusts for all factors, even if the analysis names only some.
 * - `explored-trends`: as `trends`, and each factor's interaction with time. The model adjusts for all factors.
 */
export type ModelUse = "levels" | "explored-levels" | "trends" | "explored-trends";

/** Whether a model has terms with time. */
export function hasTime(use: ModelUse): boolean {
  return use === "trends" || use === "explored-trends";
}

/**
 * The model that tests an effect.
 *
 * @param adjust The factors that the analysis adjusts for. Default: all factors.
 */
export function useFor({ names, declared }: Effect, adjust: AnalysisDesign["adjust"]): ModelUse {
  if (names.includes(TIME)) return declared ? "trends" : "explored-trends";
  const isThere = declared || adjust === undefined || names.every((name) => adjust.includes(name));
  return isThere ? "levels" : "explored-levels";
}

/**
 * The terms of a model: each factor alone, and the declared interactions. An interaction adds all its
 * components: `a × b` adds `a`, `b` and `a × b`.
 *
 * @param factors The factors of the model. Effects of other factors are left out.
 *
 * @returns Terms, sorted by their number of names.
 */
export function modelTerms(
  use: ModelUse,
  factors: readonly string[],
  effects: readonly Effect[],
): readonly (readonly string[])[] {
  const known = new Set([...factors, TIME]);
  const fitting = effects.filter(({ names, declared }) => declared && names.every((name) => known.has(name)));
  const terms = [...factors.map((name) => [name]), ...fitting.flatMap(({ names }) => componentsOf(names))];
  if (!hasTime(use)) return bySize(terms.filter((names) => !names.includes(TIME)));
  const explored = use === "explored-trends" ? factors.map((name) => [name, TIME]) : [];
  return bySize([...terms, [TIME], ...explored]);
}

/**
 * The coefficients of an effect.
 *
 * @returns One term for each combination of levels that are not references; none if a factor is missing. If the
 *   levels are in the order of their Unicode code units, the terms are in the order of a model's columns.
 */
export function termsOf(names: readonly string[], factors: readonly ObservedFactor[]): readonly EffectTerm[] {
  const contrasts = names.filter((name) => name !== TIME).map((name): readonly Contrast[] => {
    const factor = factors.find((one) => one.name === name);
    if (factor === undefined) return [];
    const { levels, reference } = factor;
    return levels.filter((level) => level !== reference).map((level) => ({ factor: name, level, reference }));
  });
  const combinations = contrasts.reduce<readonly (readonly Contrast[])[]>(
    (made, next) => made.flatMap((one) => next.map((contrast) => [...one, contrast])),
    [[]],
  );
  return combinations.map((contrasts) => ({
    name: coefficientName(partsOf(names, contrasts)),
    contrasts,
    throughTurns: names.includes(TIME),
  }));
}

/** The parts of the name of an effect's coefficient. */
export function partsOf(
  names: readonly string[],
  contrasts: readonly Contrast[],
): readonly CoefficientPart[] {
  return names.map((name) => {
    const level = contrasts.find(({ factor }) => factor === name)?.level;
    return level === undefined ? { name } : { name, level };
  });
}

/** The effect and all its components, such as `a`, `b` and `a × b` for the effect `a × b`. */
function componentsOf(names: readonly string[]): readonly (readonly string[])[] {
  const parts = names.reduce<readonly (readonly string[])[]>(
    (made, name) => [...made, ...made.map((part) => [...part, name])],
    [[]],
  );
  return parts.filter((part) => part.length > 0);
}

function bySize(effects: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return distinct(effects).toSorted((a, b) => a.length - b.length);
}

function distinct(effects: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...Map.groupBy(effects, effectKey).values()].map(([first]) => first!);
}

/** A key that is equal for effects with the same names in any order, and differs for all others. */
export function effectKey(names: readonly string[]): string {
  return JSON.stringify(names.toSorted());
}
