/** The data of the models of outcomes. Models of the same comments share as much of them as they can. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import type { Covariate, Factor, ModelData } from "../statistics/model_matrix.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { modelFactors } from "./adjustment.ts";
import { type Effect, hasTime, modelTerms, type ModelUse } from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";
import type { Observation } from "./observation.ts";
import { countIn, type ModelValues } from "./outcome_values.ts";

/** The data that the models of all outcomes share. Each list has one entry for each compared discussion. */
export type ModelContext = Readonly<{
  observations: readonly Pick<Observation, "run" | "discussion">[];
  factors: readonly ObservedFactor[];
  /** The replicate of each discussion; `null` if conditions are not matched. */
  blocks: readonly string[] | null;
  effects: readonly Effect[];
  /** See {@linkcode AnalysisDesign.adjust}. */
  adjust?: AnalysisDesign["adjust"];
  level: number;
}>;

/** The data of a model of an outcome. */
export type OutcomeModelData =
  & ModelData
  & Required<Pick<ModelData, "terms">>
  & Readonly<{
    /** How many values each row is the mean of. */
    of: Uint32Array;
  }>;

/** The data of a model without the outcome: the outcomes of the same comments share them. */
type SharedData = Omit<OutcomeModelData, "outcome" | "of">;

/** The lists that all models of the same rows share. */
type RowLists = Pick<SharedData, "group" | "block"> & Readonly<{ time: Covariate }>;

/** The values of some rows, and what was made for them. */
type Known<Of> = Readonly<{ values: ModelValues; made: Of }>;

/** Observations → the lists of their rows, for each kind of values and for discussions with and without blocks. */
const LISTS = new WeakMap<
  ModelContext["observations"],
  (Known<RowLists> & Pick<ModelContext, "blocks">)[]
>();

/** Context → its data, by the factors and terms of the model. Models with the same content share one object. */
const SHARED = new WeakMap<Omit<ModelContext, "level">, Known<Map<string, SharedData>>[]>();

/** The data of a model, with one row for each value. */
export function outcomeModelData(
  values: ModelValues,
  use: ModelUse,
  context: Omit<ModelContext, "level">,
): OutcomeModelData | Unavailable {
  if (context.factors.some(({ name }) => name === TIME)) {
    return unavailable(`a factor has the reserved name "${TIME}"`);
  }
  if (values.values.length === 0) return unavailable("no discussion has a value");
  return {
    ...sharedData(values, use, context),
    outcome: Array.from(values.values),
    of: values.of ?? new Uint32Array(values.values.length).fill(1),
  };
}

const haveSameRows = (one: ModelValues, other: ModelValues) =>
  isSame(one.starts, other.starts) && isSame(one.times, other.times);

function isSame(one: Uint32Array | Float64Array, other: typeof one): boolean {
  return one === other ||
    one.length === other.length && one.every((value, at) => Object.is(value, other[at]));
}

function sharedData(
  values: ModelValues,
  use: ModelUse,
  context: Omit<ModelContext, "level">,
): SharedData {
  const { observations, factors, effects, adjust } = context;
  const places = placesIn(values, observations.length);
  const isExplored = use === "explored-levels" || use === "explored-trends";
  const modelled = modelFactors(factors, isExplored ? { effects } : { effects, adjust }, places);
  const names = modelled.map(({ name }) => name);
  const terms = modelTerms(use, names, effects);
  const all = SHARED.get(context) ?? [];
  SHARED.set(context, all);
  const same = all.find((one) => haveSameRows(one.values, values));
  const ofRows = same ?? { values, made: new Map<string, SharedData>() };
  if (same === undefined) all.push(ofRows);
  const key = JSON.stringify([hasTime(use), names, terms]);
  const known = ofRows.made.get(key);
  if (known !== undefined) return known;
  const { time, ...lists } = rowLists(values, context);
  const predictors = modelled.map(({ name, reference, of }): readonly [string, Factor | Covariate] => [
    name,
    { reference, values: inRows(values, places, (place) => of[place]!), centred: true },
  ]);
  const made: SharedData = {
    ...lists,
    predictors: Object.fromEntries(hasTime(use) ? [...predictors, [TIME, time]] : predictors),
    terms,
  };
  ofRows.made.set(key, made);
  return made;
}

function rowLists(values: ModelValues, { observations, blocks }: Omit<ModelContext, "level">): RowLists {
  const all = LISTS.get(observations) ?? [];
  LISTS.set(observations, all);
  const known = all.find((one) => one.blocks === blocks && haveSameRows(one.values, values));
  if (known !== undefined) return known.made;
  const places = placesIn(values, observations.length);
  const nameOf = (place: number) =>
    JSON.stringify([observations[place]!.run, observations[place]!.discussion]);
  const timeOf = (row: number) => Number.isNaN(values.times[row] ?? NaN) ? null : values.times[row]!;
  const made = {
    group: inRows(values, places, nameOf),
    ...blocks === null ? {} : { block: inRows(values, places, (place) => blocks[place]!) },
    time: { values: Array.from({ length: values.values.length }, (_, row) => timeOf(row)), centred: true },
  };
  all.push({ values, blocks, made });
  return made;
}

/** The discussions that have values. */
function placesIn(values: ModelValues, discussions: number): number[] {
  return Array.from({ length: discussions }, (_, place) => place).filter((place) =>
    countIn(values, place) > 0
  );
}

/** A list with one entry for each value: what belongs to its discussion. */
function inRows<T>(values: ModelValues, places: readonly number[], of: (place: number) => T): T[] {
  const list: T[] = [];
  for (const place of places) {
    const own = of(place);
    for (let count = countIn(values, place); count > 0; count--) list.push(own);
  }
  return list;
}
