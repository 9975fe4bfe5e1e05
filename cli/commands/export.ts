/** `export`: writes a run in the formats of other programs. */
import {
  argument,
  choice,
  type InferValue,
  message,
  object,
  option,
  optional,
  string,
} from "../shared/optique.ts";
import type { TableName } from "../../adapters/tables/mod.ts";
import { memory, missing, path, place, runPlace } from "../shared/arguments.ts";
import { MEMORY_DEFAULT } from "../../adapters/tables/memory.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, shownPath, UsageError } from "../shared/program.ts";
import type { Logs } from "../shared/logs.ts";
import { safeJson } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";

const FORMATS = ["csv", "jsonl", "parquet", "python-library", "huggingface"] as const;

/** The tables that are exported by default. */
const TABLES_DEFAULT: readonly TableName[] = [
  "comments",
  "silences",
  "cut_turns",
  "annotations",
  "annotations_unparsed",
  "discussions",
  "participants",
];

const parser = object({
  run: argument(place("RUN"), { description: runPlace }),
  to: option("--to", path("DIR", "directory"), {
    description: message`The folder to write. It appears only when it is complete.`,
  }),
  format: option("--format", choice(FORMATS, { metavar: "FORMAT" }), {
    description:
      message`csv, jsonl and parquet write a file for each table. python-library writes a JSON file for each discussion, as
version 2.2 of the Python library does. huggingface writes a data set with its card.`,
  }),
  tables: optional(option("--tables", string({ metavar: "NAMES" }), {
    description: message`The tables, separated by commas; by default, ${TABLES_DEFAULT.join(",")}.
Further tables: factors, generations, events, and flat, which has everything about a comment in one row:
text, condition, persona and scores.`,
  })),
  memory: optional(option("--memory", memory(), {
    description:
      message`Memory that tables use before they move to temporary files; by default, ${MEMORY_DEFAULT}.`,
  })),
  raw: option("--raw", {
    description:
      message`Do not change cells of CSV files. Without this option, text that a spreadsheet would run as a formula (it
begins with =, +, -, @, a tab or a line break and is not a number) gets an apostrophe before it.`,
  }),
  force: option("--force", {
    description: message`Replace the files of an earlier export in the folder; other files stay.`,
  }),
  json: option("--json", { description: message`Write the summary as a JSON object.` }),
}, missing("RUN", "a run's folder, such as runs/NAME"));

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description:
    message`Writes tables, and data_dictionary.csv, which says what each column is and whose comments it counts. Checks every log first. If a log is damaged, the command fails and writes nothing. Unfinished discussions are
exported up to their last event. If the exported tables hold results, the run's log records that results were seen.`,
  example: "export runs/first-experiment --format csv --to exported",
  async run(values, { stdout, stderr }) {
    const { format, to, force } = values;
    const names = await chosenTables(values);
    const { openRunLogs } = await import("../shared/logs.ts");
    const { EXPORT_FOLDER, fillFolder } = await import("../shared/target_folder.ts");
    const { recordShown, shownInTables } = await import("../shared/looks.ts");
    const { writeFormat } = await import("../export/formats.ts");
    const { VERSION } = await import("../../core/version.ts");
    const logs = await openRunLogs(values.run);
    const { experiment, fingerprint } = logs.run.manifest;
    // Files of the Python library have no annotations.
    const shown = shownInTables(format === "python-library" ? ["comments", "silences"] : names);
    const { unfinished, ended } = await checkLogs(logs);
    await recordShown(logs.run, { command: "export", outcomes: shown, ended }, stderr);
    const told = await fillFolder(to, { ...EXPORT_FOLDER, replaced: force }, async (folder) => ({
      format,
      run: { experiment: experiment.name, fingerprint },
      syndisco: VERSION,
      unfinished,
      ...await writeFormat(logs, folder, { ...values, names, stderr }),
    }));
    if (unfinished > 0) {
      stderr.write(`${plural(unfinished, "discussion")} unfinished: exported up to the last event\n`);
    }
    if (values.json) stdout.write(`${safeJson({ ...told, to })}\n`);
    else stdout.write(`Wrote ${shownPath(to)}: ${writtenText(told.written)}\n`);
    return EXIT_CODES.ok;
  },
});

/**
 * Reads every log to its end; fails at the first damage.
 *
 * @returns The numbers of unfinished and of ended discussions.
 */
async function checkLogs(logs: Logs): Promise<Readonly<{ unfinished: number; ended: number }>> {
  let [unfinished, ended] = [0, 0];
  for await (const discussion of logs.discussions()) {
    let isOpen = true;
    for await (const { type } of logs.events(discussion)) {
      if (type === "DiscussionCompleted" || type === "DiscussionAborted") isOpen = false;
    }
    if (isOpen) unfinished++;
    else ended++;
  }
  return { unfinished, ended };
}

async function chosenTables({ tables, format, raw }: Values): Promise<readonly TableName[]> {
  if (raw && format !== "csv") {
    throw new UsageError(
      "Cannot use --raw with this format: without --raw, only cells of CSV files are changed. Leave it out",
    );
  }
  if (tables === undefined) return TABLES_DEFAULT;
  if (format === "python-library") {
    throw new UsageError("Cannot use --tables with python-library: its files hold discussions, not tables");
  }
  const { TABLE_NAMES } = await import("../../adapters/tables/mod.ts");
  const { nearest } = await import("../../core/experiment/problems.ts");
  return [...new Set(tables.split(",").map((name) => name.trim()))].map((name) => {
    const known = TABLE_NAMES.find((table) => table === name);
    if (known !== undefined) return known;
    const meant = nearest(name, TABLE_NAMES);
    const hint = meant === undefined
      ? `the tables are ${TABLE_NAMES.join(", ")}`
      : `did you mean "${meant}"?`;
    throw new UsageError(`Cannot export the table "${name}": there is no such table; ${hint}`);
  });
}

function writtenText(written: Readonly<Record<string, number>>): string {
  const { discussions, ...others } = written;
  if (discussions !== undefined && Object.keys(others).length === 0) return plural(discussions, "discussion");
  return Object.entries(written).map(([name, rows]) => `${name} (${formatCount(rows)})`).join(", ");
}
