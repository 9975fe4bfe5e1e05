/**
 * Imports published discussions, makes their report with the program's own commands, and compares the figures in the
 * report's files with the published figures. Usage: FOLDER [--keep DIR]
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { EXIT_CODES, type ExitCode, ownCommand, shownPath, UsageError } from "../shared/program.ts";
import { main } from "../main.ts";
import { reportError } from "../shared/report_error.ts";
import { scratchFolder } from "../shared/files.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import { styled } from "../terminal/text.ts";
import { table } from "../terminal/table.ts";
import { type Io, memorySink, processIo } from "../terminal/text_sink.ts";
import { comparedFigures, type Figure } from "./reproduction/compare.ts";
import { PUBLISHED_FILES, readPublished } from "./reproduction/published.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));

const [RUN, REPORT] = ["facilitators", "report"];

const COLUMNS = [
  { title: "figure" },
  { title: "expected", align: "right" },
  { title: "found", align: "right" },
  { title: "agrees" },
  { title: "in" },
] as const;

const io = processIo();
try {
  Deno.exitCode = await reproduce(Deno.args, io);
} catch (error) {
  Deno.exitCode = reportError(error, io.stderr);
}

async function reproduce(args: readonly string[], io: Io): Promise<ExitCode> {
  const { folder, keep } = readArguments(args);
  const published = readPublished(folder);
  using scratch = keep === undefined ? scratchFolder() : null;
  const made = keep ?? scratch!.path;
  const report = join(made, REPORT);
  for (const command of commandsOf(folder, join(made, RUN), report)) {
    io.stderr.write(`${ownCommand(...command)}\n`);
    const code = await main(command, { stdout: memorySink(), stderr: io.stderr });
    if (code !== EXIT_CODES.ok) return code;
  }
  const figures = comparedFigures(published, report);
  io.stdout.write(`${tableText(figures, io)}\n${summaryText(figures, folder)}`);
  io.stdout.write(
    keep === undefined
      ? "The report was temporary; --keep DIR keeps it\n"
      : `The report is in ${shownPath(report)}\n`,
  );
  return figures.every(({ agrees }) => agrees) ? EXIT_CODES.ok : EXIT_CODES.findings;
}

function commandsOf(folder: string, run: string, report: string): readonly (readonly string[])[] {
  const naming = ["--condition", "{model}_{moderator}", "--role", "troll=online troll"];
  const analysis = ["--analysis", join(EXAMPLES, "facilitators.yaml")];
  const declared = ["--declared", join(EXAMPLES, "declared.yaml")];
  return [
    ["import", join(folder, "discussions"), "--out", run, ...naming],
    ["import", "scores", join(folder, "toxicity.csv"), "--as", "toxicity", "--into", run],
    ["report", run, "--out", report, ...analysis, ...declared],
  ];
}

function readArguments(args: readonly string[]): Readonly<{ folder: string; keep: string | undefined }> {
  const usage = "Usage: deno task reproduce FOLDER [--keep DIR]";
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { keep: { type: "string" } },
      allowPositionals: true,
    });
    const [folder, ...others] = positionals;
    if (folder === undefined || others.length > 0) throw new TypeError("Name one folder of discussions");
    return { folder, keep: values.keep };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. ${usage}`);
  }
}

function tableText(figures: readonly Figure[], { stdout }: Io): string {
  const rows = figures.map(({ name, expected, found, agrees, file }) => [
    ...[name, expected, found].map(neutralise),
    agrees ? "yes" : styled(stdout, "red", "NO"),
    file,
  ]);
  return table(stdout, COLUMNS, rows);
}

function summaryText(figures: readonly Figure[], folder: string): string {
  const agreeing = figures.filter(({ agrees }) => agrees).length;
  const different = figures.length - agreeing;
  const files = new Set(figures.map(({ file }) => file)).size;
  const not = different === 0 ? "" : `, ${formatCount(different)} ${different === 1 ? "DOES" : "DO"} NOT`;
  const published = `${PUBLISHED_FILES.join(" and ")} of ${shownPath(folder)}`;
  return `${formatCount(agreeing)} of ${plural(figures.length, "figure")} agree${not}. ` +
    `Compared: ${published} with ${plural(files, "file")} of the report\n`;
}
