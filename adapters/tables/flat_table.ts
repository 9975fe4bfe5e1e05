/** Makes the table `flat` of a database. Its columns depend on the factors, personas and annotations of the runs. */
import type { Scale } from "../../core/annotation/scales/mod.ts";
import { sqlName } from "./duckdb.ts";
import { type FlatColumn, flatColumns, type FlatFacts } from "./flat_columns.ts";
import { ANNOTATED } from "./views.ts";

/** The dictionary lists the levels of a column if there are at most this many. */
export const LEVELS_MAX = 50;

/** Runs a query. Returns the cells of each row as text. */
type Ask = (sql: string) => Promise<readonly (readonly (string | null)[])[]>;

/** Reads what the columns of the table depend on. */
export async function readFlatColumns(ask: Ask): Promise<readonly FlatColumn[]> {
  const levels =
    `CASE WHEN count(DISTINCT level) <= ${LEVELS_MAX} THEN string_agg(DISTINCT level, '; ' ORDER BY level) END`;
  const factors = await ask(
    `SELECT factor, path, drawn, ${levels} FROM factors GROUP BY factor, path, drawn ORDER BY drawn, factor, path`,
  );
  const attributes = await ask(`SELECT DISTINCT key FROM (
      SELECT unnest(json_keys(persona)) AS key FROM participants
      UNION ALL SELECT unnest(json_keys(moderator_persona)) FROM discussions) ORDER BY key`);
  const passes = await ask(`SELECT data->>'$.pass', data->>'$.codebook.scales',
      to_json(json_extract_string(data, '$.annotators[*].name'))::VARCHAR, min(run || stream) AS first
    FROM events WHERE type = 'AnnotationPassStarted' GROUP BY ALL ORDER BY first`);
  return flatColumns({
    factors: factors.map(([factor, path, drawn, levels]) => ({
      factor: factor!,
      path: path!,
      drawn: drawn === "true",
      levels: levels ?? "",
    })),
    attributes: attributes.map(([key]) => key!),
    passes: mergedPasses(passes.map(([pass, scales, annotators]) => ({
      pass: pass!,
      scales: JSON.parse(scales!),
      annotators: JSON.parse(annotators!),
    }))),
  });
}

/**
 * Merges entries of the same pass. Discussions can have different annotators in a pass, and runs can have different
 * scales.
 */
function mergedPasses(found: FlatFacts["passes"]): FlatFacts["passes"] {
  const passes = Map.groupBy(found, ({ pass }) => pass);
  return [...passes].map(([pass, those]) => {
    const scales = new Map<string, Scale>();
    for (const scale of those.flatMap((one) => one.scales)) {
      if (!scales.has(scale.name)) scales.set(scale.name, scale);
    }
    const annotators = [...new Set(those.flatMap((one) => one.annotators))];
    return { pass, scales: [...scales.values()], annotators };
  });
}

/** The query that makes the table. */
export function flatView(columns: readonly FlatColumn[]): string {
  const scores = columns.filter(({ isScore }) => isScore);
  const named = ({ name, sql }: FlatColumn) => `${sql} AS ${sqlName(name)}`;
  const of = (alias: string) => `${alias}.run = c.run AND ${alias}.discussion = c.discussion`;
  return `CREATE VIEW flat AS SELECT ${
    columns.map((column) => column.isScore ? `s.${sqlName(column.name)}` : named(column)).join(", ")
  } FROM comments c
    JOIN discussions o ON ${of("o")}
    LEFT JOIN participants p ON ${of("p")}
      AND p.name = CASE WHEN c."by" IN ('participant', 'author') THEN c.author END
    LEFT JOIN (SELECT ${["run", "discussion", "comment", ...scores.map(named)].join(", ")}
      FROM (${ANNOTATED}) WHERE comment IS NOT NULL GROUP BY run, discussion, comment) s
      ON ${of("s")} AND s.comment = c.comment`;
}
