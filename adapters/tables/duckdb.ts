/** DuckDB, loaded when tables are needed, and the memory that it may take. */
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { StoreError } from "../../core/ports/mod.ts";

/**
 * The package, under a name that `deno compile` does not follow: its native library of 70 MB stays out of the compiled
 * program.
 */
const PACKAGE: string = "@duckdb/node-api";

/** With less memory for each of its threads, DuckDB fails. */
const THREAD_BYTES_MIN = 256e6;

export type Database = Readonly<{ connection: DuckDBConnection; close: () => void }>;

/** An SQL statement is wrong. The message is DuckDB's. */
export class QueryError extends Error {
  /** The name of the class. */
  override readonly name = "QueryError";
}

/** Makes an empty database that reads and writes only what it is told to. */
export async function openDatabase(folder: string, memory: string): Promise<Database> {
  const bytes = memoryBytes(memory);
  if (bytes === null || bytes < MEMORY_BYTES_MIN) {
    throw new RangeError(`Cannot use "${memory}" of memory: expected at least 256MB, such as 1GB`);
  }
  const { DuckDBInstance } = await loadPackage();
  const instance: DuckDBInstance = await DuckDBInstance.create(`${folder}/events.duckdb`, {
    memory_limit: memory,
    threads: String(Math.max(1, Math.min(navigator.hardwareConcurrency, bytes / THREAD_BYTES_MIN | 0))),
    temp_directory: `${folder}/spilled`,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
  });
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function loadPackage(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import(PACKAGE);
  } catch (cause) {
    const reason = Deno.build.standalone
      ? "the compiled program holds no DuckDB. Give the same command to the program as source"
      : (cause as Error).message;
    throw new StoreError(`Cannot make tables of the run: ${reason}`, { cause });
  }
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Turns DuckDB's errors into those that callers expect, and returns others as they are. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error) || !DUCKDB_MESSAGE.test(error.message)) return error;
  const message = error.message.replace(/^Failed to extract statements: /, "").replaceAll(/\n{2,}/g, "\n")
    .trimEnd();
  if (/^Out of Memory Error:/.test(message)) {
    return new StoreError(
      `Cannot answer with the memory that is allowed: more is needed than fits (${
        message.split("\n")[0]
      }). ` +
        `Allow more with --memory, such as --memory 4GB, or ask for less at a time`,
      { cause: error },
    );
  }
  return /^IO Error:/.test(message)
    ? new StoreError(message, { cause: error })
    : new QueryError(message, { cause: error });
}

/** Its messages begin with the kind of error. */
const DUCKDB_MESSAGE = /^(?:Failed to extract statements: )?[A-Z][A-Za-z]*(?: [A-Za-z]+){0,4} Error:/;

/** How much memory DuckDB uses by default before it uses files. */
export const MEMORY_DEFAULT = "1GB";

const SIZE = /^(\d{1,6}(?:\.\d{1,3})?) ?(MB|GB|TB)$/i;
const UNIT_BYTES: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** With less memory, DuckDB cannot read a log. */
export const MEMORY_BYTES_MIN = 256e6;

/** The bytes of an amount such as `1GB` or `512MB`; `null` for other texts. */
export function memoryBytes(text: string): number | null {
  const [, amount, unit] = SIZE.exec(text) ?? [];
  return amount === undefined ? null : Number(amount) * UNIT_BYTES[unit!.toUpperCase()]!;
}
