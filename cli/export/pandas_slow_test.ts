import assert from "node:assert/strict";
import { join } from "node:path";
import { runHolding } from "../../adapters/tables/testing/run_holding.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import { runProgram } from "../testing/processes.ts";
import { PANDAS, pythonLacks, runPython, unlessLacking } from "../testing/python.ts";

const LACK = await pythonLacks(...PANDAS);

/** Prints a table as pandas reads it, as a JSON list of rows with the original texts. */
const READ = String.raw`
import json, re, sys
import pandas as pd

file, guarded = sys.argv[1], sys.argv[2] == "guarded"
if file.endswith(".csv"):
    table = pd.read_csv(file, keep_default_na=False, na_values=[""])
elif file.endswith(".parquet"):
    table = pd.read_parquet(file)
else:
    table = pd.read_json(file, lines=True, dtype=False, convert_dates=False)

def original(cell):
    if not isinstance(cell, str):
        return None if pd.isna(cell) else cell
    if guarded:
        cell = re.sub("^'('*[-=+@\t\r\n])", r"\1", cell)
    return re.sub("[\U00100000\U0010d800-\U0010dfff]", lambda found: chr(ord(found[0]) - 0x100000), cell)

print(json.dumps([[original(cell) for cell in row] for row in table[sys.argv[3].split(",")].values.tolist()]))
`;

