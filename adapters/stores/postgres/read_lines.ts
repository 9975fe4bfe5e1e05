/** Reads the lines of one stream in a database. */
import type { StoredLine } from "../../../core/events/mod.ts";
import type { Connection } from "./connection.ts";
import { storeError } from "./database_errors.ts";
import { storedName } from "./stored_names.ts";

/**
 * Lines are read in pages. The first page has at most this many lines, because it is not known yet how long they are.
 */
const FIRST_PAGE_LINES = 64;

/** The most lines of a later page. */
const PAGE_LINES_MAX = 5_000;

/** About how many characters a later page has, if the lines are as long as the lines of the page before. */
const PAGE_CHARACTERS = 4 * 1024 * 1024;

/** Reads the lines of a stream in pages. The stream "" is the log of the run. */
export async function* readLines(
  connection: Connection,
  run: number,
  { stream, from }: Readonly<{ stream: string; from: number }>,
): AsyncGenerator<StoredLine> {
  let limit = FIRST_PAGE_LINES;
  for (let seq = from;;) {
    const [start, count] = [seq, limit];
    let rows: readonly Readonly<{ line: string }>[];
    try {
      rows = await connection.run((sql) =>
        sql<{ line: string }[]>`
          select line from syndisco.events
          where run = ${run} and stream = ${storedName(stream)} and seq >= ${start}
          order by seq limit ${count}`
      );
    } catch (cause) {
      throw storeError("read", stream, cause);
    }
    let characters = 0;
    for (const { line } of rows) {
      characters += line.length;
      yield line;
    }
    if (rows.length < limit) return;
    seq += rows.length;
    const perLine = Math.max(1, characters / rows.length);
    limit = Math.max(1, Math.min(PAGE_LINES_MAX, Math.floor(PAGE_CHARACTERS / perLine)));
  }
}
