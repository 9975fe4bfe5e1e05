/** The list of files that an export or a report consists of, as `sha256sum --check` reads it. */
import { createHash } from "node:crypto";
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";

/** The file's name. */
export const SUMS_FILE = "SHA256SUMS";

/** File → its SHA-256; of a folder that was being replaced, that of before or of after. Paths are within the folder. */
export type Sums = ReadonlyMap<string, readonly string[]>;

const BUFFER_BYTES = 1024 * 1024;
const LINE = /^([0-9a-f]{64}) {2}(.+)$/;

/** Lists all files of a folder. @throws {Error} The operating system's. */
export function sumsOf(folder: string): Sums {
  const sums = new Map<string, readonly string[]>();
  const add = (within: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(join(folder, within))) {
      const path = within === "" ? name : `${within}/${name}`;
      if (isDirectory) add(path);
      else sums.set(path, [hashOf(join(folder, path))!]);
    }
  };
  add("");
  return new Map([...sums].sort(([a], [b]) => a < b ? -1 : 1));
}

/** The list as text. */
export function sumsText(sums: Sums): string {
  return [...sums].flatMap(([path, hashes]) => hashes.map((hash) => `${hash}  ${path}\n`)).join("");
}

/** Reads the list of a folder. @returns `null` where there is none, or one that this program did not write. */
export function readSums(folder: string): Sums | null {
  const file = join(folder, SUMS_FILE);
  if (!existsSync(file) || !lstatSync(file).isFile()) return null;
  const sums = new Map<string, string[]>();
  for (const line of Deno.readTextFileSync(file).split("\n")) {
    if (line === "") continue;
    const [, hash, path] = LINE.exec(line) ?? [];
    // A list that was changed must not lead to files elsewhere.
    if (hash === undefined || path!.split("/").some((part) => part === ".." || part === "")) return null;
    sums.set(path!, [...sums.get(path!) ?? [], hash]);
  }
  return sums;
}

/** A file's SHA-256; `null` where there is none. Something that is no file has one that no file has. */
export function hashOf(path: string): string | null {
  const info = lstatSync(path, { throwIfNoEntry: false });
  if (info === undefined) return null;
  if (!info.isFile()) return "";
  using file = Deno.openSync(path);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(BUFFER_BYTES);
  for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
    hash.update(buffer.subarray(0, count));
  }
  return hash.digest("hex");
}
