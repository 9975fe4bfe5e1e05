import assert from "node:assert/strict";
import type { Cell, CellFormat, Plot, Report, Table } from "./document.ts";
import { checkReport, reasonsOf, tablesOf } from "./mod.ts";

function table(
  rows: readonly (readonly Cell[])[],
  { id = "t", keys = ["a", "b"], format = "number" } = {},
): Table {
  return {
    id,
    title: "",
    note: "",
    columns: keys.map((key) => ({ key, title: key, format: { kind: format, decimals: 1 } as CellFormat })),
    rows: rows.map((cells) => ({ cells })),
  };
}

function reportOf(...tables: readonly Table[]): Report {
  const blocks = tables.map((table) => ({ kind: "table", table }) as const);
  return { title: "", subtitle: "", sections: [{ id: "results", title: "", blocks }] };
}

function assertRefused(report: Report, message: RegExp): void {
  assert.throws(
    () => checkReport(report),
    (error) => error instanceof TypeError && message.test(error.message),
  );
}

Deno.test("checkReport() accepts texts, numbers, reasons and empty cells", () => {
  const cells = [["<b>", 1.5], [{ level: 0.95, lower: -1, upper: 1 }, null], [{ unavailable: "x" }, 0]];
  checkReport(reportOf(table(cells), table([], { id: "t-2" })));
});

Deno.test("checkReport() names the table, row and column of a number that is not finite", () => {
  assertRefused(
    reportOf(table([[1, 1], [1, NaN]])),
    /table "t", row 2, column "b": NaN is not a finite number/,
  );
  const interval = { level: 0.95, lower: 0, upper: Infinity };
  assertRefused(
    reportOf(table([[interval, 1]])),
    /table "t", row 1, column "a": Infinity is not a finite number/,
  );
});

Deno.test("checkReport() checks the numbers of every kind of plot", () => {
  const interval = { level: 0.95, lower: NaN, upper: 1 };
  const plots: readonly Plot[] = [
    { kind: "turns", x: "", y: "", series: [{ name: "", points: [{ x: 0, y: 0, interval }] }] },
    { kind: "turns", x: "", y: "", series: [{ name: "", points: [{ x: 0, y: NaN, interval: null }] }] },
    { kind: "distribution", x: "", groups: [{ name: "", bars: [{ from: 0, to: 1, share: NaN }] }] },
    { kind: "discussions", y: "", groups: [{ name: "", values: [NaN], mean: 0, interval: null }] },
    { kind: "discussions", y: "", groups: [{ name: "", values: [0], mean: 0, interval }] },
    { kind: "forest", x: "", effects: [{ label: "", standing: "confirmatory", estimate: 0, interval }] },
  ];
  for (const plot of plots) {
    const figure = { kind: "figure", title: "Means", alt: "", plot, table: table([]) } as const;
    const report = { title: "", subtitle: "", sections: [{ id: "s", title: "", blocks: [figure] }] };
    assertRefused(report, /the plot "Means": NaN is not a finite number/);
  }
});

Deno.test("checkReport() refuses a row with too few cells, and a count with a fraction", () => {
  assertRefused(reportOf(table([[1, 2], [1]])), /row 2: it has 1 cells, but the table has 2 columns/);
  assertRefused(
    reportOf(table([[1, 2.5]], { format: "count" })),
    /row 1, column "b": 2.5 is not a whole number/,
  );
});

Deno.test("checkReport() refuses malformed and repeated names", () => {
  assertRefused(reportOf(table([], { id: "../t" })), /table "\.\.\/t": expected an id/);
  assertRefused(reportOf(table([]), table([])), /two tables with the id "t"/);
  assertRefused(reportOf(table([], { keys: ["a b"] })), /column "a b": expected a key/);
  assertRefused(reportOf(table([], { keys: ["a", "a"] })), /two of its columns are called "a"/);
  const interval = { level: 0.95, lower: 0, upper: 1 };
  const keys = ["a_upper", "a"];
  assertRefused(reportOf(table([[1, interval]], { keys })), /two of its columns are called "a_upper"/);
  checkReport(reportOf(table([[1, 1]], { keys })));
  const section = { id: "s", title: "", blocks: [] };
  assertRefused({ title: "", subtitle: "", sections: [section, section] }, /two sections with the id "s"/);
  assertRefused(
    { title: "", subtitle: "", sections: [{ ...section, id: "S" }] },
    /section "S": expected an id/,
  );
});

Deno.test("tablesOf() and reasonsOf() keep the order of the report", () => {
  const [one, two] = [{ unavailable: "one" }, { unavailable: "two" }];
  const first = table([[two, one], [1, two]]);
  assert.deepEqual(tablesOf(reportOf(first, table([], { id: "u" }))).map(({ id }) => id), ["t", "u"]);
  assert.deepEqual(reasonsOf(first), ["two", "one"]);
});
