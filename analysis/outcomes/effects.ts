/** What outcomes are compared by: effects of factors and of the place in a discussion, and what tests each comes to. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import { type ObservedFactor, RUN } from "./factors.ts";

/** An effect: the names that it multiplies, {@linkcode TIME} among them, and whether the analysis names it. */
export type Effect = Readonly<{ names: readonly string[]; declared: boolean }>;

/** A level and the reference that it is compared with. */
export type Contrast = Readonly<{ factor: string; level: string; reference: string }>;

/** One coefficient of an effect. */
export type EffectTerm = Readonly<{
  /** As models name it: `moderator[gentle]:turn`. */
  name: string;
  /** One of each factor that is multiplied; none for the place alone. */
  contrasts: readonly Contrast[];
  throughTurns: boolean;
}>;

/**
 * The effects that outcomes are compared by.
 *
 * @param declared The effects of the analysis; `null` for every factor by itself, but for {@linkcode RUN}, which is not
 *   part of an experiment.
 *
 * @returns Those that are declared; then every other factor, the place, and each factor's interaction with the place.
 */
export function effectsOf(
  factors: readonly ObservedFactor[],
  declared: AnalysisDesign["effects"],
): readonly Effect[] {
  const named = declared ?? factors.filter(({ name }) => name !== RUN).map(({ name }) => [name]);
  const all = distinct([
    ...named,
    ...factors.map(({ name }) => [name]),
    [TIME],
    ...modelledFactors(factors, declared).map((name) => [name, TIME]),
  ]);
  const keys = new Set(named.map(keyOf));
  return all.map((names) => ({ names, declared: keys.has(keyOf(names)) }));
}

/**
 * The terms of the two models of an outcome: all effects without the place, and those with the place and each factor's
 * interaction with it. What an interaction consists of is in the model as well.
 *
 * @param factors What the rows of the model differ by: an effect that needs another factor is left out.
 *
 * @returns Terms in the order of their size.
 */
export function modelTerms(
  factors: readonly ObservedFactor[],
  declared: AnalysisDesign["effects"],
): Readonly<{ main: readonly (readonly string[])[]; throughTurns: readonly (readonly string[])[] }> {
  const known = new Set([...factors.map(({ name }) => name), TIME]);
  const modelled = modelledFactors(factors, declared);
  const fitting = (declared ?? []).filter((names) => names.every((name) => known.has(name)));
  const terms = bySize([...modelled.map((name) => [name]), ...fitting.flatMap(componentsOf)]);
  return {
    main: terms.filter((names) => !names.includes(TIME)),
    throughTurns: bySize([...terms, [TIME], ...modelled.map((name) => [name, TIME])]),
  };
}

/**
 * The coefficients of an effect.
 *
 * @returns One for each combination of levels but the references, in the order of a model's columns where levels are in
 *   the order of code units; none if a factor is not there.
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
    name: nameOf(names, contrasts),
    contrasts,
    throughTurns: names.includes(TIME),
  }));
}

function nameOf(names: readonly string[], contrasts: readonly Contrast[]): string {
  const levels = new Map(contrasts.map(({ factor, level }) => [factor, level]));
  return names.map((name) => name === TIME ? TIME : `${name}[${levels.get(name)}]`).join(":");
}

/** The factors in the models: the factors of the declared effects, or all. */
function modelledFactors(
  factors: readonly ObservedFactor[],
  declared: AnalysisDesign["effects"],
): readonly string[] {
  const names = factors.map(({ name }) => name);
  return declared === null ? names : names.filter((name) => declared.some((effect) => effect.includes(name)));
}

/** All that an effect multiplies, and every part of it. */
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
  return [...Map.groupBy(effects, keyOf).values()].map(([first]) => first!);
}

/** The same for effects that multiply the same, in whatever order. */
function keyOf(names: readonly string[]): string {
  return JSON.stringify(names.toSorted());
}
