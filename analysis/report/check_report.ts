/** Checks a report before it is written. */
import type { Interval } from "../statistics/distributions.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import {
  type Cell,
  type Column,
  type LongTable,
  type Plot,
  type Report,
  type Row,
  tablesOf,
} from "./document.ts";
import { isEstimate, isInterval } from "./numbers.ts";

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const KEY = /^\w+$/;

/**
 * In data files, an interval or a reason has columns of its own. Their keys are the column's key with these
 * suffixes.
 */
export const KEY_SUFFIXES = { lower: "_lower", upper: "_upper", unavailable: "_unavailable" } as const;

/**
 * Refuses a report that cannot be shown: a number is not finite, a row does not have one cell per column, a count is
 * not a whole number, or a name is malformed or occurs twice.
 *
 * @param beside Further tables, which are written only as data files.
 * @returns The contents of the columns of each table: first the tables of {@linkcode tablesOf}, then `beside`.
 * @throws TypeError For the first fault. The message names the table, the row and the column.
 */
export function checkReport(
  report: Report,
  beside: readonly LongTable[] = [],
): readonly (readonly ColumnContents[])[] {
  checkIds("section", report.sections.map(({ id }) => id));
  const tables = [...tablesOf(report), ...beside];
  checkIds("table", tables.map(({ id }) => id));
  const contents = tables.map(checkTable);
  for (const { blocks } of report.sections) {
    for (const block of blocks) {
      if (block.kind !== "figure") continue;
      const fault = faultOfNumbers(numbersOf(block.plot));
      if (fault !== null) throw new TypeError(`Cannot show the plot "${block.title}": ${fault}`);
    }
  }
  return contents;
}

function checkIds(what: string, ids: readonly string[]): void {
  ids.forEach((id, index) => {
    if (!ID.test(id)) {
      throw new TypeError(
        `Cannot show the ${what} "${id}": expected an id of lower-case words joined by hyphens`,
      );
    }
    if (ids.indexOf(id) < index) {
      throw new TypeError(`Cannot show two ${what}s with the id "${id}": expected unique ids`);
    }
  });
}

/**
 * Checks a table.
 *
 * @returns The contents of its columns.
 */
function checkTable({ id, columns, rows }: LongTable): readonly ColumnContents[] {
  const { contents, fault } = readRows(columns, rows);
  const taken = contents.flatMap((of, index) => dataKeys(columns[index]!.key, of));
  for (const { key } of columns) {
    if (!KEY.test(key)) {
      throw new TypeError(
        `Cannot show table "${id}", column "${key}": expected a key of letters, digits and underscores`,
      );
    }
    if (taken.indexOf(key) < taken.lastIndexOf(key)) {
      throw new TypeError(
        `Cannot show table "${id}": two of its columns are called "${key}" in data files`,
      );
    }
  }
  if (fault !== null) throw new TypeError(`Cannot show table "${id}", ${fault}`);
  return contents;
}

/** Which kinds of content the cells of a column have. `hasOthers` means texts, numbers or estimates. */
export type ColumnContents = Readonly<{ hasIntervals: boolean; hasReasons: boolean; hasOthers: boolean }>;

/** Reads the rows of a table once, because a long table computes its cells when they are read. */
function readRows(
  columns: readonly Column[],
  rows: Iterable<Row>,
): Readonly<{ contents: readonly ColumnContents[]; fault: string | null }> {
  const contents = columns.map(() => ({ hasIntervals: false, hasReasons: false, hasOthers: false }));
  let fault: string | null = null;
  let row = 0;
  for (const { cells } of rows) {
    row++;
    if (cells.length !== columns.length) {
      fault ??= `row ${row}: it has ${cells.length} cells, but the table has ${columns.length} columns`;
    }
    for (let index = 0; index < columns.length; index++) {
      const cell = cells[index] ?? null;
      if (cell === null) continue;
      const of = contents[index]!;
      if (isInterval(cell)) of.hasIntervals = true;
      if (isUnavailable(cell)) of.hasReasons = true;
      else if (!isInterval(cell) || isEstimate(cell)) of.hasOthers = true;
      if (fault !== null) continue;
      const found = faultOf(cell, columns[index]!);
      if (found !== null) fault = `row ${row}, column "${columns[index]!.key}": ${found}`;
    }
  }
  return { contents, fault };
}

/** The keys of the columns in the data file that are made from one column of the report. */
function dataKeys(key: string, { hasIntervals, hasReasons }: ColumnContents): string[] {
  const { lower, upper, unavailable } = KEY_SUFFIXES;
  return [
    key,
    ...(hasIntervals ? [key + lower, key + upper] : []),
    ...(hasReasons ? [key + unavailable] : []),
  ];
}

/** Why a cell cannot be shown; `null` if it can. */
function faultOf(cell: Cell, { format }: Column): string | null {
  if (cell === null || typeof cell === "string" || isUnavailable(cell)) return null;
  const numbers = isInterval(cell) ? [...isEstimate(cell) ? [cell.estimate] : [], ...boundsOf(cell)] : [cell];
  return faultOfNumbers(numbers) ??
    (format.kind === "count" && !numbers.every(Number.isInteger)
      ? `${numbers.join(" to ")} is not a whole number, but the column holds counts`
      : null);
}

function faultOfNumbers(numbers: readonly number[]): string | null {
  const wrong = numbers.find((number) => !Number.isFinite(number));
  return wrong === undefined
    ? null
    : `${wrong} is not a finite number; mark a figure that cannot be computed as unavailable, with a reason`;
}

function boundsOf(interval: Interval | null): number[] {
  return interval === null ? [] : [interval.lower, interval.upper];
}

function numbersOf(plot: Plot): number[] {
  switch (plot.kind) {
    case "turns":
      return plot.series.flatMap(({ points }) =>
        points.flatMap(({ x, y, interval }) => [x, y, ...boundsOf(interval)])
      );
    case "distribution":
      return plot.groups.flatMap(({ bars }) => bars.flatMap(({ from, to, share }) => [from, to, share]));
    case "discussions":
      return plot.groups.flatMap(({ values, mean, interval }) => [...values, mean, ...boundsOf(interval)]);
    case "forest":
      return plot.effects.flatMap(({ estimate, interval }) => [estimate, ...boundsOf(interval)]);
    case "cells":
      return plot.series.flatMap(({ points }) =>
        points.flatMap(({ mean, interval }) => [mean, ...boundsOf(interval)])
      );
    case "shares":
      return plot.groups.flatMap(({ shares }) => shares);
    case "curve":
      return [
        ...plot.target === null ? [] : [plot.target.y],
        ...plot.series.flatMap(({ points }) =>
          points.flatMap(({ x, y, interval }) => [x, y, ...boundsOf(interval)])
        ),
      ];
    case "panels":
      return plot.panels.flatMap(({ plot }) => numbersOf(plot));
    default:
      plot satisfies never;
      throw new TypeError(`Cannot check a plot "${JSON.stringify(plot)}"`);
  }
}
