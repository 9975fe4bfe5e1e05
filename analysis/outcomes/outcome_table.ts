/** The values of all outcomes of many discussions, as lists of numbers. They need little memory and can be stored. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import type { GroupedDiscussion } from "./factors.ts";
import type { Observation } from "./observation.ts";
import {
  type AnnotatedWith,
  countedIn,
  type Counting,
  named,
  type Outcome,
  type OutcomeSource,
  outcomeSources,
  scalesOf,
  valuesIn,
} from "./outcomes.ts";
import {
  addValues,
  type GrowingValues,
  noValues,
  type OutcomeValue,
  type StoredValues,
  valuesAdded,
} from "./outcome_values.ts";

/** A completed discussion, and the scales of its annotations. */
export type TabledDiscussion =
  & GroupedDiscussion
  & Pick<Observation, "discussion" | "seed">
  & Readonly<{ judgements: readonly AnnotatedWith[] }>;

/** The values of one outcome. */
export type OutcomeColumn =
  & OutcomeSource
  & StoredValues
  & Readonly<{
    comments: Outcome["comments"];
    silences: Outcome["silences"];
    /** For each discussion, the number of missing values. */
    missingIn: readonly number[];
  }>;

/** The values of all outcomes of some discussions. It consists of plain data. */
export type OutcomeTable = Readonly<{
  discussions: readonly TabledDiscussion[];
  columns: readonly OutcomeColumn[];
}>;

type GrowingColumn = Omit<OutcomeColumn, keyof GrowingValues | "missingIn"> & GrowingValues & {
  missingIn: number[];
};

/** Collects the values of completed discussions, one discussion after another. */
export class OutcomeTally {
  readonly #counting: Counting;
  readonly #discussions: TabledDiscussion[] = [];
  readonly #columns = new Map<string, GrowingColumn>();
  /** JSON → the factors or the scales. Equal ones are the same object, which saves memory. */
  readonly #kept = new Map<string, unknown>();

  /**
   * Begins without a discussion.
   *
   * @param counting The settings of the analysis that say which comments count.
   */
  constructor(counting: Counting) {
    this.#counting = counting;
  }

  /** Adds the values of a completed discussion. Other discussions are ignored. */
  add(observation: Observation): void {
    if (observation.end !== "completed") return;
    const { run, discussion, seed, condition, factors, judgements } = observation;
    const scales = this.#once(judgements.map(({ pass, scale }) => ({ pass, scale })));
    for (const source of outcomeSources(scales)) {
      this.#append(this.#columnOf(source), valuesIn(observation, source, this.#counting));
    }
    this.#discussions.push({
      run,
      discussion,
      seed,
      condition,
      factors: this.#once(factors),
      judgements: scales,
    });
  }

  /** The values of all discussions that were added. */
  table(): OutcomeTable {
    for (const column of this.#columns.values()) pad(column, this.#discussions.length);
    return { discussions: this.#discussions, columns: [...this.#columns.values()] };
  }

  #columnOf(source: OutcomeSource): GrowingColumn {
    const key = keyOf(source);
    const known = this.#columns.get(key);
    if (known !== undefined) return known;
    const { silences } = this.#counting;
    const comments = countedIn(source, this.#counting);
    const column = { ...source, comments, silences, ...noValues(), missingIn: [] };
    this.#columns.set(key, column);
    return column;
  }

  #append(
    column: GrowingColumn,
    { values, missing }: Readonly<{ values: readonly OutcomeValue[]; missing: number }>,
  ): void {
    pad(column, this.#discussions.length);
    addValues(column, values);
    column.missingIn.push(missing);
  }

  #once<T>(value: T): T {
    const key = JSON.stringify(value);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept as T;
    this.#kept.set(key, value);
    return value;
  }
}

/** The full name of an outcome, which means the same in every set of discussions. */
function keyOf({ names }: OutcomeSource): string {
  return names.at(-1)!;
}

/** Adds empty entries to a column for the discussions that do not have its scale. */
function pad({ counts, missingIn }: GrowingColumn, length: number): void {
  while (counts.length < length) {
    counts.push(0);
    missingIn.push(0);
  }
}

/** Joins tables. The discussions are in the order of the tables. */
export function joinTables(tables: readonly OutcomeTable[]): OutcomeTable {
  if (tables.length === 1) return tables[0]!;
  const discussions = tables.flatMap((table) => table.discussions);
  const columns = new Map<string, GrowingColumn>();
  let before = 0;
  for (const table of tables) {
    for (const { counts, missingIn, values, times, positions, ...source } of table.columns) {
      const key = keyOf(source);
      const column = columns.get(key) ?? { ...source, ...noValues(), missingIn: [] };
      columns.set(key, column);
      pad(column, before);
      append(counts, column.counts);
      append(missingIn, column.missingIn);
      append(values, column.values);
      append(times, column.times);
      append(positions, column.positions);
    }
    before += table.discussions.length;
  }
  for (const column of columns.values()) pad(column, before);
  return { discussions, columns: [...columns.values()] };
}

/** Adds the items one by one: a long list cannot be passed as the arguments of one call. */
function append<T>(from: readonly T[], to: T[]): void {
  for (const one of from) to.push(one);
}

/** An outcome of a table. `column` is `null` if no discussion has the outcome. */
export type NamedColumn = Readonly<{ name: string; declared: boolean; column: OutcomeColumn | null }>;

/** The outcomes of a table, with the names and the order of {@linkcode outcomesOf}. */
export function columnsOf(
  { discussions, columns }: OutcomeTable,
  analysis: Pick<AnalysisDesign, "outcomes">,
): readonly NamedColumn[] {
  const lists = new Set(discussions.map(({ judgements }) => judgements));
  const sources = outcomeSources(scalesOf([...lists].map((judgements) => ({ judgements }))));
  const byKey = new Map(columns.map((column) => [keyOf(column), column]));
  const columnOf = (source: OutcomeSource) => byKey.get(keyOf(source));
  return named(sources, (source) => (columnOf(source)?.values.length ?? 0) > 0, analysis)
    .map(({ name, declared, source }) => ({
      name,
      declared,
      column: (source === undefined ? undefined : columnOf(source)) ?? null,
    }));
}

/** The outcome of a column, in the form that descriptions need. */
export function outcomeIn(
  { name, declared, column }: NamedColumn & Readonly<{ column: OutcomeColumn }>,
): Outcome {
  const { unit, scale, comments, silences, missingIn } = column;
  return {
    name,
    declared,
    unit,
    scale,
    comments,
    silences,
    values: valuesAdded(column),
    missing: missingIn.reduce((sum, count) => sum + count, 0),
    missingIn: Uint32Array.from(missingIn),
  };
}
