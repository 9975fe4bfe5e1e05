/** `report`: writes a report of runs. */
import { argument, message, multiple, object, option, optional, string } from "../shared/optique.ts";
import { join } from "node:path";
import { missing, path, place, trust } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, shownPath, UsageError } from "../shared/program.ts";
import type { ReportForm } from "../report/write_report.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";

const parser = object({
  runs: multiple(
    argument(place("RUN"), {
      description:
        message`The runs: their folders, such as runs/NAME, or postgres://HOST/DATABASE/NAME. The report compares
several runs.`,
    }),
    { min: 1 },
  ),
  out: optional(option("-o", "--out", path("DIR", "directory"), {
    description:
      message`The folder to write; by default, the folder report in the run's folder, or for a run in a database, the folder
NAME-report. An earlier report in the folder is replaced.`,
  })),
  format: optional(option("--format", string({ metavar: "FORMS" }), {
    description:
      message`The forms to write, separated by commas: html, markdown, latex, csv. By default, all.`,
  })),
  analysis: optional(option("--analysis", path("FILE", "file"), {
    description:
      message`A YAML file with the keys of the section analysis of an experiment file. Its results are
exploratory: the logs cannot show that the analysis was declared before the data were seen.`,
  })),
  declared: optional(option("--declared", path("FILE", "file"), {
    description:
      message`A YAML file that declares turns, history, turnTaking or schedule for imported discussions. The report checks
whether the discussions follow these rules.`,
  })),
  full: option("--full", {
    description:
      message`Write all sections to report.md and latex/tables.tex, and print all sections of the page on paper. By default,
these have only the summary, the question and the methods. On the screen, the page always has all sections.`,
  }),
  figures: optional(option("--figures", path("DIR", "directory"), {
    description:
      message`Also write every figure to this folder, as SVG and as PDF, for a paper. Earlier figures in the folder are
replaced.`,
  })),
  human: optional(option("--human", place("IMPORTED"), {
    description:
      message`A run of people's discussions, such as an imported corpus. A section compares the runs with it: lengths,
annotated values, diversity, participation and turns, and what comments mean if embed has made vectors of both.`,
  })),
  trust: trust(),
  check: option("--check", {
    description: message`Exit with code 1 if a check of fidelity is flagged or a log is damaged.`,
  }),
  json: option("--json", { description: message`Write the summary as a JSON object.` }),
}, missing("RUN", "a run's folder, such as runs/NAME"));

export const command = defineCommand({
  parser,
  description:
    message`Writes a report: the question, the methods, how the run went, whether it followed its declaration, and
the results. The forms are a self-contained HTML page, Markdown, tables for LaTeX and data as CSV files. The run can be in
progress. The run's log records that its results were seen; the logs of discussions do not change.`,
  example: "report runs/first-experiment",
  findings: "with --check, a check of fidelity is flagged or a log is damaged",
  async run(values, { stdout, stderr }) {
    const { runs: places, analysis, declared, check, json } = values;
    if (values.out === undefined && places.length > 1) {
      throw new UsageError(
        "Cannot choose among the runs' folders: name the folder of the report with --out DIR",
      );
    }
    const { isAddress, nameOfRun } = await import("../../adapters/stores/mod.ts");
    const { foundIn, REPORT_FORMS, summaryText, writeReport } = await import("../report/write_report.ts");
    const { figuresText, writeFigures } = await import("../shared/write_figures.ts");
    const forms = chosenForms(values.format, REPORT_FORMS);
    const [first] = places;
    const out = values.out ??
      (isAddress(first!) ? `${nameOfRun(first!)}-report` : join(first!, "report"));
    const { readRuns } = await import("../report/read_runs.ts");
    const { readHumanCorpus, refuseItself } = await import("../report/read_human_corpus.ts");
    const { sharedVectors } = await import("../report/read_vectors.ts");
    const { refuseCopies } = await import("../shared/logs.ts");
    const { buildReport, chosenAnalysis, shownOutcomes } = await import("../report/build_report.ts");
    const { FIGURES_FOLDER, fillFolder, REPORT_FOLDER, refuseFolder, refuseShared } = await import(
      "../shared/target_folder.ts"
    );
    refuseFolder(out, REPORT_FOLDER);
    if (values.figures !== undefined) {
      refuseShared(values.figures, out);
      refuseFolder(values.figures, FIGURES_FOLDER);
    }
    if (values.human !== undefined) refuseItself(places, values.human);
    const shared = values.human === undefined ? null : await sharedVectors(places, values.human);
    const warn = (line: string) => stderr.write(`${neutralise(line)}\n`);
    const read = await readRuns(places, {
      declared,
      trusted: values.trust,
      collectors: shared?.models,
      warn,
    });
    const people = shared === null ? null : await readHumanCorpus(values.human!, shared, warn);
    if (people !== null) await refuseCopies([...read.logs.values(), people.logs]);
    const built = await buildReport(read, await chosenAnalysis(analysis, read), {
      isFull: values.full,
      human: people?.corpus ?? null,
      warn,
    });
    const found = foundIn(read, built);
    const { recordShown } = await import("../shared/looks.ts");
    const outcomes = shownOutcomes(built);
    for (const [index, { run }] of [...read.logs.values()].entries()) {
      const ended = read.runs[index]!.looks?.ended ?? 0;
      await recordShown(run, { command: "report", outcomes, ended }, stderr);
    }
    if (people !== null) {
      const { logs, ended } = people;
      await recordShown(logs.run, { command: "report", outcomes: built.shownOfPeople, ended }, stderr);
    }
    const told = await fillFolder(out, REPORT_FOLDER, async (folder) => ({
      ...found,
      written: await writeReport(built, folder, forms),
    }));
    const figures = values.figures === undefined
      ? null
      : await fillFolder(values.figures, FIGURES_FOLDER, (folder) => writeFigures(built.report, folder));
    const shown = figures === null ? {} : { figures: figures.figures };
    stdout.write(json ? `${safeJson({ ...told, out, ...shown })}\n` : summaryText(told, shownPath(out)));
    if (!json && figures !== null) stdout.write(figuresText(values.figures!, figures));
    return check && (found.flagged.length > 0 || found.problems > 0) ? EXIT_CODES.findings : EXIT_CODES.ok;
  },
});

function chosenForms(format: string | undefined, known: readonly ReportForm[]): readonly ReportForm[] {
  if (format === undefined) return known;
  return [...new Set(format.split(",").map((name) => name.trim()))].map((name) => {
    const form = known.find((one) => one === name);
    if (form === undefined) {
      throw new UsageError(`Cannot write a report as "${name}": it can be ${known.join(", ")}`);
    }
    return form;
  });
}
