/** Writes the files of a report, and sums it up for the terminal. */
import { dirname, join } from "node:path";
import type { BuiltReport } from "./build_report.ts";
import {
  type AdjustedTest,
  type OutcomeComparisons,
  type Repeat,
  repeatsIn,
  type RunLooks,
} from "../../analysis/outcomes/mod.ts";
import { repeatText } from "../../analysis/report/analysis_texts.ts";
import { named } from "../../analysis/report/words.ts";
import { SAMPLE_CHANGED, seenBeforeTexts } from "../../analysis/report/looks_texts.ts";
import { isUnavailable } from "../../analysis/statistics/unavailable.ts";
import { sealedText, withdrawnText } from "../../analysis/report/people_texts.ts";
import { checkName } from "../../analysis/report/sections/fidelity.ts";
import { missingTexts } from "../../analysis/report/sections/first_page_limits.ts";
import { formatCell } from "../../analysis/report/mod.ts";
import { decimalsFor } from "../../analysis/report/numbers.ts";
import { VERSION } from "../../core/version.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { ReadRuns } from "./read_runs.ts";

/** The forms of a report. */
export const REPORT_FORMS = ["html", "markdown", "latex", "csv"] as const;

export type ReportForm = typeof REPORT_FORMS[number];

/** Name → content, as a list of pieces. */
type Files = ReadonlyMap<string, Iterable<string>>;

/** Form → a function that makes its files. */
const FILES: Readonly<Record<ReportForm, (built: BuiltReport) => Promise<Files>>> = {
  async html({ report }) {
    const { reportHtml } = await import("../../adapters/report/html.tsx");
    return new Map([["report.html", [await reportHtml(report)]]]);
  },
  async markdown({ report }) {
    const { reportMarkdown } = await import("../../adapters/report/markdown.ts");
    return new Map([["report.md", [reportMarkdown(report)]]]);
  },
  async latex({ report }) {
    const { latexTables } = await import("../../adapters/report/latex.ts");
    return within("latex", [...latexTables(report)].map(([name, text]) => [name, [text]]));
  },
  async csv({ report, data }) {
    const { reportData } = await import("../../adapters/report/csv.ts");
    return within("data", reportData(report, data()));
  },
};

/**
 * Writes a report into a folder.
 *
 * @param folder An empty folder.
 * @returns Form → how many files it has.
 */
export async function writeReport(
  built: BuiltReport,
  folder: string,
  forms: readonly ReportForm[],
): Promise<Readonly<Partial<Record<ReportForm, number>>>> {
  const written: Partial<Record<ReportForm, number>> = {};
  for (const form of forms) {
    const files = await FILES[form](built);
    for (const [name, pieces] of files) {
      const path = join(folder, name);
      Deno.mkdirSync(dirname(path), { recursive: true });
      await Deno.writeTextFile(path, ReadableStream.from(pieces));
    }
    written[form] = files.size;
  }
  return written;
}

function within(folder: string, files: Iterable<readonly [string, Iterable<string>]>): Files {
  return new Map([...files].map(([name, pieces]) => [join(folder, name), pieces]));
}

export type Found = Readonly<{
  syndisco: string;
  runs: readonly string[];
  /** All discussions, and the completed ones, which are compared. */
  discussions: number;
  compared: number;
  /** Checks of fidelity: how many passed, the names of the flagged ones, and how many have no verdict. */
  passed: number;
  flagged: readonly string[];
  untold: number;
  /** Logs that could not be checked to their end. */
  problems: number;
  /** Tests that were declared before the runs began. */
  confirmatory: readonly AdjustedTest[];
  /** Tests that were declared before the runs began, but whose results were seen before the sample grew or was repaired. */
  sampleChanged: readonly AdjustedTest[];
  /** Sentences about declared outcomes that were seen before the sample grew or was repaired. */
  seenBeforeChange: readonly string[];
  /** For each run that has a run log: how many discussions have ended, and how many are planned. */
  progress: readonly Readonly<Pick<RunLooks, "run" | "ended" | "planned">>[];
  /** Runs that repeat discussions of others, so that discussions are not independent. */
  repeats: readonly Repeat[];
  /** Which outcomes lack values, and how many: the declared outcomes, or all if none is declared. */
  missing: readonly string[];
  /** Sentences about texts of people that cannot be read because the run has no keys. */
  sealed: readonly string[];
  /** Sentences about texts of people who withdrew. */
  withdrawn: readonly string[];
  /** Exploratory tests: those with a result, and those that could not be computed. */
  exploratory: number;
  notComputed: number;
}>;

