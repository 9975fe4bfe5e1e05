/**
 * Shows runs as tables, for SQL queries and for files that pandas and R read. Loads DuckDB when tables are opened.
 *
 * @module
 */
export { QueryError } from "./duckdb.ts";
export { MEMORY_BYTES_MIN, MEMORY_DEFAULT, memoryBytes } from "./memory.ts";
export {
  type Rows,
  RunTables,
  type RunTablesOptions,
  type TableFormat,
  type WriteOptions,
} from "./run_tables.ts";
export { originalText } from "./cell_texts.ts";
export { DATA_DICTIONARY, dictionaryCsv, type DictionaryRow, TABLE_FACTS } from "./data_dictionary.ts";
export { TABLE_NAMES, type TableName } from "./views.ts";
export type { ColumnFacts, ColumnType, TableFacts } from "./column_facts.ts";
