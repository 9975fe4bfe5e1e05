/**
 * Measures the import of a table with 100,000 comments of 5,000 discussions, whose rows are interleaved. Each import
 * writes to a new folder.
 *
 * The baseline reads the same rows and does nothing with them.
 */
import { readConditionRule } from "../formats/condition_rule.ts";
import { rowsOf } from "../formats/table_rows.ts";
import { TextFile } from "../formats/text_file.ts";
import { importDiscussions } from "./import_discussions.ts";

const COMMENTS = 100_000;
const DISCUSSIONS = 5000;

const folder = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const text = "A comment of usual length, with a comma. ".repeat(6);
const comments = Array.from({ length: COMMENTS }, (_, at) => ({
  conversation_id: `c${(at * 7919) % DISCUSSIONS}`,
  speaker: `u${at % 300}`,
  text,
  timestamp: at,
}));

const files = { csv: `${folder}/comments.csv`, jsonl: `${folder}/comments.jsonl` } as const;
const header = "conversation_id,speaker,text,timestamp";
const csvRows = comments.map((row) => `${row.conversation_id},${row.speaker},"${row.text}",${row.timestamp}`);
Deno.writeTextFileSync(files.csv, `${header}\n${csvRows.join("\n")}\n`);
Deno.writeTextFileSync(files.jsonl, comments.map((row) => JSON.stringify(row)).join("\n"));

let runs = 0;

for (const format of ["csv", "jsonl"] as const) {
  const group = `${COMMENTS} comments, ${format}`;
  Deno.bench("rowsOf()", { group, baseline: true, n: 1, warmup: 1 }, async () => {
    for await (const _ of rowsOf(new TextFile(files[format]), format));
  });
  Deno.bench("importDiscussions()", { group, n: 1, warmup: 1 }, async () => {
    await importDiscussions([files[format]], {
      out: `${folder}/run-${runs++}`,
      columns: {},
      condition: readConditionRule(),
      roles: [],
      strict: true,
      found: () => {},
    });
  });
}
