/** Checks of fidelity as a table. */
import {
  FAMILY_LEVEL,
  type FidelityCheck,
  type RunFidelity,
  type Verdict,
} from "../../analysis/fidelity/mod.ts";
import { checkName, expectedText, observedText } from "../../analysis/report/sections/fidelity.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, formatShare, plural } from "../terminal/numbers.ts";
import { type Column, table } from "../terminal/table.ts";
import type { TextSink } from "../terminal/text_sink.ts";

const COLUMNS: readonly Column[] = [
  { title: "check" },
  { title: "condition" },
  { title: "observed", align: "right" },
  { title: "expected", align: "right" },
  { title: "p", align: "right" },
  { title: "verdict" },
  { title: "declared" },
];

/** The smallest p that is written as a number. */
const P_SHOWN_MIN = 1e-4;

/** A section shows at most this many lines; the others are counted. */
const LINES_SHOWN_MAX = 50;

/**
 * The checks of a run as text: the table, the flags, checks without a verdict, damaged logs, and the totals.
 */
export function fidelityText(
  sink: Pick<TextSink, "isTerminal" | "colours" | "columns">,
  { discussions, checks, problems, declaredBy }: RunFidelity,
): string {
  const of = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict);
  const [flagged, passed, untold] = [of("flag"), of("pass"), of("cannot-tell")];
  const rows = [...flagged, ...passed].map((check) => cellsOf(check).map(neutralise));
  return [
    rows.length === 0 ? "" : `${table(sink, COLUMNS, rows)}\n`,
    section(
      "Flagged",
      flagged.map((check) => `${checkName(check)}: declared ${check.declared}; ${check.basis}`),
    ),
    section("Without a verdict", untold.map((check) => `${checkName(check)}: ${check.reason}`)),
    section("Not checked to their end", problems.map(({ message }) => message)),
    `${plural(discussions, "discussion")} compared with ${neutralise(declaredBy)}\n`,
    `${plural(checks.length, "check")}: ${formatCount(flagged.length)} flagged, `,
    `${formatCount(passed.length)} passed, ${formatCount(untold.length)} without a verdict. `,
    `The family-wise false-flag rate is at most ${formatShare(FAMILY_LEVEL, 1)}\n`,
  ].join("");
}

/** A heading and its lines; an empty text if there are no lines. */
function section(heading: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const shown = [...new Set(lines)].slice(0, LINES_SHOWN_MAX).map((line) => `  ${neutralise(line)}\n`);
  const rest = new Set(lines).size - shown.length;
  return `${heading}:\n${shown.join("")}${rest > 0 ? `  … and ${formatCount(rest)} more\n` : ""}\n`;
}

function cellsOf(check: FidelityCheck): string[] {
  const { verdict, condition, declared, test } = check;
  return [
    check.check,
    condition ?? "all",
    observedText(check),
    expectedText(check),
    test === null ? "" : pText(test.p),
    verdict === "flag" ? "FLAG" : verdict,
    declared,
  ];
}

function pText(p: number): string {
  return p < P_SHOWN_MIN ? `< ${P_SHOWN_MIN}` : p.toFixed(4);
}
