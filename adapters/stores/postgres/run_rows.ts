/** The rows of one run: its log, and the files that it keeps. */
import { DamagedLine } from "../../../core/events/event_type.ts";
import type { StoredLine } from "../../../core/events/mod.ts";
import {
  DESCRIPTION_FILES,
  inputName,
  isAnnotationText,
  type Recorded,
  type RunInputs,
} from "../../../core/ports/mod.ts";
import {
  encodeRunEvent,
  manifestOf,
  parseManifest,
  RunError,
  type RunEvent,
  type RunLog,
  runLogAfter,
  runLogAfterAll,
  type RunLogState,
  type RunManifest,
} from "../../../core/run_log/mod.ts";
import { nativeSha256 } from "../../system.ts";
import type { Sql } from "./connection.ts";
import { LOCKS } from "./setup.ts";
import { textArray } from "./stored_names.ts";

/** A run in a database: its number, its name, and the address by which messages name it. */
export type RunRow = Readonly<{ id: number; name: string; place: string }>;

/** The stream of the run's own log. No discussion has this name. */
export const RUN_LOG = "";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The number of a run; `null` if there is none with this name. */
export async function findRun(sql: Sql, name: string): Promise<number | null> {
  const [row] = await sql`select id from syndisco.runs where name = ${name}`;
  return row?.id ?? null;
}

/** Lets one process at a time change the description of a run, until the end of the transaction. */
export async function lockDescription(sql: Sql, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCKS.run}, hashtext(${name}))`;
}

/** The lines of a run's log from a number on. */
export async function logLines(sql: Sql, run: number, from = 0): Promise<readonly StoredLine[]> {
  const rows = await sql<{ line: string }[]>`
    select line from syndisco.events where run = ${run} and stream = ${RUN_LOG} and seq >= ${from} order by seq`;
  return rows.map(({ line }) => line);
}

/** Adds events to the log of a run. The caller has locked the description. */
export async function addEvents(
  sql: Sql,
  run: number,
  { log, events, nowMs }: Readonly<{ log: RunLog | null; events: readonly RunEvent[]; nowMs: number }>,
): Promise<RunLog | null> {
  let after = log;
  for (const event of events) {
    const line = encodeRunEvent(after, event, { atMs: nowMs, sha256: nativeSha256 });
    const seq = after?.entries.length ?? 0;
    await sql`insert into syndisco.events (run, stream, seq, line) values (${run}, ${RUN_LOG}, ${seq}, ${line})`;
    after = runLogAfter(after, line, nativeSha256);
  }
  return after;
}

/** A file that a run keeps; `null` if there is none. */
export async function readFile(sql: Sql, run: number, name: string): Promise<Uint8Array | null> {
  const [row] = await sql<{ content: Uint8Array }[]>`
    select content from syndisco.files where run = ${run} and name = ${name}`;
  return row === undefined ? null : new Uint8Array(row.content);
}

/** The text of a file that a run keeps; `null` if there is none. */
export async function readTextFile(sql: Sql, run: number, name: string): Promise<string | null> {
  const content = await readFile(sql, run, name);
  return content === null ? null : decoder.decode(content);
}

/** Writes a file as a whole. */
export async function writeFile(
  sql: Sql,
  run: number,
  { name, content }: Readonly<{ name: string; content: string | Uint8Array }>,
): Promise<void> {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  await sql`
    insert into syndisco.files (run, name, content) values (${run}, ${name}, ${bytes})
    on conflict (run, name) do update set content = excluded.content`;
}

/** Keeps copies of input files. An existing copy stays, because its name contains the hash of its content. */
export async function keepInputs(sql: Sql, run: number, inputs: RunInputs): Promise<void> {
  for (const [path, { content, sha256 }] of inputs) {
    const name = inputName(path, sha256);
    if (name === null) throw new TypeError(`Cannot keep "${path}": "${sha256}" is not a SHA-256`);
    const bytes = typeof content === "string" ? encoder.encode(content) : content;
    await sql`
      insert into syndisco.files (run, name, content) values (${run}, ${name}, ${bytes}) on conflict do nothing`;
  }
}

/** Reads the description of a run. */
export async function readRecorded(sql: Sql, { id, place }: RunRow): Promise<Recorded> {
  const { state, intact } = logOf(await logLines(sql, id));
  const manifest = intact === null ? await storedManifest(sql, id, place) : manifestOf(intact);
  const experimentText = manifest.experiment.file === null
    ? null
    : await readTextFile(sql, id, DESCRIPTION_FILES.experiment) ?? "";
  const log = intact === null && state.kind === "kept" ? { kind: "none" } as const : state;
  return {
    manifest,
    log,
    experimentText,
    problems: [
      ...log.kind === "broken" ? [log.message] : [],
      ...experimentText === null || nativeSha256(experimentText) === manifest.experiment.sha256
        ? []
        : [`"${DESCRIPTION_FILES.experiment}" is not the experiment file that was recorded`],
      ...await inputProblems(sql, id, { log, manifest }),
    ],
  };
}

type ReadLog = Readonly<{ state: RunLogState; intact: RunLog | null }>;

function logOf(lines: readonly StoredLine[]): ReadLog {
  let intact: RunLog | null = null;
  try {
    intact = runLogAfterAll(null, lines, nativeSha256);
    return { state: intact === null ? { kind: "none" } : { kind: "kept", log: intact }, intact };
  } catch (error) {
    if (!(error instanceof DamagedLine)) throw error;
    const message = `the log of the run is damaged: ${error.message}`;
    // The lines before the damage still describe the run.
    try {
      for (const line of lines) intact = runLogAfter(intact, line, nativeSha256);
    } catch {
      // This is the damaged line.
    }
    return { state: { kind: "broken", message }, intact };
  }
}

/** Reads the manifest of an imported run. Such a run has no log from which the manifest would follow. */
async function storedManifest(sql: Sql, run: number, place: string): Promise<RunManifest> {
  const text = await readTextFile(sql, run, DESCRIPTION_FILES.manifest);
  if (text !== null) return parseManifest(text, `${place}, ${DESCRIPTION_FILES.manifest}`);
  throw new RunError(
    "damaged-manifest",
    `Cannot open the run "${place}": its description is lost. Restore the database from a backup`,
  );
}

/** The inputs whose copies are missing or changed. */
async function inputProblems(
  sql: Sql,
  run: number,
  { log, manifest }: Pick<Recorded, "log" | "manifest">,
): Promise<readonly string[]> {
  if (log.kind === "none") return [];
  const entries = log.kind === "kept" ? log.log.entries : [];
  const inputs = new Map<string, readonly [path: string, sha256: string]>();
  const starts = entries.flatMap((entry) => entry.type === "RunStarted" ? [entry.data.sources ?? {}] : [])
    .flatMap(Object.entries<string>).filter(([path]) => !isAnnotationText(path));
  for (const input of [...Object.entries(manifest.sources), ...starts]) inputs.set(input.join("\n"), input);
  if (inputs.size === 0) return [];
  const names = [...inputs.values()].map(([path, sha256]) => inputName(path, sha256) ?? "");
  const rows = await sql<{ name: string; sha256: string }[]>`
    select name, encode(sha256(content), 'hex') as sha256 from syndisco.files
    where run = ${run} and name = any(${textArray(names)}::text[])`;
  const kept = new Map(rows.map(({ name, sha256 }) => [name, sha256]));
  return [...inputs.values()].filter(([path, sha256]) => kept.get(inputName(path, sha256) ?? "") !== sha256)
    .map(([path]) => `the copy of ${JSON.stringify(path)} in "inputs" is missing or was changed`);
}
