/** The assumed effects of a plan, as they are written: `0.5`, `moderator=0.5`, `toxicity:moderator[gentle]=0.5`, `pilot`. */
import { partsOf } from "../../analysis/outcomes/effects.ts";
import type { StudyTest } from "../../analysis/power/mod.ts";
import { coefficientName, readCoefficientName } from "../../analysis/statistics/coefficient_names.ts";
import { type FactorLabels, labelOf, pathsByLabel } from "../../core/experiment/factor_labels.ts";
import { nearest } from "../../core/experiment/problems.ts";
import { UsageError } from "../shared/program.ts";

/** An assumed effect. */
export type AskedEffect = Readonly<{
  /**
   * The name of an effect or of one of its coefficients, with or without its outcome before it. `undefined`
   * if the user gives no name.
   */
  name: string | undefined;
  /** The size in the unit of the test, or `pilot` for the size that the pilot estimates. */
  value: number | "pilot";
}>;

/**
 * Reads an effect.
 *
 * @throws {UsageError} When the text has no number.
 */
export function readEffect(written: string): AskedEffect {
  if (written === "pilot") return { name: undefined, value: "pilot" };
  const equals = written.lastIndexOf("=");
  const [name, number] = equals === -1
    ? [undefined, written]
    : [written.slice(0, equals), written.slice(equals + 1)];
  const value = Number(number);
  if (number.trim() === "" || !Number.isFinite(value) || name === "") {
    throw new UsageError(
      `Cannot assume the effect "${written}": give a number, EFFECT=NUMBER such as moderator=0.5, or pilot`,
    );
  }
  return { name, value };
}

/** The labels of the factors in the written name of an effect. An interaction has several. */
export function effectNames(
  written: string,
  { outcomes, labels }: Readonly<{ outcomes: readonly string[]; labels: FactorLabels }>,
): readonly string[] {
  const outcome = outcomes.find((name) => written.startsWith(`${name}:`));
  const term = outcome === undefined ? written : written.slice(outcome.length + 1);
  return (readCoefficientName(term) ?? [{ name: term }]).map(({ name }) => labelOf(name, labels));
}

/**
 * Finds the tests that a name means: of one coefficient or of all coefficients of an effect, on one outcome or on all.
 *
 * @param name If `undefined`, there must be only one test whose effect does not contain the turn.
 * @returns The indexes of the tests in `tests`.
 * @throws {UsageError} When no test has the name, or no name is given and several tests are possible.
 */
export function testsNamed(
  name: string | undefined,
  { tests, places, labels }: Readonly<{
    tests: readonly StudyTest[];
    places: readonly number[];
    labels: FactorLabels;
  }>,
): readonly number[] {
  const termOf = (place: number) => tests[place]!.plan.term;
  if (name === undefined) {
    const possible = places.filter((place) => !termOf(place).throughTurns);
    if (possible.length === 1) return possible;
    const names = distinct(places.map((place) => termOf(place).name));
    const outcomes = distinct(places.map((place) => tests[place]!.plan.outcome));
    if (names.length === 1) {
      throw new UsageError(
        `Cannot choose among the outcomes: name one with --outcome: ${outcomes.join(", ")}`,
      );
    }
    throw new UsageError(
      `Cannot choose among the effects: name one of them with --factor: ${names.join(", ")}`,
    );
  }
  const found = places.filter((place) => {
    const { plan } = tests[place]!;
    return namesOf(plan, labels).some((own) => own === name || `${plan.outcome}:${own}` === name);
  });
  if (found.length > 0) return found;
  const known = distinct(places.map((place) => termOf(place).name));
  const meant = nearest(name, known);
  const hint = meant === undefined ? `it has ${known.join(", ")}` : `did you mean "${meant}"?`;
  throw new UsageError(
    `Cannot plan the effect "${name}": the pilot's model has no such coefficient; ${hint}`,
  );
}

/** The names of a test's coefficient and of its effect, with the labels and with the paths of their factors. */
function namesOf({ effect, term }: StudyTest["plan"], labels: FactorLabels): readonly string[] {
  const paths = pathsByLabel(labels);
  const byLabel = partsOf(effect, term.contrasts);
  const byPath = byLabel.map((part) => ({ ...part, name: labelOf(part.name, paths) }));
  return [byLabel, byPath].flatMap((parts) => [
    coefficientName(parts),
    coefficientName(parts.map(({ name }) => ({ name }))),
  ]);
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
