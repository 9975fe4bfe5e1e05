/** Turns named predictors into the columns of a regression: treatment contrasts, covariates, interactions. */
import { coefficientName, type CoefficientPart, INTERCEPT } from "./coefficient_names.ts";
import { isComputable, mean } from "./distributions.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/**
 * A categorical predictor, which is compared with its reference level. Rows with `null` are excluded. With
 * `centred`, one divided by the number of levels is subtracted from each level's column. This matters in models
 * with interactions: the effect of another predictor is then the mean over this factor's levels, each counting
 * equally. Without `centred`, it is the effect at the reference.
 */
export type Factor = Readonly<{ values: readonly (string | null)[]; reference: string; centred?: boolean }>;

/**
 * A numeric predictor. Rows with `null` are excluded. With `centred`, the mean over the rows in use is
 * subtracted.
 */
export type Covariate = Readonly<{ values: readonly (number | null)[]; centred?: boolean }>;

/** The data of a model, as lists with one entry per row. A row is usually a comment. */
export type ModelData = Readonly<{
  /** The values to explain. Rows with `null` are excluded. */
  outcome: readonly (number | null)[];
  /** The group of each row (usually its discussion). */
  group: readonly string[];
  /** The block of each row (usually its replicate). Groups are nested in blocks. Default: there are no blocks. */
  block?: readonly string[];
  predictors: Readonly<Record<string, Factor | Covariate>>;
  /**
   * The terms besides the intercept. A term lists the predictors that it multiplies. Default: each predictor
   * alone.
   */
  terms?: readonly (readonly string[])[];
}>;

/** The columns of a regression. */
export type ModelMatrix = Readonly<{
  /**
   * The names of the columns, which all differ: `Intercept`, `turn`, `strategy[rules]` (a level of a factor),
   * `strategy[rules]:turn`. See {@linkcode coefficientName}.
   */
  names: readonly string[];
  /** One column for each name. A column has one number for each row in use. */
  columns: readonly Float64Array[];
  /** The terms, and the indices of their columns. */
  terms: readonly Readonly<{ term: readonly string[]; places: readonly number[] }>[];
  /** The rows in use, as indices into the data. */
  rows: readonly number[];
  /** The means that were subtracted from centred covariates, by name. */
  centres: Readonly<Record<string, number>>;
}>;

/** A column, and the predictors that it multiplies. */
type NamedColumn = Readonly<{ parts: readonly CoefficientPart[]; column: Float64Array }>;

/**
 * Makes the columns of a regression. There is an intercept, a column for each covariate, and a column for each
 * level of a factor except its reference. Levels are in the order of their Unicode code units. For
 * interactions, columns are multiplied.
 */
export function modelMatrix(data: ModelData): ModelMatrix | Unavailable {
  const known = MATRICES.get(data) ?? madeMatrix(data);
  MATRICES.set(data, known);
  return known;
}

/** Data → the matrix that was made for them: several models and their checks can use the same data. */
const MATRICES = new WeakMap<ModelData, ModelMatrix | Unavailable>();

function madeMatrix(data: ModelData): ModelMatrix | Unavailable {
  const { outcome, group, block = group, predictors } = data;
  const lists = Object.entries(predictors).map(([name, { values }]) => ({ name, values }));
  for (
    const { name, values } of [{ name: "group", values: group }, { name: "block", values: block }, ...lists]
  ) {
    if (values.length !== outcome.length) {
      throw new RangeError(`"${name}" has ${values.length} rows, but the outcome has ${outcome.length}`);
    }
  }
  const rows = [...outcome.keys()].filter((row) =>
    outcome[row] !== null && lists.every(({ values }) => values[row] !== null)
  );
  if (rows.length === 0) return unavailable("no row has an outcome and all predictors");
  const made = designColumns(data, rows);
  if (isUnavailable(made)) return made;
  const wrong = notComputableRow("the outcome", outcome, rows);
  return wrong === undefined ? made : unavailable(wrong);
}

/** Outcomes of the same rows have the same predictors, and so the same columns. */
const COLUMNS = new WeakMap<
  ModelData["predictors"],
  Readonly<{ of: ModelData["terms"]; rows: readonly number[]; made: ModelMatrix | Unavailable }>
