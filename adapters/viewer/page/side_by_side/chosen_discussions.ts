/** Which discussions stand side by side. */
import type { DiscussionRow } from "../../../../analysis/listing/mod.ts";
import type { RunFacts, ViewerSource } from "../../api.ts";
import type { Beside, Named } from "../base/beside.ts";

/** At most this many columns are drawn. */
export const COLUMNS_MAX = 8;

/** At most this many rows of the list are looked through. */
const ROWS_MAX = 1_000;

/** A column to show. `named` is `null` for a condition without a discussion, which leaves a gap. */
export type Wanted = Readonly<{ title: string; named: Named | null }>;

/** The columns to show. `of` is their number before it was limited. */
export type ChosenColumns = Readonly<{ columns: readonly Wanted[]; of: number }>;

/** Looks up the discussions of an address. */
export async function chosenColumns(
  source: ViewerSource,
  beside: Beside,
  facts: RunFacts | null,
): Promise<ChosenColumns> {
  if (beside.kind === "named") {
    return cut(beside.discussions.map((named) => ({ title: named.discussion, named })));
  }
  const { run } = beside;
  if (beside.kind === "condition") {
    const query = { run: [run], condition: [beside.condition], sort: "replicate", limit: ROWS_MAX };
    const { rows } = await source.list(query);
    return cut(rows.filter(isOriginal).map((row) => ({ title: `replicate ${row.replicate}`, named: row })));
  }
  const conditions = facts === null || facts.conditions.length === 0
    ? [
      ...new Set((await source.list({ run: [run], limit: ROWS_MAX })).rows.map(({ condition }) => condition)),
    ]
    : facts.conditions;
  const columns = await Promise.all(
    conditions.slice(0, COLUMNS_MAX).map(async (condition): Promise<Wanted> => {
      const found = await replicateOf(source, { run, condition, replicate: beside.replicate });
      return { title: condition, named: found };
    }),
  );
  return { columns, of: conditions.length };
}

/** The discussion of a condition and replicate; `null` if there is none yet. */
async function replicateOf(
  source: ViewerSource,
  { run, condition, replicate }: Readonly<{ run: string; condition: string; replicate: number }>,
): Promise<DiscussionRow | null> {
  const query = { run: [run], condition: [condition], sort: "replicate" };
  const fits = (row: DiscussionRow) => row.replicate === replicate && isOriginal(row);
  // In a complete run without branches, the n-th row is replicate n. So the search begins there.
  const near = await source.list({ ...query, offset: replicate - 1, limit: 1 });
  const found = near.rows.find(fits);
  if (found !== undefined) return found;
  const { rows } = await source.list({ ...query, limit: ROWS_MAX });
  return rows.find(fits) ?? null;
}

/**
 * Whether a discussion counts as a replication. A branch of a discussion of the same run does not count. A
 * branch of a discussion of another run counts, because its run has only branches.
 */
function isOriginal({ origin }: DiscussionRow): boolean {
  return origin === null || origin.run !== null;
}

function cut(columns: readonly Wanted[]): ChosenColumns {
  return { columns: columns.slice(0, COLUMNS_MAX), of: columns.length };
}
