/** Checks a report before it is written. */
import type { Interval } from "../statistics/distributions.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { type Cell, type Column, type Plot, type Report, type Table, tablesOf } from "./document.ts";
import { isInterval } from "./numbers.ts";

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const KEY = /^\w+$/;

/** Suffixes that data files add to a column's key. */
export const KEY_SUFFIXES = { lower: "_lower", upper: "_upper", unavailable: "_unavailable" } as const;

/**
 * Refuses a report that cannot be shown: a number is not finite, a row does not have one cell per column, a count is
 * not a whole number, or a name is malformed or occurs twice.
 *
 * @param beside Tables that are written only as data files.
 * @throws TypeError For the first fault. The message names the table, the row and the column.
 */
export function checkReport(report: Report, beside: readonly Table[] = []): void {
  checkIds("section", report.sections.map(({ id }) => id));
  const tables = [...tablesOf(report), ...beside];
  checkIds("table", tables.map(({ id }) => id));
  tables.forEach(checkTable);
  for (const { blocks } of report.sections) {
    for (const block of blocks) {
      if (block.kind === "figure") checkNumbers(numbersOf(block.plot), `the plot "${block.title}"`);
    }
  }
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

function checkTable({ id, columns, rows }: Table): void {
  const taken = columns.flatMap(({ key }, index) =>
    dataKeys(key, rows.map(({ cells }) => cells[index] ?? null))
  );
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
  rows.forEach(({ cells }, row) => {
    if (cells.length !== columns.length) {
      throw new TypeError(
        `Cannot show table "${id}", row ${
          row + 1
        }: it has ${cells.length} cells, but the table has ${columns.length} columns`,
      );
    }
    columns.forEach((column, index) =>
      checkCell(cells[index]!, column, `table "${id}", row ${row + 1}, column "${column.key}"`)
    );
  });
}

/** Lists the columns of a data file that one column of the report becomes. */
function dataKeys(key: string, cells: readonly Cell[]): string[] {
  const { lower, upper, unavailable } = KEY_SUFFIXES;
  return [
    key,
    ...(cells.some(isInterval) ? [key + lower, key + upper] : []),
    ...(cells.some(isUnavailable) ? [key + unavailable] : []),
  ];
}

function checkCell(cell: Cell, { format }: Column, place: string): void {
  if (cell === null || typeof cell === "string" || isUnavailable(cell)) return;
  const numbers = isInterval(cell) ? boundsOf(cell) : [cell];
  checkNumbers(numbers, place);
  if (format.kind === "count" && !numbers.every(Number.isInteger)) {
    throw new TypeError(
      `Cannot show ${place}: ${numbers.join(" to ")} is not a whole number, but the column holds counts`,
    );
  }
}

function checkNumbers(numbers: readonly number[], place: string): void {
  const wrong = numbers.findIndex((number) => !Number.isFinite(number));
  if (wrong !== -1) {
    throw new TypeError(
      `Cannot show ${place}: ${
        numbers[wrong]
      } is not a finite number; mark a figure that cannot be computed as unavailable, with a reason`,
    );
  }
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
