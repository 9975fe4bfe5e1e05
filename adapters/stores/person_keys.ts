/** The keys of people in a run's folder: `people/keys/` has a file for each key, and `people/withdrawn/` one for each withdrawal. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PERSON_KEY_BYTES, type PersonKeys } from "../../core/ports/mod.ts";
import { nativeSha256 } from "../system.ts";
import { makeFolder, syncFolder, writeAll, writeAtomically } from "./durable_files.ts";
import { RUN_FILES } from "./run_files.ts";
import { storeError } from "./store_errors.ts";

/** Only the user who runs the process can read a key. */
export const KEY_MODE = 0o600;

const KEY_FILE = /[/\\]people[/\\]keys[/\\][0-9a-f]{64}\.json$/;

/** Whether a path is the path of a key in a run's folder. */
export function isKeyFile(path: string): boolean {
  return KEY_FILE.test(path);
}

/** Another process may be writing the file of a key right now. */
const WAITS_MAX = 10;
const WAIT_MS = 20;

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
      if (cause instanceof Deno.errors.NotFound) return null;
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
      if (!isWithdrawn(person)) return known;
      removeKey(run, person);
      return "withdrawn";
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

/** Makes a key, unless another process makes it at the same time. */
async function made(
  run: string,
  person: string,
  keyOf: (person: string) => Promise<Uint8Array | null>,
): Promise<Uint8Array> {
  const path = join(run, keyFileOf(person));
  const key = crypto.getRandomValues(new Uint8Array(PERSON_KEY_BYTES));
  const text = new TextEncoder().encode(`${JSON.stringify({ person, key: key.toBase64() })}\n`);
  try {
    for (const changed of makeFolder(join(run, RUN_FILES.keys))) await syncFolder(changed);
    for (let waits = 0; existsSync(path) && waits < WAITS_MAX; waits++) {
      const known = await keyOf(person);
      if (known !== null) return known;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
    // A process that was killed while it wrote a key has sealed nothing with it.
    if (existsSync(path)) Deno.removeSync(path);
    {
      using file = Deno.openSync(path, { write: true, createNew: true, mode: KEY_MODE });
      writeAll(file, text);
      await file.sync();
    }
    await syncFolder(join(run, RUN_FILES.keys));
    return key;
  } catch (cause) {
    const known = cause instanceof Deno.errors.AlreadyExists ? await keyOf(person) : null;
    if (known !== null) return known;
    throw storeError("write the key", path, cause);
  }
}

/** Overwrites a key before it is removed. Disks can keep the old bytes all the same. */
function removeKey(run: string, person: string): void {
  const path = join(run, keyFileOf(person));
  if (!existsSync(path)) return;
  const { size } = Deno.statSync(path);
  {
    using file = Deno.openSync(path, { write: true });
    writeAll(file, new Uint8Array(size));
    file.syncSync();
  }
  Deno.removeSync(path);
}

/** `null` for a file that is not whole. */
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
    try {
      const { person } = JSON.parse(await Deno.readTextFile(join(folder, name)));
      if (typeof person === "string") names.push(person);
    } catch (error) {
      // A killed process can leave a file that is not whole.
      if (!(error instanceof SyntaxError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return names.sort();
}
