/** Queries the tables of runs with SQL, and writes them to files. */
import type { DuckDBConnection } from "npm:@duckdb/node-api@1.5.5-r.5";
import type { DamagedStream } from "../../core/engine/mod.ts";
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import { type Database, explained, openDatabase, sqlName, sqlText } from "./duckdb.ts";
import { MEMORY_DEFAULT } from "./memory.ts";
import { loadEvents } from "./load_events.ts";
import { guardedCell } from "./cell_texts.ts";
import { type DictionaryRow, TABLE_FACTS } from "./data_dictionary.ts";
import type { FlatColumn } from "./flat_columns.ts";
import { flatView, LEVELS_MAX, readFlatColumns } from "./flat_table.ts";
import { type CountedRow, createViews, type LabelRow, ROW_ORDER, type TableName } from "./views.ts";

/** A file format for tables. */
export type TableFormat = "csv" | "jsonl" | "parquet";

/** The first rows of a result. */
export type Rows = Readonly<{
  columns: readonly Readonly<{ name: string; isNumber: boolean }>[];
  /** Cells as text; `null` for SQL's NULL. */
  rows: readonly (readonly (string | null)[])[];
  /** Whether the result has more rows. */
  more: boolean;
}>;

/** How tables are opened. */
export type RunTablesOptions = Readonly<{
  /** An empty folder for the database; the caller removes it afterwards. */
  folder: string;
  /** The limit of DuckDB's memory, such as `1GB`. Above it, data goes to temporary files. Default: `MEMORY_DEFAULT`. */
  memory?: string;
  /** Called for each damaged log. The tables contain its lines before the damage. */
  onDamage: (damage: DamagedStream) => void;
}>;

/** How a table is written. */
export type WriteOptions = Readonly<{
  format: TableFormat;
  /** Whether to write cells unchanged to a CSV file, even if a spreadsheet would run them as formulas. */
  raw: boolean;
}>;

/** Columns whose levels the data dictionary lists. */
const LISTED = new Set(["condition", "role", "pass", "scale", "annotator"]);

const NUMBER = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/;

const OPTIONS: Readonly<Record<TableFormat, string>> = {
  csv: "FORMAT csv, HEADER true, USE_TMP_FILE false",
  jsonl: "FORMAT json, USE_TMP_FILE false",
  parquet: "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false",
};

/** With one thread, rows stay in order. Several threads would need memory to bring their rows into order. */
const IN_ORDER = "SET threads = 1; SET preserve_insertion_order = false";

/** The tables of some runs. They show the logs at the time when the tables were opened. */
export class RunTables implements Disposable {
  readonly #connection: DuckDBConnection;
  readonly #close: () => void;
  readonly #files: readonly string[];
  #flat: readonly FlatColumn[] | null = null;

  private constructor({ connection, close }: Database, files: readonly string[]) {
    this.#connection = connection;
    this.#close = close;
    this.#files = files;
  }

  /** Reads the logs of runs into tables. */
  static async open(runs: ReadonlyMap<string, RunReader>, options: RunTablesOptions): Promise<RunTables> {
    const { folder, memory = MEMORY_DEFAULT, onDamage } = options;
    const database = await openDatabase(folder, memory);
    const { connection, close } = database;
    try {
      await connection.run(IN_ORDER);
      const files: string[] = [];
      for (const [run, { store }] of runs) {
        files.push(...await loadEvents(connection, { run, store, folder, onDamage }));
      }
      // DuckDB keeps one side of a join in memory. The views make this side small, so DuckDB must not swap the sides.
      // It also must not gather small groups of rows into large ones in memory.
      await connection.run(`SET disabled_optimizers = 'join_order,build_side_probe_side';
        SET enable_caching_operators = false`);
      for (
        const statement of createViews(files.map(sqlText), {
          labels: labelRows(runs),
          counted: countedRows(runs),
        })
      ) {
        await connection.run(statement);
      }
      return new RunTables(database, files);
    } catch (error) {
      close();
      throw explained(error);
    }
  }

