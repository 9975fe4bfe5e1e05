/** Tables of the trends at each level: how much an outcome changes per turn or position there. */
import { TIME } from "../../../core/experiment/analysis_design.ts";
import {
  type AdjustedTest,
  combinationsOf,
  effectKey,
  type FactorLevel,
  hasLevel,
  type OutcomeTrends,
  trendAt,
} from "../../outcomes/mod.ts";
import { countedIn } from "../analysis_texts.ts";
import type { Estimate, Table } from "../document.ts";
import { decimalsFor } from "../numbers.ts";
import { columnKeys, type Field, figures, numbers, percent, TableIds, tableOf, texts } from "../tables.ts";
import { capital, joined } from "../words.ts";
import { METHODS, type Results } from "./effect_results.ts";
import { jointOf } from "./joint_texts.ts";

/** A factor has a column for each of its levels if it has at most this many. */
const COLUMNS_MAX = 4;

/** The name of the row or the column of means. It names the factors, because a level can be called "mean", too. */
function meanOver(factors: readonly Readonly<{ name: string }>[]): string {
  return `mean over ${joined(factors.map(({ name }) => name))}`;
}

/** A table of trends, and the tests that compare these trends, or that test whether their mean is 0. */
export type TrendTable = Readonly<{ table: Table; tests: readonly AdjustedTest[] }>;

/**
 * Tables of trends, each with the tests that compare its trends. There is one for each interaction with time in which
 * a test finds something. An interaction that is part of another one with two factors has no table of its own: the
 * means in that table are its trends. A table of three factors or more has no means.
 *
 * @param tests The tests that are shown.
 * @param alpha A test finds something if its adjusted p is smaller.
 */
export function trendTables(
  ids: TableIds,
  tests: readonly AdjustedTest[],
  results: Results,
  alpha: number,
): readonly TrendTable[] {
  const { trends, factors } = results.compared;
  const inTime = tests.filter(({ term }) => term.throughTurns && term.contrasts.length > 0);
  const found = inTime.filter((test) =>
    (test.adjusted !== null && test.adjusted < alpha) || (jointOf(test, results)?.adjusted ?? 1) < alpha
  );
  const shown = trends.flatMap((one) => {
    const own = inTime.filter(({ outcome }) => outcome === one.outcome);
    const isFound = (names: ReadonlySet<string>) =>
      found.some(({ outcome, effect }) => outcome === one.outcome && isWithin(effect, names));
    return largest(own.map(({ effect }) => effect)).filter(isFound).map((names) => ({ names, ...one }));
  });
  const byFactors = Map.groupBy(shown, ({ names }) => effectKey([...names]));
  return [...byFactors.values()].map((of) => {
    const { names } = of[0]!;
    const own = tests.filter(({ outcome, effect, term }) =>
      term.throughTurns && of.some((one) => one.outcome === outcome) && isWithin(effect, names) &&
      (hasMeansOf(names.size) || effect.length > names.size)
    );
    const inOrder = [...names].map((name) => factors.find((factor) => factor.name === name)!);
    return { table: trendTable(ids, of, inOrder, results), tests: own };
  });
}

/** Whether a table has means. With three factors, the mean over one of them is not the trend of a declared effect. */
function hasMeansOf(factors: number): boolean {
  return factors <= 2;
}

/** Whether an effect with time has only these factors. */
function isWithin(effect: readonly string[], names: ReadonlySet<string>): boolean {
  return effect.every((name) => name === TIME || names.has(name));
}

/** The sets of factors of some effects with time, without the sets that are part of another one. */
function largest(effects: readonly (readonly string[])[]): readonly ReadonlySet<string>[] {
  const sets = [
    ...new Map(effects.map((effect) => [effectKey(effect), new Set(effect.filter((name) => name !== TIME))]))
      .values(),
  ];
  return sets.filter((one) => !sets.some((other) => other.size > one.size && one.isSubsetOf(other)));
}

type Factors = Results["compared"]["factors"];
type Line = Readonly<{ of: OutcomeTrends; levels: readonly FactorLevel[] }>;

