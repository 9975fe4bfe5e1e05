/** What the check of fidelity says of the rules that the discussions were declared to be held by. */
import { formatCell } from "../../../analysis/report/mod.ts";
import { formatCount } from "../../terminal/numbers.ts";
import { comparedText, type Figure } from "./figure.ts";
import type { Published } from "./published.ts";
import { type ReportFiles, rowWhere } from "./report_files.ts";

/** As declared, the second-to-last speaker comes back with p = 0.4, and else as one of the 6 others who may speak. */
const RESPOND_DECLARED = 0.4 + 0.6 / 6;

/**
 * Compares the verdicts on who followed on whom.
 *
 * @param published What was published.
 * @param report The report.
 */
export async function comparedFidelity(
  { reference: { respond_events: published } }: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { file, rows } = await report.table("fidelity");
  const { flagged } = await report.note();
  const of = (check: string, column: string) => rowWhere(rows, "check", check)?.text(column) ?? null;
  const share = (value: number) => formatCell(value, { kind: "share" });
  const observed = `${formatCount(published.second_to_last_speaker_again)} of ${formatCount(published.n)} (${
    share(published.rate)
  })`;
  return [
    comparedText({ name: "flagged checks of fidelity", file: "report.json" }, {
      expected: "respond rate",
      found: flagged.join(", "),
    }),
    comparedText({ name: "check of the respond rate: observed", file }, {
      expected: observed,
      found: of("respond rate", "observed"),
    }),
    comparedText({ name: "check of the respond rate: as declared", file }, {
      expected: share(RESPOND_DECLARED),
      found: of("respond rate", "expected"),
    }),
    comparedText({ name: "check “never twice in a row”", file }, {
      expected: "as declared",
      found: of("never twice in a row", "verdict"),
    }),
  ];
}