  /**
   * Restricts later queries to the tables: they cannot read or write other files.
   *
   * @param file A file that queries can still write, if given.
   */
  async shutIn(file?: string): Promise<void> {
    const allowed = [...this.#files, ...file === undefined ? [] : [file]];
    await this.#connection.run(`SET allowed_paths = [${allowed.map(sqlText).join(", ")}]`);
    await this.#connection.run("SET enable_external_access = false; SET lock_configuration = true");
  }

  /**
   * Runs a query. Call `shutIn()` before a query that you do not trust.
   *
   * @throws {QueryError} If DuckDB rejects it.
   */
  async rows(sql: string, rowsMax: number): Promise<Rows> {
    return await explaining(async () => {
      await this.#makeFlat(sql);
      const reader = await this.#connection.streamAndReadUntil(sql, rowsMax + 1);
      const types = reader.columnTypes();
      const columns = reader.columnNames().map((name, index) => ({
        name,
        isNumber: NUMBER.test(String(types[index])),
      }));
      const rows = reader.getRows().map((row) => row.map((cell) => cell === null ? null : String(cell)));
      return { columns, rows: rows.slice(0, rowsMax), more: rows.length > rowsMax };
    });
  }

  /**
   * How many discussions of a run have ended.
   *
   * @param run The run's name.
   */
  async ended(run: string): Promise<number> {
    const counted = await this.#connection.runAndReadAll(
      `SELECT count(*) FROM discussions WHERE run = ${sqlText(run)} AND status <> 'unfinished'`,
    );
    return Number(counted.getRows()[0]![0]);
  }

  /**
   * Writes the result of a query to a file. Returns the number of rows.
   *
   * @throws {QueryError} If DuckDB rejects it.
   */
  async writeAnswer(sql: string, file: string, options: WriteOptions): Promise<number> {
    return await explaining(async () => {
      await this.#makeFlat(sql);
      await this.#connection.run(`CREATE OR REPLACE TEMP VIEW answer AS ${sql}`);
      return await this.#write("answer", file, options);
    });
  }

  /** Writes a table to a file, with its rows always in the same order. Returns the number of rows. */
  async writeTable(table: TableName, file: string, options: WriteOptions): Promise<number> {
    const order = ROW_ORDER[table];
    const source = order === null ? table : `${table} ORDER BY ${order}`;
    return await explaining(async () => {
      await this.#makeFlat(table);
      return await this.#write(source, file, options);
    });
  }

  /** The data dictionary of some tables. Lists the levels that the runs have. */
  async dictionary(names: readonly TableName[]): Promise<readonly DictionaryRow[]> {
    return await explaining(async () => {
      const rows: DictionaryRow[] = [];
      for (const table of names) {
        await this.#makeFlat(table);
        const columns = table === "flat" ? this.#flat! : TABLE_FACTS[table].columns;
        for (const column of columns) {
          const levels = column.levels === "" && LISTED.has(column.name)
            ? await this.#levelsOf(table, column.name)
            : column.levels;
          rows.push({ ...column, table, levels });
        }
      }
      return rows;
    });
  }

  /** Makes the table `flat` before the first query that names it. */
  async #makeFlat(sql: string): Promise<void> {
    if (this.#flat !== null || !/\bflat\b/i.test(sql)) return;
    const columns = await readFlatColumns((question) => this.#cells(question));
    await this.#connection.run(flatView(columns));
    this.#flat = columns;
  }

  async #levelsOf(table: TableName, column: string): Promise<string> {
    const name = sqlName(column);
    const found = await this.#cells(`SELECT DISTINCT ${name} FROM ${table} WHERE ${name} IS NOT NULL
      ORDER BY ${name} LIMIT ${LEVELS_MAX + 1}`);
    return found.length > LEVELS_MAX ? "" : found.map(([level]) => level).join("; ");
  }

  async #cells(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    const read = await this.#connection.runAndReadAll(sql);
    return read.getRows().map((row) => row.map((cell) => cell === null ? null : String(cell)));
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    this.#close();
  }

  async #write(source: string, file: string, { format, raw }: WriteOptions): Promise<number> {
    const described = await this.#connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
    const columns = described.getRows().map(([name, type]) => {
      const column = sqlName(String(name));
      // Many readers of Parquet do not know its type for JSON.
      if (format === "parquet") return type === "JSON" ? `${column}::VARCHAR AS ${column}` : column;
      const isText = /VARCHAR|JSON|\[|\(/.test(String(type));
      return format === "csv" && isText && !raw ? `${guardedCell(column)} AS ${column}` : column;
    });
    const result = await this.#connection.runAndReadAll(
      `COPY (SELECT ${columns.join(", ")} FROM ${source}) TO ${sqlText(file)} (${OPTIONS[format]})`,
    );
    return Number(result.getRows()[0]![0]);
  }
}

function labelRows(runs: ReadonlyMap<string, RunReader>): readonly LabelRow[] {
  return [...runs].flatMap(([run, { manifest }]) =>
    Object.entries(manifest.factorLabels ?? {}).map(([path, label]): LabelRow => [
      sqlText(run),
      sqlText(path),
      sqlText(label),
    ])
  );
}

function countedRows(runs: ReadonlyMap<string, RunReader>): readonly CountedRow[] {
  return [...runs].map(([run, { manifest }]) => [
    sqlText(run),
    sqlText((manifest.analysis ?? ANALYSIS_DEFAULT).comments),
  ]);
}

async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error);
  }
}
