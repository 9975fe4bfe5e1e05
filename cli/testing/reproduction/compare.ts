/** All published figures beside those of a report. */
import { comparedCounts } from "./counts.ts";
import { comparedFidelity } from "./fidelity.ts";
import type { Figure } from "./figure.ts";
import { comparedModels } from "./models.ts";
import { comparedDiversity, comparedToxicity } from "./outcomes.ts";
import type { Published } from "./published.ts";
import { ReportFiles } from "./report_files.ts";

/**
 * Compares what was published with what the files of a report say.
 *
 * @param published What was published.
 * @param folder The report.
 * @throws {UsageError} When the report lacks a table.
 */
export async function comparedFigures(published: Published, folder: string): Promise<readonly Figure[]> {
  const report = new ReportFiles(folder);
  return [
    ...await comparedCounts(published, report),
    ...await comparedToxicity(published, report),
    ...await comparedDiversity(published, report),
    ...await comparedModels(published, report),
    ...await comparedFidelity(published, report),
  ];
}
