/** `query`: runs SQL on the tables of runs. */
import { argument, type InferValue, message, multiple, object, option, optional } from "../shared/optique.ts";
import type { RunTables, TableFormat } from "../../adapters/tables/mod.ts";
import { memory, missing, path, place } from "../shared/arguments.ts";
import { MEMORY_DEFAULT } from "../../adapters/tables/memory.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, shownPath, UsageError } from "../shared/program.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { Io } from "../terminal/text_sink.ts";

const parser = object({
  words: multiple(
    argument(place("RUN_OR_SQL"), {
      description:
        message`One or more runs, each as a folder or as postgres://HOST/DATABASE/NAME; then the SQL in quotes.`,
    }),
    { min: 2 },
  ),
  csv: option("--csv", { description: message`Write CSV.` }),
  json: option("--json", { description: message`Write JSON, one row per line.` }),
  parquet: optional(option("--parquet", path("FILE", "file"), {
    description: message`Write the result to a Parquet file.`,
  })),
  force: option("--force", { description: message`With --parquet: replace a file that exists.` }),
  memory: optional(option("--memory", memory(), {
    description:
      message`Memory that tables use before they move to temporary files; by default, ${MEMORY_DEFAULT}.`,
  })),
  raw: option("--raw", {
    description: message`With --csv: do not change cells that a spreadsheet would run as formulas.`,
  }),
}, missing("RUN_OR_SQL", 'a run\'s folder and a query, such as runs/NAME "select * from comments"'));

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description: message`The tables are discussions, factors, participants, comments, silences, cut_turns,
annotations, annotations_unparsed, generations, flat and events; "describe comments" lists the columns of comments. The column
"run" holds the run's name. The SQL dialect is DuckDB's. A query sees the logs as they were when the command began. A query
can change nothing, and has no access to files or the network. The run's log records that results were seen if the query
names one of the tables discussions, comments, silences, cut_turns, generations, annotations, flat and events, or calls a
function that reads a table by a computed name. The chain of hashes is not checked; "verify" does that.`,
  example: 'query runs/first-experiment "select condition, count(*) from discussions group by condition"',
  findings: "some logs are damaged",
  async run(values, io) {
    const { words, csv, json, parquet } = values;
    if ([csv, json, parquet !== undefined].filter(Boolean).length > 1) {
      throw new UsageError(
        "Cannot use more than one of --csv, --json and --parquet: give the command once for each",
      );
    }
    const sql = words.at(-1)!;
    if (sql.trim() === "") throw new UsageError("Cannot run an empty query: write SQL, in quotes");
    if (parquet !== undefined) (await import("../shared/files.ts")).refuseFile(parquet, values);
    const { scratchFolder } = await import("../shared/files.ts");
    const { openTables } = await import("../shared/logs.ts");
    const { recordShown, shownInTables } = await import("../shared/looks.ts");
    const { QueryError } = await import("../../adapters/tables/mod.ts");
    using scratch = scratchFolder();
    const { tables, runs, damagedCount } = await openTables(words.slice(0, -1), {
      scratch: scratch.path,
      memory: values.memory,
      stderr: io.stderr,
    });
    using _tables = tables;
    const outcomes = shownInTables(sql.toLowerCase().match(/\w+/g) ?? []);
    for (const [name, run] of outcomes?.length === 0 ? [] : runs) {
      await recordShown(run, { command: "query", outcomes, ended: await tables.ended(name) }, io.stderr);
    }
    try {
      if (parquet !== undefined) await writeParquet(tables, sql, { file: parquet, force: values.force, io });
      else if (csv) {
        await writeText(tables, sql, { format: "csv", scratch: scratch.path, raw: values.raw, io });
      } else if (json) {
        await writeText(tables, sql, { format: "jsonl", scratch: scratch.path, raw: true, io });
      } else await showTable(tables, sql, io);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      throw new UsageError(`Cannot run the query: ${error.message}`);
    }
    return damagedCount > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
  },
});

/** A table on the terminal has at most this many rows. */
const ROWS_SHOWN_MAX = 1_000;

async function showTable(tables: RunTables, sql: string, { stdout, stderr }: Io): Promise<void> {
  const { table } = await import("../terminal/table.ts");
  const { originalText } = await import("../../adapters/tables/mod.ts");
  await tables.shutIn();
  const { columns, rows, more } = await tables.rows(sql, ROWS_SHOWN_MAX);
  const shown = (text: string) => neutralise(originalText(text).toWellFormed());
  const titles = columns.map(({ name, isNumber }) =>
    ({ title: shown(name), align: isNumber ? "right" : "left" }) as const
  );
  stdout.write(table(stdout, titles, rows.map((row) => row.map((cell) => shown(cell ?? "")))));
  if (more) {
    stderr.write(
      `Only the first ${
        formatCount(ROWS_SHOWN_MAX)
      } rows are shown; --csv, --json and --parquet write all rows\n`,
    );
  }
}

type TextOptions = Readonly<{ format: TableFormat; scratch: string; raw: boolean; io: Io }>;

async function writeText(
  tables: RunTables,
  sql: string,
  { format, scratch, raw, io: { stdout } }: TextOptions,
): Promise<void> {
  const { neutraliseLines, safeJsonText } = await import("../terminal/neutralise.ts");
  const file = `${scratch}/answer`;
  await tables.shutIn(file);
  await tables.writeAnswer(sql, file, { format, raw });
  using answer = await Deno.open(file);
  for await (const text of answer.readable.pipeThrough(new TextDecoderStream())) {
    if (stdout.isClosed) return;
    if (format === "jsonl") stdout.write(safeJsonText(text));
    else stdout.write(stdout.isTerminal ? neutraliseLines(text) : text);
  }
}

async function writeParquet(
  tables: RunTables,
  sql: string,
  { file, force, io: { stderr } }: Readonly<{ file: string; force: boolean; io: Io }>,
): Promise<void> {
  const { fillFile } = await import("../shared/files.ts");
  const rows = await fillFile(file, { force }, async (temporary) => {
    await tables.shutIn(temporary);
    return await tables.writeAnswer(sql, temporary, { format: "parquet", raw: true });
  });
  stderr.write(`Wrote ${shownPath(file)}: ${plural(rows, "row")}\n`);
}
