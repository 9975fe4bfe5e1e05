/**
 * The form of a run's archive: a tar file compressed with gzip. It has one folder, which is the run's folder. Its
 * first file is the note, and its last file lists the SHA-256 of all others.
 */
import { z } from "../../../core/zod.ts";

/** The file that describes the archive. */
export const NOTE_FILE = "archive.json";

export const ARCHIVE_FORMAT = 1;

/** The most files and folders in an archive. */
export const ENTRIES_MAX = 1_000_000;

/** The most bytes in an archive, before compression. */
export const BYTES_MAX = 128 * 1024 ** 3;

/** The most bytes of the list of sums and of the note. */
export const LIST_BYTES_MAX = 256 * 1024 ** 2;

/** The longest path in an archive, and the longest name in a path, in UTF-8 bytes. */
export const PATH_BYTES_MAX = 1024;
export const NAME_BYTES_MAX = 255;

/** The most findings in a note. Further findings are counted. */
export const FINDINGS_NOTED_MAX = 1000;

const findingSchema = z.object({
  /** The path in the run's folder. */
  file: z.string(),
  /**
   * The first line with the private text, from 1; `null` if the path itself contains it, or the whole file is meant.
   */
  line: z.number().nullable(),
  /** `unclear` is text after a path that may belong to the path. `not-text` is a file that was not searched. */
  kind: z.enum(["path", "user", "host", "unclear", "not-text"]),
  /** How often the private text is in the file. */
  count: z.number(),
});

/** Where an archive still contains something private. The note does not repeat the private text. */
export type Finding = z.infer<typeof findingSchema>;

const noteSchema = z.object({
  format: z.literal(ARCHIVE_FORMAT),
  syndisco: z.string(),
  run: z.object({
    experiment: z.string(),
    fingerprint: z.string(),
    /** The hash of the last event in the run's log; `null` if the run has no log. */
    head: z.string().nullable(),
  }),
  /** Files that were left out, because they can contain prompts. */
  leftOut: z.array(z.string()),
  /** `null` if nothing was anonymised. */
  anonymised: z.object({
    /** Files in which private words were replaced. */
    changed: z.array(z.string()),
    remaining: z.array(findingSchema),
    remainingCount: z.number(),
  }).nullable(),
});

/** What an archive contains and what it leaves out. */
export type ArchiveNote = z.infer<typeof noteSchema>;

/**
 * Parses a note.
 *
 * @returns `null` if it is damaged, or a newer version wrote it.
 */
export function parseNote(text: string): ArchiveNote | null {
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

const encoder = new TextEncoder();

/** Names that Windows reserves for devices, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/**
 * Says why a file with this path must not be written, or cannot be written on some systems; `null` if nothing is wrong.
 *
 * @param path Its parts are separated by `/`.
 * @param os The system on which the file is written. Windows forbids more names than others.
 *
 * @example
 * ```ts
 * import { pathProblem } from "./archive_format.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(pathProblem("run/discussions/a.jsonl"), null);
 * assert.equal(pathProblem("run/../../a"), "it leads out of the folder");
 * assert.equal(pathProblem("run/con.jsonl", "windows"), "Windows reserves this name");
 * ```
 */
export function pathProblem(path: string, os: string = Deno.build.os): string | null {
  if (path === "") return "it is empty";
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(path)) return "it contains a control character";
  if (/\p{Bidi_Control}/u.test(path)) return "it contains a character that changes the direction of writing";
  if (/[\ufffd\ud800-\udfff]/u.test(path)) return "it is not Unicode text";
  if (path.includes("\\")) return "it contains a backslash, which separates folders on Windows";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "it is an absolute path";
  if (encoder.encode(path).length > PATH_BYTES_MAX) return `it has more than ${PATH_BYTES_MAX} bytes`;
  for (const part of path.split("/")) {
    if (part === "" || part === ".") return "it has an empty part";
    if (part === "..") return "it leads out of the folder";
    if (encoder.encode(part).length > NAME_BYTES_MAX) return `a name has more than ${NAME_BYTES_MAX} bytes`;
    if (os !== "windows") continue;
    if (DEVICE.test(part)) return "Windows reserves this name";
    if (/[<>:"|?*]|[. ]$/.test(part)) return "Windows does not allow this name";
  }
  return null;
}

/** Locks of a run. They belong to one machine. */
const LOCK = /^run(?:\.[^/]*)?\.lock(?:\/|$)/i;

/** Whether a path in a run's folder is a lock, or lies in a folder with the name of a lock. */
export function isLock(path: string): boolean {
  return LOCK.test(path);
}

/**
 * Finds different paths that are the same file on a system that ignores case, or that writes accents in only one way.
 */
export class Collisions {
  readonly #known = new Map<string, string>();

  /**
   * Adds a path and the folders above it.
   *
   * @returns The earlier path that collides; `null` if there is none.
   */
  add(path: string): string | null {
    for (let end = path.indexOf("/");; end = path.indexOf("/", end + 1)) {
      const part = end < 0 ? path : path.slice(0, end);
      const key = part.normalize("NFC").toUpperCase().toLowerCase();
      const known = this.#known.get(key);
      if (known !== undefined && known !== part) return known;
      this.#known.set(key, part);
      if (end < 0) return null;
    }
  }
}
