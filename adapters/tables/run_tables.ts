/** Queries the tables of runs with SQL, and writes them to files. */
import type { DuckDBConnection } from "npm:@duckdb/node-api@1.5.5-r.5";
import type { DamagedStream } from "../../core/engine/mod.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import { type Database, explained, MEMORY_DEFAULT, openDatabase, sqlName, sqlText } from "./duckdb.ts";
import { loadEvents } from "./load_events.ts";
import { guardedCell } from "./cell_texts.ts";
import { createViews, type LabelRow, ROW_ORDER, type TableName } from "./views.ts";

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

const NUMBER = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/;

const OPTIONS: Readonly<Record<TableFormat, string>> = {
  csv: "FORMAT csv, HEADER true, USE_TMP_FILE false",
  jsonl: "FORMAT json, USE_TMP_FILE false",
  parquet: "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false",
};

/** One thread keeps rows in order. Several threads would need memory to put their rows in order. */
const IN_ORDER = "SET threads = 1; SET preserve_insertion_order = false";

/** The tables of some runs. They show the logs at the time when the tables were opened. */
export class RunTables implements Disposable {
  readonly #connection: DuckDBConnection;
  readonly #close: () => void;
  readonly #files: readonly string[];

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
      // Nor may it gather small groups of rows into large ones in memory.
      await connection.run(`SET disabled_optimizers = 'join_order,build_side_probe_side';
        SET enable_caching_operators = false`);
      for (const statement of createViews(files.map(sqlText), labelRows(runs))) {
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

  /** Runs a query. Call `shutIn()` before a query that you do not trust. @throws {QueryError} If DuckDB rejects it. */
  async rows(sql: string, rowsMax: number): Promise<Rows> {
    return await explaining(async () => {
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

  /** Writes the result of a query to a file. Returns the number of rows. @throws {QueryError} If DuckDB rejects it. */
  async writeAnswer(sql: string, file: string, options: WriteOptions): Promise<number> {
    return await explaining(async () => {
      await this.#connection.run(`CREATE OR REPLACE TEMP VIEW answer AS ${sql}`);
      return await this.#write("answer", file, options);
    });
  }

  /** Writes a table to a file, with its rows always in the same order. Returns the number of rows. */
  async writeTable(table: TableName, file: string, options: WriteOptions): Promise<number> {
    const order = ROW_ORDER[table];
    const source = order === null ? table : `${table} ORDER BY ${order}`;
    return await explaining(() => this.#write(source, file, options));
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

async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error);
  }
}