async function readBack(file: string, columns: string, guarded = false): Promise<unknown[][]> {
  const { code, stdout, stderr } = await runPython(READ, {
    args: [file, guarded ? "guarded" : "plain", columns],
  });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

const TEXTS = [
  "plain",
  'quotes: " \' ` "" ,;',
  " spaces around ",
  "lines\nof\r\ntext\rand\ttabs\n",
  "😀 👩‍👩‍👧 مرحبا \u202eleft\u202c 漢字 \u0301",
  "a\0b\0",
  "half \ud83d and \ude00.",
  "\u{100000} and \u{10d800}",
  "backslash \\ \\n \\u0000 \\ud800",
  "\x1b[31mred\x07 \x7f \u0085 \u2028 \ufeff",
  "NA",
  "null",
  "nan",
  "=1+1",
  "+cmd|' /C calc'!A0",
  "-2+3",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "'=1",
  "''-x",
  "'plain apostrophe",
  "-0.5",
  "+7",
  "1e5",
  "<b>html</b> & |pipes|",
  "x".repeat(100_000),
];

function events(id: string): DiscussionEvent[] {
  const [opened] = sampleEvents(id);
  const posted = TEXTS.map((text, comment): DiscussionEvent => ({
    type: "SeedCommentPosted",
    data: { comment, author: text.slice(0, 40), text },
  }));
  const ended: DiscussionEvent = {
    type: "DiscussionCompleted",
    data: { reason: "turns", turns: 0, comments: TEXTS.length },
  };
  return [opened!, ...posted, ended, ...annotationEvents("p")];
}

for (const [format, options] of [["csv", []], ["csv", ["--raw"]], ["jsonl", []], ["parquet", []]] as const) {
  const name = `pandas reads the original values from export --format ${[format, ...options].join(" ")}`;
  Deno.test({
    ...unlessLacking(name, LACK),
    fn: () =>
      inFolder(async (cwd) => {
        await runHolding(join(cwd, "run"), { d: events("d") });
        const done = await runProgram(["export", "run", "--to", "out", "--format", format, ...options], {
          cwd,
        });
        assert.equal(done.code, 0, done.stderr);
        const isGuarded = format === "csv" && options.length === 0;
        const read = (table: string, columns: string) =>
          readBack(join(cwd, "out", `${table}.${format}`), columns, isGuarded);
        assert.deepEqual(
          await read("comments", "comment_id,position,author,text"),
          TEXTS.map((text, position) => [`d#${position}`, position, text.slice(0, 40), text]),
        );
        const annotations = await read("annotations", "comment_id,annotator,scale,value_number,value_text");
        assert.deepEqual(annotations.filter(([comment]) => comment !== null), [
          ["d#1", "Rita", "stance", null, "against"],
          ["d#1", "Rita", "toxicity", 4, null],
        ]);
        const personas = (await read("participants", "name,place,persona")).map(([name, place, persona]) => [
          name,
          place,
          typeof persona === "string" ? JSON.parse(persona) : persona,
        ]);
        assert.deepEqual(personas, [["Ada", 0, { age: 36, tags: ["a", null, true] }], ["Bob", 1, {}]]);
        assert.deepEqual(await read("discussions", "discussion,openings,comments,status"), [
          ["d", TEXTS.length, 0, "completed"],
        ]);
      }),
  });
}

const FLAT = `
import pandas as pd
flat = pd.read_csv("out/flat.csv", keep_default_na=False, na_values=[""])
parquet = pd.read_parquet("pq/flat.parquet")
assert list(flat.columns) == list(parquet.columns)
assert all(name.isidentifier() for name in flat.columns), flat.columns
assert flat["counted"].dtype == bool and flat["words"].dtype == "int64", flat.dtypes
assert flat["p_toxicity_mean"].dtype == "float64" and flat["p_toxicity_by_rita"].tolist()[1] == 4
for name in ["comment_id", "text", "words", "counted", "factor_moderator", "role", "p_stance_by_rita"]:
    one, other = flat[name], parquet[name]
    assert (one.isna() == other.isna()).all() and (one.dropna() == other.dropna()).all(), name
assert set(flat["text"].dropna()) >= {"NA", "None", "null"}, flat["text"].tolist()
dictionary = pd.read_csv("out/data_dictionary.csv", keep_default_na=False)
assert dictionary["column"].tolist() == list(flat.columns)
print(flat[flat["counted"]].groupby("factor_moderator")["words"].mean().to_dict())
`;

Deno.test({
  ...unlessLacking("pandas reads the flat table with its types, and texts such as NA as texts", LACK),
  fn: () =>
    inFolder(async (cwd) => {
      const plain = [...sampleEvents("d"), ...annotationEvents("p")].map((event) =>
        event.type === "TurnTaken" ? { ...event, data: { ...event.data, text: 'One,\ntwo "three".' } } : event
      );
      const words = ["NA", "None", "null"];
      const missing = Object.fromEntries(words.map((text) => [
        text.toLowerCase(),
        sampleEvents(text.toLowerCase()).map((event) =>
          event.type === "TurnTaken" ? { ...event, data: { ...event.data, text } } : event
        ),
      ]));
      await runHolding(join(cwd, "run"), { d: plain, ...missing });
      for (const [folder, format] of [["out", "csv"], ["pq", "parquet"]] as const) {
        const args = ["export", "run", "--to", folder, "--format", format, "--tables", "flat"];
        assert.equal((await runProgram(args, { cwd })).code, 0);
      }
      const { code, stdout, stderr } = await runPython(FLAT, { cwd });
      assert.equal(code, 0, stderr);
      // One comment of three words, and three comments of one word.
      assert.equal(stdout.trim(), "{'gentle': 1.5}");
    }),
});

Deno.test("export guards formulas in CSV files against spreadsheets, and does not change numbers", () =>
  inFolder(async (cwd) => {
    await runHolding(join(cwd, "run"), { d: events("d") });
    await runProgram(["export", "run", "--to", "out", "--format", "csv"], { cwd });
    const text = await Deno.readTextFile(join(cwd, "out", "comments.csv"));
    for (const cell of ["'=1+1", "'+cmd|", "'-2+3", "'@SUM(A1)", "'\t=1", "''=1", "'''-x"]) {
      assert.ok(text.includes(cell), cell);
    }
    // No cell begins like a formula. A cell begins after a comma or a quote.
    assert.doesNotMatch(text, /[,"][=@]|[,"]\t|[,"]-2\+3/);
    assert.match(text, /,-0\.5,/);
  }));
