/** A run in a database as the files that its folder would have. */
import {
  type ChosenFiles,
  DESCRIPTION_FILES,
  isCopiedFile,
  PERSON_KEY_BYTES,
  type Recorded,
  type RunFile,
} from "../../../core/ports/mod.ts";
import type { StoredLine } from "../../../core/events/mod.ts";
import { manifestText, RunError } from "../../../core/run_log/mod.ts";
import { nativeSha256 } from "../../system.ts";
import type { Connection, Sql } from "./connection.ts";
import { isNotAllowed, unusable } from "./database_errors.ts";
import { readFile, readRecorded, RUN_LOG, type RunRow, writeFile } from "./run_rows.ts";
import { readLines } from "./read_lines.ts";
import { intArray, nameOf, storedName, textArray } from "./stored_names.ts";

const KEYS = "people/keys/";
const WITHDRAWN = "people/withdrawn/";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The files of a run, sorted by name. */
export async function* filesOf(
  connection: Connection,
  run: RunRow,
  { recorded, below = "", keys = false }: ChosenFiles & Readonly<{ recorded: Recorded }>,
): AsyncGenerator<RunFile> {
  const names = await asking(run, () => connection.run((sql) => namesOf(sql, run.id, recorded)));
  for (const name of names) {
    if (!name.startsWith(below) || !keys && name.startsWith(KEYS)) continue;
    const content = await asking(run, () => contentOf(connection, run, { recorded, name }));
    if (content !== null) yield { name, content };
  }
}

async function namesOf(sql: Sql, run: number, { log }: Recorded): Promise<readonly string[]> {
  const files = await sql<{ name: string }[]>`select name from syndisco.files where run = ${run}`;
  const persons = await sql<{ name: string }[]>`
    select case when key is null then ${WITHDRAWN}::text else ${KEYS}::text end || person_sha256 || '.json' as name
    from syndisco.person_keys where run = ${run}`.catch((error) => {
    // A user who may not read the keys copies the run without them.
    if (isNotAllowed(error)) return [];
    throw error;
  });
  const described = [DESCRIPTION_FILES.manifest, ...log.kind === "none" ? [] : [DESCRIPTION_FILES.runLog]];
  return [...new Set([...[...files, ...persons].map(({ name }) => name), ...described])].sort();
}

async function contentOf(
  connection: Connection,
  run: RunRow,
  { recorded, name }: Readonly<{ recorded: Recorded; name: string }>,
): Promise<Uint8Array | null> {
  if (name === DESCRIPTION_FILES.manifest) {
    return encoder.encode(manifestText(recorded.manifest));
  }
  if (name === DESCRIPTION_FILES.runLog) {
    const lines = await Array.fromAsync(readLines(connection, run.id, { stream: RUN_LOG, from: 0 }));
    return encoder.encode(lines.map((line) => `${line}\n`).join(""));
  }
  if (!name.startsWith(KEYS) && !name.startsWith(WITHDRAWN)) {
    return await connection.run((sql) => readFile(sql, run.id, name));
  }
  const hash = name.slice(name.lastIndexOf("/") + 1, -".json".length);
  const [row] = await connection.run((sql) =>
    sql<{ person: string; key: Uint8Array | null }[]>`
      select person, key from syndisco.person_keys where run = ${run.id} and person_sha256 = ${hash}`
  );
  if (row === undefined) return null;
  const key = row.key === null ? {} : { key: new Uint8Array(row.key).toBase64() };
  return encoder.encode(`${JSON.stringify({ person: nameOf(row.person), ...key })}\n`);
}

/**
 * Takes in the files of another run, within a transaction.
 *
 * @throws {RunError} If they do not describe a run.
 */
export async function receiveFiles(sql: Sql, run: RunRow, files: AsyncIterable<RunFile>): Promise<void> {
  let manifest: Uint8Array | null = null;
  let hasLog = false;
  const damagedKeys = new Set<string>();
  for await (const { name, content } of files) {
    if (!isCopiedFile(name)) {
      throw new RunError(
        "unusable",
        `Cannot copy the file "${name}" of a run: a run has no file with this name`,
      );
    }
    if (name === DESCRIPTION_FILES.manifest) manifest = content;
    else if (name === DESCRIPTION_FILES.runLog) {
      hasLog = true;
      await insertLines(sql, run.id, [{
        stream: RUN_LOG,
        lines: decoder.decode(content).split("\n").slice(0, -1),
      }]);
    } else if (name.startsWith(KEYS) || name.startsWith(WITHDRAWN)) {
      const person = personIn(content);
      const isWithdrawal = name.startsWith(WITHDRAWN);
      const isWhole = person !== null && (person.key === null) === isWithdrawal;
      if (isWhole) await receivePerson(sql, run.id, person);
      else if (isWithdrawal) throw damaged(run, name, "");
      else damagedKeys.add(name);
      // A process that was killed while it removed the key of a person can have left a part of it.
      if (isWithdrawal) damagedKeys.delete(name.replace(WITHDRAWN, KEYS));
    } else await writeFile(sql, run.id, { name, content });
  }
  const [damagedKey] = damagedKeys;
  // Without the old key, the person would get a new one, which cannot decrypt the words so far.
  if (damagedKey !== undefined) throw damaged(run, damagedKey, ", or copy the run without keys");
  // The manifest of a run with a log follows from the log, so it is not stored.
  if (!hasLog && manifest !== null) {
    await writeFile(sql, run.id, { name: DESCRIPTION_FILES.manifest, content: manifest });
  }
  const { problems } = await readRecorded(sql, run);
  if (problems.length === 0) return;
  throw new RunError("damaged-manifest", `Cannot copy a run to "${run.place}": ${problems.join("; ")}`);
}

type Person = Readonly<{ person: string; key: Uint8Array | null }>;

/** The person in a file, and the key unless the person withdrew; `null` if the file is damaged. */
function personIn(content: Uint8Array): Person | null {
  try {
    const { person, key: text } = JSON.parse(decoder.decode(content));
    if (typeof person !== "string") return null;
    const key = text === undefined ? null : Uint8Array.fromBase64(text);
    return key === null || key.length === PERSON_KEY_BYTES ? { person, key } : null;
  } catch {
    return null;
  }
}

function damaged({ place }: RunRow, name: string, advice: string): RunError {
  return new RunError(
    "unusable",
    `Cannot copy a run to "${place}": its file "${name}" is damaged. Restore the file from a copy of the run${advice}`,
  );
}

async function receivePerson(sql: Sql, run: number, { person, key }: Person): Promise<void> {
  // A withdrawal wins over a key, even if a killed process left the key.
  await sql`
    insert into syndisco.person_keys (run, person_sha256, person, key)
    values (${run}, ${nativeSha256(person)}, ${storedName(person)}, ${key})
    on conflict (run, person_sha256) do update set key = null`;
}

/** Adds whole streams, within a transaction. */
export async function insertLines(
  sql: Sql,
  run: number,
  streams: readonly Readonly<{ stream: string; lines: readonly StoredLine[] }>[],
): Promise<void> {
  const rows = streams.flatMap(({ stream, lines }) => lines.map((line, seq) => ({ stream, seq, line })));
  await sql`
    insert into syndisco.events (run, stream, seq, line)
    select ${run}, * from unnest(
      ${textArray(rows.map(({ stream }) => storedName(stream)))}::text[],
      ${intArray(rows.map(({ seq }) => seq))}::int[],
      ${textArray(rows.map(({ line }) => line))}::text[]
    )`;
}

async function asking<T>(run: RunRow, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw unusable("read the run", run, cause);
  }
}