function trendTable(
  ids: TableIds,
  of: readonly OutcomeTrends[],
  factors: Factors,
  { compared, analysis }: Results,
): Table {
  const inColumns = factors.length === 1
    ? undefined
    : factors.filter(({ levels }) => levels.length <= COLUMNS_MAX)
      .toSorted((one, other) => other.levels.length - one.levels.length).at(-1);
  const inRows = factors.filter((factor) => factor !== inColumns);
  const hasMeans = hasMeansOf(factors.length);
  const withMean = (levels: ReturnType<typeof combinationsOf>) => [...levels, ...hasMeans ? [[]] : []];
  const lines = of.flatMap((one) =>
    withMean(combinationsOf(inRows)).map((levels): Line => ({ of: one, levels }))
  )
    .filter(({ of, levels }) => of.trends.some((trend) => levels.every((level) => hasLevel(trend, level))));
  const places = inColumns === undefined ? [[]] : withMean(combinationsOf([inColumns]));
  const titles = places.map(([place]) =>
    inColumns === undefined ? `Change per ${analysis.time}` : place?.level ?? meanOver([inColumns])
  );
  const cells = lines.flatMap((line) => places.map((place) => cellOf(line, place) ?? null));
  const decimals = decimalsFor(cells);
  // Numbers keep the columns of an interval, such as `x_lower`, apart from the column of a level called "x lower".
  const keys = inColumns === undefined
    ? ["change"]
    : columnKeys(titles).map((key, at) => `change_${at + 1}_${key}`);
  const columns = places.map((place, at): Field<Line> => {
    const cell = (line: Line) => cellOf(line, place) ?? null;
    const title = place.length === 0 ? titles[at]! : `${inColumns!.name}: ${titles[at]}`;
    return of.length > 1 ? figures(keys[at]!, title, cell) : numbers(keys[at]!, title, cell, decimals);
  });
  const outcomes = of.map(({ outcome }) => outcome);
  const units = [...new Set(of.map(({ unit }) => unit))];
  const estimators = [...new Set(of.map(({ estimator }) => estimator))];
  const note = [
    countedIn(of, compared),
    `Each cell is the change ${
      units.length === 1 && units[0] === "log-odds" ? "of the log odds " : ""
    }per ${analysis.time}, with its ${percent(analysis.level)} interval.`,
    hasMeans ? "A mean counts each level equally." : "",
    `Estimated in the model of the tests: ${
      joined(estimators)
    }. The intervals are not corrected for their number.`,
  ].filter((part) => part !== "").join(" ");
  const by = joined([...inRows, ...inColumns === undefined ? [] : [inColumns]].map(({ name }) => name));
  return tableOf(
    {
      id: ids.next("trends", ...factors.map(({ name }) => name)),
      title: `Change of ${joined(outcomes)} per ${analysis.time} by ${by}`,
      note,
    },
    lines,
    [
      ...of.length > 1 ? [texts<Line>("outcome", "Outcome", ({ of }) => of.outcome)] : [],
      texts(
        "levels",
        capital(inRows.map(({ name }) => name).join(", ")),
        ({ levels }) => levels.length === 0 ? meanOver(inRows) : levels.map(({ level }) => level).join(", "),
      ),
      ...columns,
    ],
  );
}

/** All trends of declared outcomes, one in each row; `null` if there are none. */
export function allTrendsTable(id: string, { compared, analysis }: Results): Table | null {
  const rows = compared.trends.flatMap(({ trends, ...of }) => trends.map((trend) => ({ ...of, ...trend })));
  if (rows.length === 0) return null;
  const estimators = [...new Set(rows.map(({ estimator }) => `${capital(estimator)}.`))];
  const note = [
    countedIn(rows, compared),
    `How much the outcome changes per ${analysis.time} at some levels, in the unit of the outcome` +
    `${
      rows.some(({ unit }) => unit === "log-odds") ? ", or in log odds for logistic and ordinal models" : ""
    }. ` +
    "It is the mean over the levels of factors that are not named, and each level counts equally.",
    ...estimators,
    "The intervals allow neither for looks nor for their number.",
  ].join(" ");
  const title = `Change per ${analysis.time} at each level`;
  return tableOf({ id, title, note }, rows, [
    texts("outcome", "Outcome", ({ outcome }) => outcome),
    texts(
      "levels",
      "Levels",
      ({ levels }) =>
        levels.length === 0 ? "all" : levels.map(({ factor, level }) => `${factor} ${level}`).join(", "),
    ),
    figures("change", `Change per ${analysis.time}`, ({ figures }) => figures.estimate),
    figures("standard_error", "SE", ({ figures }) => figures.standardError),
    numbers("df", "df", ({ figures }) => figures.df, 1),
    figures("interval", `${percent(analysis.level)} interval`, ({ figures }) => figures.interval),
    texts("method", "Method", ({ method }) => METHODS[method]),
  ]);
}

function cellOf({ of, levels }: Line, place: readonly FactorLevel[]): Estimate | undefined {
  const trend = trendAt(of.trends, [...levels, ...place]);
  return trend === undefined ? undefined : { ...trend.figures.interval, estimate: trend.figures.estimate };
}
