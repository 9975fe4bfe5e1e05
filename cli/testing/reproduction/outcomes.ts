/** What the discussions came to: toxicity by strategy, and the diversity of each discussion. */
import { comparedNumber, type Figure } from "./figure.ts";
import { levelOf, type Published } from "./published.ts";
import { type ReportFiles, rowWhere } from "./report_files.ts";

const CLOSE_MAX = 1e-9;
const CLOSE = { within: CLOSE_MAX } as const;

/**
 * Compares the toxicity of users' turns, by strategy.
 *
 * @param published What was published.
 * @param report The report.
 */
export async function comparedToxicity(
  { reference }: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { file, rows } = await report.table("outcomes-toxicity-by-moderator");
  return Object.entries(reference.toxicity_by_strategy_user_turns).flatMap(([strategy, { n, mean, sd }]) => {
    const row = rowWhere(rows, "group", levelOf(strategy));
    const place = (what: string) => ({ name: `toxicity, ${strategy}: ${what}`, file });
    const found = (column: string) => row?.number(column) ?? null;
    return [
      comparedNumber(place("n"), { expected: n, found: found("values") }, "exactly"),
      comparedNumber(place("mean"), { expected: mean, found: found("mean") }, CLOSE),
      comparedNumber(place("SD"), { expected: sd, found: found("sd") }, CLOSE),
    ];
  });
}

/**
 * Compares the diversity of every discussion.
 *
 * @param published What was published.
 * @param report The report.
 */
export async function comparedDiversity(
  { diversity }: Published,
  report: ReportFiles,
): Promise<readonly Figure[]> {
  const { file, rows } = await report.table("discussions");
  const found = new Map(rows.map((row) => [row.text("origin"), row.number("diversity")]));
  const differences = [...diversity].map(([discussion, expected]) => {
    const here = found.get(discussion) ?? null;
    return here === null ? Infinity : Math.abs(here - expected);
  });
  const close = differences.filter((difference) => difference <= CLOSE_MAX).length;
  return [
    comparedNumber(
      { name: `discussions whose diversity is the published one to ${CLOSE_MAX}`, file },
      { expected: diversity.size, found: close },
      "exactly",
    ),
  ];
}
