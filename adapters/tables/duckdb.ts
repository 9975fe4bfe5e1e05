/** DuckDB, loaded by those who ask for tables and kept out of everything else. */
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { StoreError } from "../../core/ports/mod.ts";

/**
 * The package, under a name that `deno compile` does not follow: its native library of 70 MB stays out of the compiled
 * program.
 */
const PACKAGE: string = "@duckdb/node-api";

/** Memory that DuckDB uses before it goes on in files. */
const MEMORY_MAX = "1GB";

/** A database of one's own. */
export type Database = Readonly<{ connection: DuckDBConnection; close: () => void }>;

/** What DuckDB says is wrong with an SQL statement. */
export class QueryError extends Error {
  /** Tells it from other errors. */
  override readonly name = "QueryError";
}

/**
 * Makes an empty database that reads and writes only what it is told to.
 *
 * @param folder Where it keeps its own files; nothing else may be in it.
 * @throws {StoreError} When DuckDB cannot be loaded.
 */
export async function openDatabase(folder: string): Promise<Database> {
  const { DuckDBInstance } = await loadPackage();
  const instance: DuckDBInstance = await DuckDBInstance.create(`${folder}/events.duckdb`, {
    memory_limit: MEMORY_MAX,
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

/** A text as SQL writes it. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQL writes it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A failure of DuckDB's as the error that callers expect; any other as it is. @param error What was thrown. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error) || !DUCKDB_MESSAGE.test(error.message)) return error;
  const message = error.message.replace(/^Failed to extract statements: /, "").replaceAll(/\n{2,}/g, "\n")
    .trimEnd();
  return /^(?:IO|Out of Memory) Error:/.test(message)
    ? new StoreError(message, { cause: error })
    : new QueryError(message, { cause: error });
}

/** Its messages begin with what kind of error they are of. */
const DUCKDB_MESSAGE = /^(?:Failed to extract statements: )?(?:[A-Z][A-Za-z]* ){1,4}Error:/;
