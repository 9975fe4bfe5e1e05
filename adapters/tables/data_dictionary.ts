/** The data dictionary: what each column of each table is. */
import { stringify } from "npm:csv-stringify@6.9.0/sync";
import { guardedText, tableText } from "./cell_texts.ts";
import { ANNOTATIONS, ANNOTATIONS_UNPARSED, COMMENTS, CUT_TURNS, SILENCES } from "./comment_columns.ts";
import type { ColumnFacts, TableFacts } from "./column_facts.ts";
import { DISCUSSIONS, EVENTS, FACTORS, GENERATIONS, PARTICIPANT_TABLE } from "./discussion_columns.ts";
import { FLAT } from "./flat_columns.ts";
import type { TableName } from "./views.ts";

/** The file name of the dictionary beside tables. */
export const DATA_DICTIONARY = "data_dictionary.csv";

/** What each table is. The table `flat` has further columns, which depend on the run. */
export const TABLE_FACTS: Readonly<Record<TableName, TableFacts>> = {
  discussions: DISCUSSIONS,
  factors: FACTORS,
  participants: PARTICIPANT_TABLE,
  comments: COMMENTS,
  silences: SILENCES,
  cut_turns: CUT_TURNS,
  annotations: ANNOTATIONS,
  annotations_unparsed: ANNOTATIONS_UNPARSED,
  generations: GENERATIONS,
  flat: FLAT,
  events: EVENTS,
};

/** A row of the dictionary. */
export type DictionaryRow = Readonly<{ table: string } & ColumnFacts>;

/** The keys of a row with the titles of their columns. */
const TITLES = {
  table: "table",
  name: "column",
  type: "type",
  unit: "unit",
  levels: "levels",
  counts: "counts",
  meaning: "meaning",
  from: "comes_from",
} as const satisfies Readonly<Record<keyof DictionaryRow, string>>;

/** The dictionary as CSV, with one row for each column of each table. */
export function dictionaryCsv(rows: readonly DictionaryRow[]): string {
  const keys = Object.keys(TITLES) as (keyof DictionaryRow)[];
  const records = rows.map((row) => keys.map((key) => guardedText(tableText(row[key]))));
  return stringify([Object.values(TITLES), ...records], {
    record_delimiter: "windows",
    quoted_match: /[\r\n]/,
  });
}
