import assert from "node:assert/strict";
import { join } from "node:path";
import { reportData } from "../../adapters/report/mod.ts";
import { NASTY_TEXTS } from "../../adapters/report/testing/hostile.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import type { Report } from "../../analysis/report/mod.ts";
import { PANDAS, pythonLacks, runPython, unlessLacking } from "../testing/python.ts";

/** A Python program that prints the types of a table's columns, and its rows with the original texts. */
const READ = String.raw`
import json, re, sys
import pandas as pd

table = pd.read_csv(sys.argv[1], keep_default_na=False, na_values=[""])

def original(cell):
    if not isinstance(cell, str):
        return None if pd.isna(cell) else cell
    cell = re.sub("^'('*[-=+@\t\r\n])", r"\1", cell)
    return re.sub("[\U00100000\U0010d800-\U0010dfff]", lambda found: chr(ord(found[0]) - 0x100000), cell)

kinds = {name: "number" if pd.api.types.is_numeric_dtype(table[name]) else "text" for name in table.columns}
print(json.dumps([kinds, [[original(cell) for cell in row] for row in table.values.tolist()]]))
`;

Deno.test({
  ...unlessLacking("pandas reads back the data of a report", await pythonLacks(...PANDAS)),
  fn: () =>
    inFolder(async (folder) => {
      const texts = NASTY_TEXTS.filter((text) => text !== "");
      const report: Report = {
        title: "",
        subtitle: "",
        sections: [{
          id: "results",
          title: "",
          blocks: [{
            kind: "table",
            table: {
              id: "means",
              title: "",
              note: "",
              columns: [
                { key: "name", title: "", format: { kind: "text" } },
                { key: "mean", title: "", format: { kind: "number", decimals: 1 } },
                { key: "interval", title: "", format: { kind: "share" } },
              ],
              rows: texts.map((text, index) => ({
                cells: index % 2 === 0
                  ? [text, index / 7, { level: 0.95, lower: -index / 3, upper: 1e-9 }]
                  : [text, { unavailable: text }, null],
              })),
            },
          }],
        }],
      };
      const file = join(folder, "means.csv");
      await Deno.writeTextFile(file, [...reportData(report).get("means.csv")!].join(""));
      const { code, stdout, stderr } = await runPython(READ, { args: [file] });
      assert.equal(code, 0, stderr);
      const [kinds, rows] = JSON.parse(stdout);
      assert.deepEqual(kinds, {
        name: "text",
        mean: "number",
        mean_unavailable: "text",
        interval_lower: "number",
        interval_upper: "number",
      });
      assert.deepEqual(
        rows,
        texts.map((text, index) =>
          index % 2 === 0 ? [text, index / 7, null, -index / 3 + 0, 1e-9] : [text, null, text, null, null]
        ),
      );
    }),
});
