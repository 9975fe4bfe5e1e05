/** Checks of fidelity as a table. */
import { FAMILY_LEVEL, type FidelityCheck, type Verdict } from "../../core/analysis/fidelity/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, formatShare, plural } from "../terminal/numbers.ts";
import { type Column, table } from "../terminal/table.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import type { RunFidelity } from "./check_run.ts";

const COLUMNS: readonly Column[] = [
  { title: "verdict" },
  { title: "check" },
  { title: "condition" },
  { title: "observed", align: "right" },
  { title: "expected", align: "right" },
  { title: "p", align: "right" },
  { title: "declared" },
  { title: "basis" },
];

const VERDICTS: Readonly<Record<Verdict, string>> = {
  flag: "FLAG",
  pass: "pass",
  "cannot-tell": "cannot tell",
};

/** Those that want attention come first. */
const ORDER: readonly Verdict[] = ["flag", "pass", "cannot-tell"];

/** The smallest p that is written as a number. */
const P_SHOWN_MIN = 1e-4;

/** Damaged logs that are written out; further ones are only counted. */
const PROBLEMS_SHOWN_MAX = 50;

/**
 * What was found in a run, for people: the table of its checks, then what it comes to.
 *
 * @param sink Where it will be written.
 * @param found What was found.
 * @returns Lines, each with a newline; what logs and files say in them is neutralised.
 */
export function fidelityText(
  sink: Pick<TextSink, "isTerminal" | "colours" | "columns">,
  { discussions, checks, problems, declaredBy }: RunFidelity,
): string {
  const rows = ORDER.flatMap((verdict) => checks.filter((check) => check.verdict === verdict)).map(cellsOf);
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).map(({ message }) => `${neutralise(message)}\n`);
  if (problems.length > shown.length) {
    shown.push(`… and ${formatCount(problems.length - shown.length)} more\n`);
  }
  const flagged = checks.filter(({ verdict }) => verdict === "flag").length;
  const untold = checks.filter(({ verdict }) => verdict === "cannot-tell").length;
  return `${table(sink, COLUMNS, rows.map((cells) => cells.map(neutralise)))}\n${shown.join("")}` +
    `${plural(discussions, "discussion")} against ${neutralise(declaredBy)}\n` +
    `${plural(checks.length, "check")}: ${formatCount(flagged)} flagged, ` +
    `${formatCount(checks.length - flagged - untold)} passed, ${formatCount(untold)} cannot be told. ` +
    `Of runs that were faithful, at most ${formatShare(FAMILY_LEVEL, 1)} are flagged by chance\n`;
}

function cellsOf(check: FidelityCheck): string[] {
  const { verdict, condition, declared, test, basis, reason } = check;
  return [
    VERDICTS[verdict],
    check.check,
    condition ?? "all",
    observedText(check),
    expectedText(check),
    test === null ? "" : pText(test.p),
    declared,
    verdict === "cannot-tell" ? reason : basis,
  ];
}

function observedText({ observed }: FidelityCheck): string {
  if (observed === null) return "";
  const { count, of, unit } = observed;
  return unit === "mean"
    ? `${(count / of).toFixed(2)} over ${formatCount(of)}`
    : `${formatCount(count)} of ${formatCount(of)} (${percentage(count, of)})`;
}

function expectedText({ observed, expected, test }: FidelityCheck): string {
  if (observed === null || expected === null) return "";
  if (observed.unit === "mean") return (expected / observed.of).toFixed(2);
  return test === null ? formatCount(expected) : percentage(expected, observed.of);
}

/** One digit; `100.0 %` means all. */
function percentage(part: number, whole: number): string {
  const share = 100 * part / whole;
  return `${(part < whole ? Math.min(share, 99.9) : share).toFixed(1)} %`;
}

function pText(p: number): string {
  return p < P_SHOWN_MIN ? `< ${P_SHOWN_MIN}` : p.toFixed(4);
}
