import assert from "node:assert/strict";
import { parse } from "npm:csv-parse@7.0.3/sync";
import fc from "fast-check";
import { anyText } from "../../core/testing/any_text.ts";
import type { Cell, Column, Report, Table } from "../../analysis/report/mod.ts";
import { originalText } from "../tables/mod.ts";
import { reportData } from "./mod.ts";
import { NASTY_TEXTS, nastyReport, nastyTable } from "./testing/hostile.ts";

function csvOf(rows: readonly (readonly Cell[])[], keys: readonly string[]): string {
  const columns: Column[] = keys.map((key) => ({ key, title: "", format: { kind: "number", decimals: 1 } }));
  const table: Table = { id: "t", title: "", note: "", columns, rows: rows.map((cells) => ({ cells })) };
  const blocks = [{ kind: "table", table }] as const;
  const report: Report = { title: "", subtitle: "", sections: [{ id: "s", title: "", blocks }] };
  return textOf(reportData(report), "t.csv");
}

function textOf(files: ReturnType<typeof reportData>, name: string): string {
  return [...files.get(name)!].join("");
}

const interval = (lower: number, upper: number) => ({ level: 0.95, lower, upper });

Deno.test("reportData() writes an interval as two columns, and adds a column of reasons if a value is unavailable", () => {
  const rows: Cell[][] = [
    ["none", 0.1 + 0.2, interval(-1.5, 1e-7), 1],
    [
      "troll, or not",
      { unavailable: 'there is "one" cluster' },
      { unavailable: "there is one cluster" },
      null,
    ],
  ];
  assert.equal(
    csvOf(rows, ["condition", "mean", "mean_interval", "n"]),
    "condition,mean,mean_unavailable,mean_interval_lower,mean_interval_upper,mean_interval_unavailable,n\r\n" +
      "none,0.30000000000000004,,-1.5,1e-7,,1\r\n" +
      '"troll, or not",,"there is ""one"" cluster",,,there is one cluster,\r\n',
  );
});

Deno.test("reportData() keeps numbers in a column of intervals, and columns without a value", () => {
  assert.equal(csvOf([[interval(0, 1)], [2]], ["x"]), "x,x_lower,x_upper\r\n,0,1\r\n2,,\r\n");
  assert.equal(csvOf([[{ ...interval(0, 1), estimate: 0.3 }]], ["x"]), "x,x_lower,x_upper\r\n0.3,0,1\r\n");
  assert.equal(csvOf([[{ unavailable: "a" }]], ["x"]), "x,x_unavailable\r\n,a\r\n");
  assert.equal(csvOf([], ["x", "y"]), "x,y\r\n");
});

Deno.test("reportData() describes each column of its files in the data dictionary", () => {
  const columns: Column[] = [
    { key: "arm", title: "Arm", format: { kind: "text" } },
    { key: "mean", title: "Mean", format: { kind: "share" } },
  ];
  const rows = [{ cells: ["none", interval(0, 1)] }, { cells: ["soft", { unavailable: "x" }] }];
  const table: Table = { id: "t", title: "", note: "Counted: all.", columns, rows };
  const dictionary: Record<string, string>[] = parse(
    textOf(reportData({ title: "", subtitle: "", sections: [] }, [table]), "data_dictionary.csv"),
    { columns: true },
  );
  assert.deepEqual(
    dictionary.map(({ table, column, type, unit, meaning, comes_from }) => [
      table,
      column,
      type,
      unit,
      meaning,
      comes_from,
    ]),
    [
      ["t", "arm", "text", "", "Arm", "Counted: all."],
      ["t", "mean_lower", "number", "share, 0 to 1", "Mean: lower end of the interval", "Counted: all."],
      ["t", "mean_upper", "number", "share, 0 to 1", "Mean: upper end of the interval", "Counted: all."],
      ["t", "mean_unavailable", "text", "", "Mean: why there is no figure", "Counted: all."],
    ],
  );
});

Deno.test("reportData() quotes line breaks of every kind", () => {
  assert.equal(csvOf([["a\nb", "c\rd"]], ["x", "y"]), 'x,y\r\n"a\nb","c\rd"\r\n');
});

Deno.test("reportData() writes a file for each table, including tables beside plots and further tables", () => {
  const report = nastyReport("x");
  const beside = [nastyTable("x", "values")];
  assert.deepEqual([...reportData(report, beside).keys()], [
    "nasty.csv",
    "nasty-figure.csv",
    "values.csv",
    "data_dictionary.csv",
  ]);
  assert.throws(() => reportData(report, [nastyTable("x", "nasty")]), /two tables with the id "nasty"/);
});

Deno.test("reportData() writes every text and number so that it can be read back, and writes no formulas", () => {
  const text = fc.oneof(
    fc.constantFrom(...NASTY_TEXTS),
    anyText(),
    fc.array(fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", "'", '"', ",", "1", "e", "\ud800", "\0"))
      .map((parts) => parts.join("")),
  );
  const figure = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(fc.array(fc.tuple(text, figure), { minLength: 1 }), (rows) => {
    const records: string[][] = parse(csvOf(rows, ["text", "figure"]), { record_delimiter: "\r\n" });
    assert.deepEqual(records[0], ["text", "figure"]);
    assert.equal(records.length, rows.length + 1);
    rows.forEach(([text, figure], index) => {
      const [cell, number] = records[index + 1]!;
      assert.equal(originalText(cell!.replace(/^'('*[-=+@\t\r\n])/, "$1")), text);
      assert.ok(!/^[-=+@\t\r\n]/.test(cell!) || Number.isFinite(Number(cell)), text);
      // As text, −0 is 0.
      assert.equal(Number(number), figure + 0);
    });
  }));
});

Deno.test("reportData() gives long tables in pieces, and makes their rows anew for each reading", () => {
  const long = {
    id: "long",
    title: "",
    note: "",
    columns: [{ key: "x", title: "", format: { kind: "text" } as const }],
    rows: {
      *[Symbol.iterator]() {
        for (let row = 0; row < 300; row++) yield { cells: [String(row).padStart(10_000, "0")] };
      },
    },
  };
  const files = reportData({ title: "", subtitle: "", sections: [] }, [long]);
  const pieces = [...files.get("long.csv")!];
  assert.equal(pieces.length, 3);
  const rows = Array.from({ length: 300 }, (_, row) => `${String(row).padStart(10_000, "0")}\r\n`);
  assert.equal(pieces.join(""), `x\r\n${rows.join("")}`);
  assert.equal(textOf(files, "long.csv"), pieces.join(""));
});