/** The main findings of a report. */
export function foundIn({ runs, observations }: ReadRuns, { comparisons }: BuiltReport): Found {
  const checks = runs.flatMap(({ fidelity }) => fidelity.checks);
  const of = (verdict: string) => checks.filter((check) => check.verdict === verdict);
  const { discussions, tests, looks }: OutcomeComparisons = comparisons;
  const explored = tests.filter(({ confirmatory, sampleChanged }) => !confirmatory && !sampleChanged);
  const notComputed = explored.filter(({ figures }) => isUnavailable(figures)).length;
  return {
    syndisco: VERSION,
    runs: runs.map(({ run }) => run),
    discussions: observations.length,
    compared: discussions,
    passed: of("pass").length,
    flagged: [...new Set(of("flag").map(checkName))],
    untold: of("cannot-tell").length,
    problems: runs.reduce((sum, { fidelity }) => sum + fidelity.problems.length, 0),
    confirmatory: tests.filter(({ confirmatory }) => confirmatory),
    sampleChanged: tests.filter(({ sampleChanged }) => sampleChanged),
    seenBeforeChange: seenBeforeTexts(looks),
    progress: runs.flatMap(({ looks }) => looks ?? []).map(({ run, ended, planned }) => ({
      run,
      ended,
      planned,
    })),
    repeats: repeatsIn(observations),
    missing: missingTexts(comparisons),
    sealed: runs.flatMap((run) => sealedText(run) ?? []),
    withdrawn: runs.flatMap((run) => withdrawnText(run) ?? []),
    exploratory: explored.length - notComputed,
    notComputed,
  };
}

/** At most this many `confirmatory` tests and this many `sampleChanged` tests are printed; the report has all of them. */
const RESULTS_SHOWN_MAX = 20;

/** The main findings as text for the terminal. */
export function summaryText(
  found: Found & Readonly<{ written: Readonly<Partial<Record<ReportForm, number>>> }>,
  out: string,
): string {
  const { discussions, compared, confirmatory, sampleChanged, exploratory, notComputed } = found;
  const { passed, flagged, untold, problems } = found;
  const kinds = [
    confirmatory.length === 0 ? "" : plural(confirmatory.length, "declared test"),
    sampleChanged.length === 0 ? "" : `${plural(sampleChanged.length, "test")} ${SAMPLE_CHANGED}`,
    plural(exploratory, "exploratory test"),
  ].filter((text) => text !== "").join(", ");
  const without = notComputed === 0 ? "" : `; ${formatCount(notComputed)} more could not be computed`;
  const fidelity = [
    flagged.length === 0 ? "nothing flagged" : `FLAGGED: ${flagged.map(neutralise).join(", ")}`,
    `${formatCount(passed)} passed`,
    `${formatCount(untold)} without a verdict`,
    problems === 0 ? "" : `${plural(problems, "log")} could not be checked to the end`,
  ].filter((text) => text !== "");
  return [
    `${plural(discussions, "discussion")}, ${formatCount(compared)} of them complete; ${kinds}${without}\n`,
    ...found.progress.filter(({ ended, planned }) => ended < planned).map(({ run, ended, planned }) =>
      `not complete: ${formatCount(ended)} of ${plural(planned, "planned discussion")} of ${
        neutralise(run)
      } ended\n`
    ),
    ...found.repeats.length === 0 ? [] : [`CAUTION: ${neutralise(repeatText(found.repeats))}\n`],
    ...found.missing.length === 0 ? [] : [`missing values: ${neutralise(named(found.missing))}\n`],
    ...found.sealed.map((text) => `CAUTION: ${text}, so they count as missing\n`),
    ...found.withdrawn.map((text) => `${text}, so they count as missing\n`),
    resultLines(confirmatory),
    ...found.seenBeforeChange.map((text) => `${neutralise(`NOT CONFIRMATORY: ${text}`)}\n`),
    resultLines(sampleChanged),
    `fidelity: ${fidelity.join("; ")}\n`,
    `Wrote ${out}: ${writtenText(found.written)}\n`,
  ].join("");
}

function resultLines(tests: readonly AdjustedTest[]): string {
  const rest = tests.length - RESULTS_SHOWN_MAX;
  const lines = tests.slice(0, RESULTS_SHOWN_MAX).map((test) => `  ${resultText(test)}\n`);
  return `${lines.join("")}${rest > 0 ? `  … and ${formatCount(rest)} more\n` : ""}`;
}

function resultText({ outcome, term, figures, repeated, adjusted }: AdjustedTest): string {
  const name = neutralise(`${outcome} by ${term.name}`);
  if (isUnavailable(figures)) {
    return `${name}: cannot be computed, because ${neutralise(figures.unavailable)}`;
  }
  const { estimate, interval, p } = figures;
  const cells = isUnavailable(interval) ? [estimate] : [estimate, interval];
  const format = { kind: "number", decimals: decimalsFor(cells) } as const;
  const range = isUnavailable(interval) ? "" : ` (${formatCell(interval, format)})`;
  const ps = [p, adjusted ?? p].map((one) => formatCell(one, { kind: "p" }));
  const repeatedText = repeated === null ? "" : `, repeated ${formatCell(repeated, { kind: "p" })}`;
  return `${name}: ${formatCell(estimate, format)}${range}, p ${ps[0]}${repeatedText}, adjusted ${ps[1]}`;
}

const FORM_TEXTS: Readonly<Record<ReportForm, (files: number) => string>> = {
  html: () => "report.html",
  markdown: () => "report.md",
  latex: (files) => `latex/ (${plural(files, "file")})`,
  csv: (files) => `data/ (${plural(files, "file")})`,
};

function writtenText(written: Readonly<Partial<Record<ReportForm, number>>>): string {
  return Object.entries(written).map(([form, files]) => FORM_TEXTS[form as ReportForm](files)).join(", ");
}
