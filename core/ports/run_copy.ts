/** The form in which runs are copied between places: the files of a run's folder, and the logs of its discussions. */
import type { StoredLine } from "../events/codec.ts";
import { isTextName } from "./run_texts.ts";

/** A file that a run keeps. */
export type RunFile = Readonly<{
  /** The path below the run's folder, with `/`. */
  name: string;
  content: Uint8Array;
}>;

/** Which files of a run are read. */
export type ChosenFiles = Readonly<{
  /** The beginning of the files' names. Default: all files. */
  below?: string;
  /** Whether the keys of people are read, too. Default: no. Withdrawals are always read. */
  keys?: boolean;
}>;

/** A discussion with all lines of its log, exactly as they are stored. */
export type CopiedDiscussion = Readonly<{ stream: string; lines: readonly StoredLine[] }>;

/**
 * The copy of a whole run, from which another place makes the run. First all files are read, then all
 * discussions.
 */
export type RunCopy = Readonly<{
  files: AsyncIterable<RunFile>;
  discussions: AsyncIterable<CopiedDiscussion>;
}>;

/** The names of the files that describe a run. */
export const DESCRIPTION_FILES = {
  experiment: "experiment.yaml",
  /**
   * The manifest. It is computed from the run's log. An imported run has no log: only the manifest describes
   * it.
   */
  manifest: "manifest.json",
  /** The log of the run as a whole. */
  runLog: "run.jsonl",
} as const;

/** The folder with the copies of the files that the experiment names. */
export const INPUTS_FOLDER = "inputs";

const SHA256 = /^[0-9a-f]{64}$/;
const EXTENSION = /\.[a-zA-Z]{1,8}$/;
const CODE_COPY = /^inputs\/code\/[0-9a-f]{64}((?:\/[^/\\\0]+)+)$/;

/**
 * The name of a run's copy of an input file. A copy of code keeps its name, so that programs can import it.
 * The name of any other copy is the hash of its content. No name can lead out of the run.
 *
 * @param path The path in the run's record, which can be damaged.
 * @param sha256 The hash in the run's record, which can be damaged.
 * @returns `null` if `sha256` is not a hash.
 */
export function inputName(path: string, sha256: string): string | null {
  if (!SHA256.test(sha256)) return null;
  if (isCodeCopy(path)) return path;
  const [, end] = /([^/]*)$/.exec(path)!;
  const [extension = ""] = EXTENSION.exec(end!.slice(1)) ?? [];
  return `${INPUTS_FOLDER}/${sha256}${extension}`;
}

function isCodeCopy(path: string): boolean {
  const [, name] = CODE_COPY.exec(path) ?? [];
  return name !== undefined && !/\/\.\.?(?:\/|$)/.test(name);
}

const INPUT = /^inputs\/[0-9a-f]{64}(?:\.[a-zA-Z]{1,8})?$/;

/**
 * The file with the key of a person, or with the note that a person withdrew. Its name is the hash of the
 * person's name.
 */
const OF_PERSON = /^people\/(?:keys|withdrawn)\/[0-9a-f]{64}\.json$/;

/**
 * Whether a run can have a file with this name. A copy must not contain other names: they could lead out of
 * the run.
 */
export function isCopiedFile(name: string): boolean {
  const isDescription = Object.values<string>(DESCRIPTION_FILES).includes(name);
  return isDescription || isTextName(name) || INPUT.test(name) || OF_PERSON.test(name) || isCodeCopy(name);
}
