/** Records that a command shows results. */
import { runAt } from "../../adapters/stores/mod.ts";
import type { TableName } from "../../adapters/tables/mod.ts";
import { DISCUSSION_METRICS } from "../../core/experiment/analysis_design.ts";
import { type RunReader, StoreError } from "../../core/ports/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import type { TextSink } from "../terminal/text_sink.ts";

/** The results of a run that a command shows. */
export type ShownResults = Readonly<{
  command: string;
  /** The outcomes that the command shows; `null` for all. */
  outcomes: readonly string[] | null;
  /** How many discussions have ended. */
  ended: number;
}>;

/**
 * Records a look at results in the log of a run, before they are shown.
 *
 * @returns Why the log cannot be written; `null` if it was written, or if the command shows no results.
 */
export async function recordLook(
  { place, manifest }: Pick<RunReader, "place" | "manifest">,
  { command, outcomes, ended }: ShownResults,
): Promise<string | null> {
  if (ended === 0 || outcomes?.length === 0) return null;
  const look = { command, outcomes, finished: ended, planned: manifest.plan.discussions };
  try {
    await (await runAt(place)).recordLook(look, Date.now());
    return null;
  } catch (error) {
    const isExpected = error instanceof RunError || error instanceof StoreError ||
      error instanceof Deno.errors.NotCapable;
    if (!isExpected) throw error;
    const reason = error.message.replaceAll(/\s+/g, " ");
    return `Cannot record in the log of "${place}" that "${command}" shows its results: ${reason}`;
  }
}

/** Records a look like {@linkcode recordLook}. If that fails, prints the reason to `stderr`, and lets the command continue. */
export async function recordShown(run: RunReader, shown: ShownResults, stderr: TextSink): Promise<void> {
  const problem = await recordLook(run, shown);
  if (problem !== null) stderr.write(`${neutralise(problem)}\n`);
}

/**
 * Functions of DuckDB that get a name of a table or a query as a text. This text can be computed, so it can
 * name any table.
 */
const READS_ANY_TABLE = [
  "query",
  "query_table",
  "histogram",
  "histogram_values",
  "json_execute_serialized_sql",
];

/**
 * The outcomes that can be computed from tables: `null` for all, only figures of whole discussions, or an empty list.
 *
 * @param words Names of tables, or all words of a query in lower case.
 */
export function shownInTables(words: readonly string[]): readonly string[] | null {
  const shows = (...names: readonly (TableName | "_slots")[]) => names.some((name) => words.includes(name));
  if (
    shows("annotations", "annotations_unparsed", "flat", "events") ||
    READS_ANY_TABLE.some((name) => words.includes(name))
  ) return null;
  // `SHOW TABLES` lists `_slots`, the view from which the tables of comments are made.
  return shows("comments", "silences", "cut_turns", "discussions", "generations", "_slots")
    ? DISCUSSION_METRICS
    : [];
}
