/** The content of an exported page. The export writes it, and the page reads it. */
import type { DiscussionRow } from "../../../analysis/listing/mod.ts";
import type { RunOutcomes } from "../../../analysis/outcomes/mod.ts";
import type { Envelope } from "../../../core/events/mod.ts";
import type { Overview, RunFacts } from "../api.ts";

/** The file `index.js`: everything but the events and the outcomes. */
export type ExportedIndex = Readonly<{
  /** `API_VERSION` of the program that exported the page. */
  api: number;
  /** The program's version. */
  syndisco: string;
  runs: readonly RunFacts[];
  overview: Overview;
  rows: readonly DiscussionRow[];
  /** For each row, the number of the data file with its events. */
  files: readonly number[];
  /** For each run, the number of the data file with its outcomes; `null` without outcomes. */
  outcomeFiles: readonly number[] | null;
  /** How many private words were replaced. */
  replaced: number;
}>;

/** The events of a discussion. */
export type ExportedLog = readonly [run: string, discussion: string, events: readonly Envelope[]];

/** A data file: the events of some discussions, or the outcomes of a run. */
export type ExportedPart =
  | Readonly<{ events: readonly ExportedLog[] }>
  | Readonly<{ outcomes: RunOutcomes }>;

/** The global names that the scripts of an exported page use. */
export const INDEX_NAME = "syndiscoIndex";
export const PART_NAME = "syndiscoPart";

/** The address of a data file, relative to the page. */
export function partAddress(part: number): string {
  return `data/${String(part).padStart(4, "0")}.js`;
}
