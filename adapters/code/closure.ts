/**
 * Finds the closure of a code file: the file itself, and all local files that it imports, directly or not.
 */
import { realpathSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { canonical } from "../../core/json.ts";
import { infoAt } from "../path_info.ts";
import { bytesSha256, nativeSha256 } from "../system.ts";
import type { Import } from "./imports.ts";

/** The limits of one closure: its files, and the bytes of all files together. */
const FILES_MAX = 1000;
const BYTES_MAX = 32 * 1024 * 1024;

/** The folder of this program. */
const PROGRAM = fileURLToPath(new URL("../../", import.meta.url));
/** The name by which a researcher's code imports this program. It is the same on every machine. */
const PROGRAM_NAME = /^@syndisco\/syndisco(?:\/|$)/;
const PROGRAM_FILE = /^(?:mod\.ts|(?:core|analysis|adapters|cli)[/\\].*)$/;

const decoder = new TextDecoder();

/** A file of a closure. */
export type ClosedFile = Readonly<{ bytes: Uint8Array; sha256: string }>;

/** A code file and all local files that it imports, directly or through other files. */
export type CodeClosure = Readonly<{
  /** The folder that holds all of the files. */
  folder: string;
  /** The path of the code file below `folder`, with `/` between its parts. */
  main: string;
  /** Path below `folder`, with `/` between its parts → the file. */
  files: ReadonlyMap<string, ClosedFile>;
  /**
   * Imports that lead to no file of the closure: packages such as `npm:zod`, files of this program that are
   * imported by their paths, and missing files.
   */
  elsewhere: readonly string[];
  /**
   * Lines of code that can load any file, written as `rule.ts:12`: imports whose names are computed or
   * absolute, imports of modules such as `node:module`, and uses of names such as `eval`.
   */
  open: readonly string[];
  /** The hash of all files, and of their paths below `folder`. */
  sha256: string;
}>;

/**
 * Reads a code file and its local imports. The hash does not depend on the place of `folder`.
 *
 * @param within The only folder from which files can come, even through links.
 * @throws {RangeError} When the files are too many or too large, or an import leads out of `within`.
 * @throws {Error} The operating system's error, when a file cannot be read.
 */
export async function closureOf(file: string, within?: string): Promise<CodeClosure> {
  // The parser is loaded only here: it is large, and most experiments have no code of their own.
  const { importsOf } = await import("./imports.ts");
  const main = resolve(file);
  const files = new Map<string, ClosedFile>();
  const elsewhere = new Set<string>();
  const open: [path: string, line: number][] = [];
  let bytes = 0;
  const read = (path: string): ClosedFile => {
    if (within !== undefined) refuseOutside(path, within);
    const content = Deno.readFileSync(path);
    bytes += content.length;
    if (files.size === FILES_MAX || bytes > BYTES_MAX) {
      throw new RangeError(`it imports more than ${FILES_MAX} files or ${BYTES_MAX / 1024 / 1024} MiB`);
    }
    const read = { bytes: content, sha256: bytesSha256(content) };
    files.set(path, read);
    return read;
  };
  const parsed = new Set<string>();
  const waiting = [main];
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    if (parsed.has(from)) continue;
    parsed.add(from);
    for (
      const { specifier, type, line } of parsedImports(() =>
        importsOf(decoder.decode((files.get(from!) ?? read(from!)).bytes), from!)
      )
    ) {
      const to = specifier === null ? "open" : targetOf(specifier, from);
      if (to === "open") open.push([from, line]);
      else if (to === null) elsewhere.add(specifier!);
      else {
        if (!files.has(to)) read(to);
        if (isCode(to, type)) waiting.push(to);
      }
    }
  }
  const folder = commonFolder([...files.keys()]);
  const nameOf = (path: string) => relative(folder, path).replaceAll(sep, "/");
  const named = new Map([...files].map(([path, content]) => [nameOf(path), content] as const).sort(byName));
  return {
    folder,
    main: nameOf(main),
    files: named,
    elsewhere: [...elsewhere].filter((specifier) => !PROGRAM_NAME.test(specifier)).sort(),
    open: [...new Set(open.map(([path, line]) => `${nameOf(path)}:${line}`))].sort(),
    sha256: nativeSha256(canonical({
      main: nameOf(main),
      files: Object.fromEntries([...named].map(([name, { sha256 }]) => [name, sha256])),
    })),
  };
}

/** The imports of a file. Code that cannot be parsed counts as an import of any file. */
function parsedImports(parse: () => readonly Import[]): readonly Import[] {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [{ specifier: null, type: null, line: 1 }];
  }
}

/** Modules that can load any file by a computed name. */
const LOADER = /^(?:node:)?(?:module|vm|worker_threads)$/;

/**
 * The path of the imported file; `null` if it does not belong to the closure, `open` if it can be any file.
 */
function targetOf(specifier: string, from: string): string | "open" | null {
  if (/^(?:\/|file:)/i.test(specifier) || LOADER.test(specifier)) return "open";
  if (!/^\.\.?\//.test(specifier)) return null;
  const path = fileURLToPath(new URL(specifier, pathToFileURL(from)));
  if (PROGRAM_FILE.test(relative(PROGRAM, path))) return null;
  return infoAt(path)?.isFile === true ? path : null;
}

/** Whether a file can have imports of its own. */
function isCode(path: string, type: string | null): boolean {
  return type === null && !/\.(?:json|wasm)$/.test(path);
}

function refuseOutside(path: string, within: string): void {
  const expected = join(realpathSync(within), relative(resolve(within), path));
  if (relative(resolve(within), path).split(sep)[0] !== ".." && realpathSync(path) === expected) return;
  throw new RangeError("it imports a file outside of the folder that holds the copy of this code");
}

function commonFolder(paths: readonly string[]): string {
  let [folder = sep] = paths.map(dirname);
  const holds = (path: string) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  while (!paths.every(holds)) folder = dirname(folder);
  return folder;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
