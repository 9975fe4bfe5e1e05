/** Lists of files with their SHA-256, in the format that `sha256sum --check` reads. */
import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { infoAt } from "./path_info.ts";

/** The name of the list in its folder. */
export const SUMS_FILE = "SHA256SUMS";

/** File in the folder → its SHA-256; during a replacement, the old and the new one. */
export type Sums = ReadonlyMap<string, readonly string[]>;

const BUFFER_BYTES = 1024 * 1024;
const LINE = /^([0-9a-f]{64}) {2}(.+)$/;

export function sumsText(sums: Sums): string {
  return [...sums].flatMap(([path, hashes]) => hashes.map((hash) => `${hash}  ${path}\n`)).join("");
}

/**
 * Reads the list of a folder.
 *
 * @returns `null` if there is no list, or if another program wrote it.
 */
export function readSums(folder: string): Sums | null {
  const file = join(folder, SUMS_FILE);
  if (!existsSync(file) || !infoAt(file, Deno.lstatSync)?.isFile) return null;
  const sums = new Map<string, string[]>();
  for (const line of Deno.readTextFileSync(file).split("\n")) {
    if (line === "") continue;
    const [, hash, path] = LINE.exec(line) ?? [];
    // A changed list must not name files outside the folder.
    if (hash === undefined || path!.split("/").some((part) => part === ".." || part === "")) return null;
    sums.set(path!, [...sums.get(path!) ?? [], hash]);
  }
  return sums;
}

/** A file's SHA-256; `null` if nothing is at the path, and empty if a folder or a link is there. */
export function hashOf(path: string): string | null {
  const info = infoAt(path, Deno.lstatSync);
  if (info === null) return null;
  if (!info.isFile) return "";
  using file = Deno.openSync(path);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(BUFFER_BYTES);
  for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
    hash.update(buffer.subarray(0, count));
  }
  return hash.digest("hex");
}
