/**
 * The keys of people in a run's folder: `people/keys/` has a file for each key, and `people/withdrawn/` one for
 * each withdrawal.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { PERSON_KEY_BYTES, type PersonKeys, StoreError } from "../../core/ports/mod.ts";
import { isMissing } from "../path_info.ts";
import { nativeSha256 } from "../system.ts";
import { makeFolder, removeIfThere, syncFolder, writeAll, writeAtomically } from "./durable_files.ts";
import { RUN_FILES } from "./run_files.ts";
import { storeError } from "./store_errors.ts";

/** Only the user who runs the process can read a key. */
export const KEY_MODE = 0o600;

const KEY_FILE = /[/\\]people[/\\]keys[/\\][0-9a-f]{64}\.json$/;

/** Whether a path is the path of a key in a run's folder. */
export function isKeyFile(path: string): boolean {
  return KEY_FILE.test(path);
}

/** A key's file in the folder of a run. Names can have any letters and any length, so the file is named by a hash. */
function keyFileOf(person: string): string {
  return `${RUN_FILES.keys}/${nativeSha256(person)}.json`;
}

function withdrawalFileOf(person: string): string {
  return `${RUN_FILES.withdrawn}/${nativeSha256(person)}.json`;
}

/** The keys in the folder of a run. A withdrawal wins over a key, even if a killed process left the key. */
export function folderPersonKeys(run: string): PersonKeys {
  const isWithdrawn = (person: string) => existsSync(join(run, withdrawalFileOf(person)));
  const keyOf = async (person: string): Promise<Uint8Array | null> => {
    const path = join(run, keyFileOf(person));
    try {
      return keyIn(await Deno.readTextFile(path));
    } catch (cause) {
      if (isMissing(cause)) return null;
      throw storeError("read", path, cause);
    }
  };
  const look: PersonKeys["look"] = async (person) => isWithdrawn(person) ? "withdrawn" : await keyOf(person);
  return {
    look,
    hasWithdrawn: isWithdrawn,
    isEmpty: () => !existsSync(join(run, RUN_FILES.keys)),
    async make(person) {
      const known = await look(person) ?? await made(run, person, keyOf);
      if (isWithdrawn(person)) {
        removeKey(run, person);
        return "withdrawn";
      }
      if (known === null) throw damagedKey(join(run, keyFileOf(person)), person);
      return known;
    },
    async withdraw(person) {
      const path = join(run, withdrawalFileOf(person));
      try {
        for (const changed of makeFolder(join(run, RUN_FILES.withdrawn))) await syncFolder(changed);
        if (!existsSync(path)) await writeAtomically(path, `${JSON.stringify({ person })}\n`);
        removeKey(run, person);
        if (existsSync(join(run, RUN_FILES.keys))) await syncFolder(join(run, RUN_FILES.keys));
      } catch (cause) {
        throw storeError("record the withdrawal in", path, cause);
      }
    },
    async persons() {
      const kept = await namesIn(join(run, RUN_FILES.keys));
      const withdrawn = await namesIn(join(run, RUN_FILES.withdrawn));
      return new Map([
        ...kept.map((person) => [person, "kept"] as const),
        ...withdrawn.map((person) => [person, "withdrawn"] as const),
      ]);
    },
  };
}

/**
 * Makes a key. If several processes make it at the same time, all of them get the same key. The file gets its name only
 * when it is complete, so a process that is killed leaves no incomplete key.
 *
 * @returns `null` if the file of the key is not complete, or was removed meanwhile.
 * @throws {StoreError} If the key could not be made durable.
 */
async function made(
  run: string,
  person: string,
  keyOf: (person: string) => Promise<Uint8Array | null>,
): Promise<Uint8Array | null> {
  const path = join(run, keyFileOf(person));
  const key = crypto.getRandomValues(new Uint8Array(PERSON_KEY_BYTES));
  const text = new TextEncoder().encode(`${JSON.stringify({ person, key: key.toBase64() })}\n`);
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    for (const changed of makeFolder(join(run, RUN_FILES.keys))) await syncFolder(changed);
    if (!existsSync(path)) {
      {
        using file = Deno.openSync(temporary, { write: true, createNew: true, mode: KEY_MODE });
        writeAll(file, text);
        await file.sync();
      }
      nameOnce(temporary, path);
    }
    await syncFolder(join(run, RUN_FILES.keys));
  } catch (cause) {
    throw storeError("write the key", path, cause);
  } finally {
    removeIfThere(temporary);
  }
  return await keyOf(person);
}

/** The error for a damaged key. Words may be encrypted with this key, so no other key may take its place. */
function damagedKey(path: string, person: string): StoreError {
  return new StoreError(
    `Cannot use the key "${path}": the file is damaged. Restore it from a copy of the run. If the key is lost, give the ` +
      `command withdraw for "${person}"`,
  );
}

/** Gives a file a new name. If another process has just given this name to its own file, that file keeps the name. */
function nameOnce(temporary: string, path: string): void {
  try {
    Deno.linkSync(temporary, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    // Some file systems have no links. Only one process writes to a run there.
    if (!existsSync(path)) Deno.renameSync(temporary, path);
  }
}

/** Overwrites a key before it is removed. Even so, some disks keep the old bytes. */
function removeKey(run: string, person: string): void {
  const folder = join(run, RUN_FILES.keys);
  if (!existsSync(folder)) return;
  const start = basename(keyFileOf(person));
  // A process that was killed while it made the key can have left a copy with a longer name.
  for (const { name } of [...Deno.readDirSync(folder)]) {
    if (name.startsWith(start)) removeKeyFile(join(folder, name));
  }
}

function removeKeyFile(path: string): void {
  try {
    const { size } = Deno.statSync(path);
    {
      using file = Deno.openSync(path, { write: true });
      writeAll(file, new Uint8Array(size));
      file.syncSync();
    }
    Deno.removeSync(path);
  } catch (error) {
    // The process that made it has removed it.
    if (!isMissing(error)) throw error;
  }
}

/** The key in the text of a file; `null` if the file is not complete. */
function keyIn(text: string): Uint8Array | null {
  try {
    const key = Uint8Array.fromBase64(JSON.parse(text).key);
    return key.length === PERSON_KEY_BYTES ? key : null;
  } catch {
    return null;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  if (!existsSync(folder)) return names;
  for (const { name } of Deno.readDirSync(folder)) {
    // A process that was killed can leave a copy with a longer name.
    if (!name.endsWith(".json")) continue;
    try {
      const { person } = JSON.parse(await Deno.readTextFile(join(folder, name)));
      if (typeof person === "string") names.push(person);
    } catch (error) {
      // A file can be damaged, or removed meanwhile.
      if (!(error instanceof SyntaxError || isMissing(error))) throw error;
    }
  }
  return names.sort();
}