>();

function designColumns(data: ModelData, rows: readonly number[]): ModelMatrix | Unavailable {
  const known = COLUMNS.get(data.predictors);
  if (
    known !== undefined && known.of === data.terms && known.rows.length === rows.length &&
    known.rows.every((row, at) => row === rows[at])
  ) return known.made;
  const made = madeColumns(data, rows);
  COLUMNS.set(data.predictors, { of: data.terms, rows, made });
  return made;
}

function madeColumns(
  { predictors, ...data }: Pick<ModelData, "predictors" | "terms">,
  rows: readonly number[],
): ModelMatrix | Unavailable {
  const centres: Record<string, number> = {};
  const main = new Map<string, readonly NamedColumn[]>();
  for (const [name, predictor] of Object.entries(predictors)) {
    const columns = "reference" in predictor
      ? contrasts(name, predictor, rows)
      : covariate(name, predictor, rows, centres);
    if ("unavailable" in columns) return columns;
    main.set(name, columns);
  }
  const intercept = { parts: [], column: new Float64Array(rows.length).fill(1) };
  const terms = data.terms ?? Object.keys(predictors).map((name) => [name]);
  const all: NamedColumn[] = [intercept];
  const placed = terms.map((term) => {
    const columns = product(term, main);
    const places = columns.map((_, index) => all.length + index);
    all.push(...columns);
    return { term, places };
  });
  const [names, columns] = [
    all.map(({ parts }) => parts.length === 0 ? INTERCEPT : coefficientName(parts)),
    all.map(({ column }) => column),
  ];
  return { names, columns, terms: placed, rows, centres };
}

function contrasts(
  name: string,
  { values, reference, centred = false }: Factor,
  rows: readonly number[],
): readonly NamedColumn[] | Unavailable {
  const levels = [...new Set(rows.map((row) => values[row]!))].sort();
  if (!levels.includes(reference)) {
    return unavailable(`no row of "${name}" is at its reference "${reference}"`);
  }
  if (levels.length === 1) return unavailable(`all rows of "${name}" are at its reference "${reference}"`);
  const share = centred ? 1 / levels.length : 0;
  return levels.filter((level) => level !== reference).map((level) => ({
    parts: [{ name, level }],
    column: Float64Array.from(rows, (row) => (values[row] === level ? 1 : 0) - share),
  }));
}

function covariate(
  name: string,
  { values, centred }: Covariate,
  rows: readonly number[],
  centres: Record<string, number>,
): readonly NamedColumn[] | Unavailable {
  const column = Float64Array.from(rows, (row) => values[row]!);
  const wrong = notComputableRow(`"${name}"`, values, rows);
  if (wrong !== undefined) return unavailable(wrong);
  if (!centred) return [{ parts: [{ name }], column }];
  const centre = mean(column);
  centres[name] = centre;
  return [{ parts: [{ name }], column: column.map((value) => value - centre) }];
}

/** The reason why a list cannot be used, if a row in use is too large or not finite. */
function notComputableRow(
  name: string,
  values: readonly (number | null)[],
  rows: readonly number[],
): string | undefined {
  const wrong = rows.find((row) => !isComputable(values[row]!));
  if (wrong === undefined) return undefined;
  return `row ${wrong + 1} of ${name} is ${values[wrong]}, which is not finite or is too large`;
}

function product(
  term: readonly string[],
  main: ReadonlyMap<string, readonly NamedColumn[]>,
): readonly NamedColumn[] {
  const [first = [], ...others] = term.map((name) => {
    const columns = main.get(name);
    if (columns === undefined) {
      throw new RangeError(
        `The term "${term.join(":")}" names an unknown predictor: expected ${[...main.keys()].join(", ")}`,
      );
    }
    return columns;
  });
  return others.reduce((made, columns) =>
    made.flatMap((one) =>
      columns.map((other) => ({
        parts: [...one.parts, ...other.parts],
        column: one.column.map((value, row) => value * other.column[row]!),
      }))
    ), first);
}
