/** Loads DuckDB when tables are needed, and limits its memory. */
import type { DuckDBConnection, DuckDBInstance } from "npm:@duckdb/node-api@1.5.5-r.5";
import { StoreError } from "../../core/ports/mod.ts";
import { MEMORY_BYTES_MIN, memoryBytes } from "./memory.ts";

/** The version of the package, for people who install it with npm. */
const VERSION = "1.5.5-r.5";

/**
 * The name of the package. Because the name is in a variable, `deno compile` does not find the package, and the
 * compiled program does not contain its native library of 70 MB. In the npm package of this program, the name has no
 * prefix.
 */
const PACKAGE: string = "npm:@duckdb/node-api@1.5.5-r.5";

/** With less memory for each of its threads, DuckDB fails. */
const THREAD_BYTES_MIN = 256e6;

export type Database = Readonly<{ connection: DuckDBConnection; close: () => void }>;

/** An SQL statement is wrong. The message is DuckDB's. */
export class QueryError extends Error {
  /** The name of the class. */
  override readonly name = "QueryError";
}

/** Makes an empty database that does not load extensions automatically. */
export async function openDatabase(folder: string, memory: string): Promise<Database> {
  const bytes = memoryBytes(memory);
  if (bytes === null || bytes < MEMORY_BYTES_MIN) {
    throw new RangeError(`Cannot limit memory to "${memory}": expected at least 256MB, such as 1GB`);
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

async function loadPackage(): Promise<typeof import("npm:@duckdb/node-api@1.5.5-r.5")> {
  try {
    return await import(PACKAGE);
  } catch (cause) {
    const reason = Deno.build.standalone
      ? "the compiled program does not contain DuckDB. Run the same command from the source code"
      : PACKAGE.startsWith("npm:")
      ? (cause as Error).message
      : `the package ${PACKAGE} is not installed. Run npm install ${PACKAGE}@${VERSION}, then the same command again`;
    throw new StoreError(`Cannot make tables of the run: ${reason}`, { cause });
  }
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Turns DuckDB's errors into `StoreError` or `QueryError`. Returns other errors unchanged. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error) || !DUCKDB_MESSAGE.test(error.message)) return error;
  const message = error.message.replace(/^Failed to extract statements: /, "").replaceAll(/\n{2,}/g, "\n")
    .trimEnd();
  if (/^Out of Memory Error:/.test(message)) {
    return new StoreError(
      `Cannot answer: the query needs more memory than is allowed (${message.split("\n")[0]}). ` +
        `Allow more with --memory, such as --memory 4GB, or query less data at a time`,
      { cause: error },
    );
  }
  return /^IO Error:/.test(message)
    ? new StoreError(message, { cause: error })
    : new QueryError(message, { cause: error });
}

/** DuckDB's messages begin with the kind of error. */
const DUCKDB_MESSAGE = /^(?:Failed to extract statements: )?[A-Z][A-Za-z]*(?: [A-Za-z]+){0,4} Error:/;
