/** What a data card says of a run, asked of its tables. */
import type { CardFacts } from "../../adapters/exports/mod.ts";
import type { RunReader } from "../../adapters/stores/mod.ts";
import { originalText, type RunTables, type TableName } from "../../adapters/tables/mod.ts";

/** What a row of each table is. */
const MEANINGS: Readonly<Record<TableName, string>> = {
  comments: "a comment",
  silences: "a turn in which somebody chose to say nothing",
  cut_turns: "a turn without a comment, since the limit of tokens cut the reply before any text",
  annotations: "one annotator's judgement of one comment on one scale",
  annotations_unparsed: "an annotator's reply that held no valid value of a scale",
  discussions: "a discussion",
  participants: "a participant of a discussion",
  generations: "a request to a model",
  events: "an event of a log",
};

/** More conditions or models than a card lists would make nobody wiser. */
const LISTED_MAX = 1_000;

/**
 * Asks for the facts.
 *
 * @param run The run.
 * @param tables Its tables.
 * @param counts How many rows those have that the data set holds.
 */
export async function readCardFacts(
  { manifest: { experiment, versions } }: RunReader,
  tables: RunTables,
  counts: Readonly<Record<string, number>>,
): Promise<CardFacts> {
  const ask = async (sql: string) =>
    (await tables.rows(sql, LISTED_MAX)).rows.map((row) =>
      row.map((cell) => originalText(cell ?? "").toWellFormed())
    );
  const [totals] = await ask(
    `SELECT count(*), count(*) FILTER (status = 'unfinished'), coalesce(sum(comments), 0),
    coalesce(sum(silences), 0) FROM discussions`,
  );
  const [total, unfinished, comments, silences] = totals!.map(Number) as [number, number, number, number];
  const conditions = await ask(
    "SELECT condition, count(*) FROM discussions GROUP BY condition ORDER BY condition",
  );
  const models = await ask(`
    WITH named AS (
      SELECT m.key AS name, any_value(coalesce(m.value->>'$.options.model', m.value->>'$.adapter')) AS served
      FROM (SELECT data FROM events WHERE type = 'DiscussionOpened') e, json_each(e.data, '$.models') m GROUP BY m.key)
    SELECT name, served, count(c.comment) FROM named LEFT JOIN comments c ON c.model = name
    GROUP BY name, served ORDER BY name`);
  return {
    experiment: experiment.name,
    experimentHash: experiment.sha256,
    version: versions.syndisco ?? "",
    tables: Object.entries(counts).map(([name, rows]) => ({
      name,
      rows,
      meaning: MEANINGS[name as TableName],
    })),
    discussions: { total, unfinished },
    comments,
    silences,
    conditions: conditions.map(([name, count]) => ({ name: name!, discussions: Number(count) })),
    models: models.map(([name, served, count]) => ({
      name: name!,
      served: served!,
      comments: Number(count),
    })),
  };
}
