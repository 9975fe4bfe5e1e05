/** Imports annotations of the Python library. */
import { basename } from "node:path";
import type { Annotator, ImportSource } from "../../core/events/mod.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "../formats/format_error.ts";
import {
  designOfPass,
  GrowingPass,
  type LoggedDiscussion,
  readLogged,
  streamsByName,
} from "./imported_pass.ts";
import {
  annotatorName,
  positionsOf,
  type PythonAnnotations,
  readPythonAnnotations,
} from "../formats/python_annotations.ts";
import { readPythonPrompt } from "../formats/python_file.ts";
import { readWhole } from "../formats/text_file.ts";
import { nativeSha256 } from "../system.ts";
import type { RunWriter } from "../../core/ports/mod.ts";
import { DISCUSSION_BYTES_MAX } from "./import_discussions.ts";
import { ImportProblems, type ProblemOptions } from "./import_problems.ts";
import { withRun } from "./partition.ts";
import { sourceFiles } from "./source_files.ts";

/** The longest reply that can be imported, in UTF-16 code units. */
const REPLY_CHARS_MAX = 100_000;

const HASH_LENGTH = 8;

/** How annotations are imported. */
export type AnnotationsOptions =
  & ProblemOptions
  & Readonly<{
    into: string;
    /**
     * The name of the scale. The name of a pass is this name and a hash of the context, the instructions and the number of
     * shown comments.
     */
    name: string;
    /** The discussion that all files annotate, whatever discussions they name. */
    discussion?: string;
  }>;

/** The result of an import of annotations. */
export type AnnotationsOutcome = Readonly<{
  folder: string;
  files: number;
  /** Passes with new replies. A discussion can have several: see {@linkcode AnnotationsOptions.name}. */
  passes: number;
  alreadyThere: number;
  replies: number;
  problems: number;
}>;

/**
 * Imports annotations of the Python library: each file has one annotator's replies to one discussion. Replies stay texts:
 * their meaning is not guessed. Annotators with the same context, instructions and number of shown comments belong to one
 * pass, even if their files are imported one after the other.
 *
 * @throws {FormatError} If there is nothing to import.
 * @throws {ImportStopped} At the first problem of a strict import.
 * @throws {RunError} If there is no run in the folder, or it is in use.
 * @throws {StoreError} If a log cannot be written.
 */
export async function importAnnotations(
  paths: readonly string[],
  options: AnnotationsOptions,
): Promise<AnnotationsOutcome> {
  const problems = new ImportProblems(options);
  const files = await sourceFiles(paths, {
    format: "python-library",
    unusable: (file, message) => problems.add({ file, message }),
  });
  const counts = { passes: 0, alreadyThere: 0, replies: 0 };
  await withRun<ReadFile, void>(options.into, async (run, partition) => {
    const discussions = new Discussions(run);
    for (const { path } of files) {
      await problems.guard(path, async () => {
        const { text, sha256 } = await readWhole(path, DISCUSSION_BYTES_MAX);
        const annotations = readPythonAnnotations(text);
        const stream = await discussions.streamOf(annotations, options.discussion);
        const source = { format: "python-library", file: basename(path), sha256 };
        const file = readFile(path, annotations, source);
        partition.add(JSON.stringify([stream, passOf(file, options.name)]), file);
      });
    }
    for await (const [key, group] of partition.groups()) {
      const [stream, pass] = JSON.parse(key) as [string, string];
      const log = await readLogged(run.store, stream, pass);
      const added = await addFiles(log, group, { pass, name: options.name, problems });
      run.store.release(stream);
      counts.passes += added.isNew ? 1 : 0;
      counts.alreadyThere += added.alreadyThere;
      counts.replies += added.replies;
    }
  });
  return { folder: options.into, files: files.length, ...counts, problems: problems.count };
}

type ReadFile = Readonly<{
  path: string;
  context: string;
  history: number | null;
  annotator: Annotator;
  replies: PythonAnnotations["replies"];
}>;

function readFile(path: string, annotations: PythonAnnotations, source: ImportSource): ReadFile {
  const { model, prompt, history, replies } = annotations;
  const long = replies.findIndex(({ reply }) => reply.length > REPLY_CHARS_MAX);
  if (long !== -1) {
    throw new FormatError(`entry ${long} of "logs" is longer than ${REPLY_CHARS_MAX} characters`);
  }
  const { context, persona, instructions } = readPythonPrompt(prompt);
  const annotator = { name: annotatorName(persona) ?? model, model, persona, instructions, source };
  return { path, context, history, annotator, replies };
}

/**
 * The pass of a file. Files of one pass have the same context and instructions, and the same number of shown
 * comments.
 */
function passOf({ context, history, annotator }: ReadFile, name: string): string {
  const told = JSON.stringify([context, annotator.instructions, history]);
  return `${name}-${nativeSha256(told).slice(0, HASH_LENGTH)}`;
}

async function addFiles(
  log: LoggedDiscussion,
  files: readonly ReadFile[],
  { pass, name, problems }: Readonly<{ pass: string; name: string; problems: ImportProblems }>,
): Promise<Readonly<{ isNew: boolean; alreadyThere: number; replies: number }>> {
  const { annotator: { instructions, source }, history } = files[0]!;
  const scale = { name, type: "text", maxLength: REPLY_CHARS_MAX, question: instructions } as const;
  const counts = { alreadyThere: 0, replies: 0 };
  let growing: GrowingPass | undefined;
  for (const { path, annotator, replies } of files) {
    await problems.guard(path, () => {
      growing ??= new GrowingPass(
        log,
        (annotators) => designOfPass({ pass, scale, annotators, history, source: source! }),
      );
      const positions = positionsOf(replies, log.slots);
      if (positions === null) {
        throw new FormatError(
          `its ${replies.length} entries do not match the ${log.slots.length} slots of "${log.stream}", even ` +
            `without the moderator's slots`,
        );
      }
      const added = growing.add(
        annotator,
        new Map(replies.map(({ reply }, index) => [positions[index]!, reply])),
      );
      counts.replies += added;
      if (added === 0) counts.alreadyThere++;
    });
  }
  return { ...counts, isNew: await growing?.write() ?? false };
}

class Discussions {
  readonly #folder: RunWriter;
  #names: ReadonlyMap<string, string> | undefined;
  #byAuthors: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(folder: RunWriter) {
    this.#folder = folder;
  }

  async streamOf({ discussion, replies }: PythonAnnotations, asked: string | undefined): Promise<string> {
    const name = asked ?? discussion;
    if (name !== null) {
      this.#names ??= await streamsByName(this.#folder.store);
      const stream = this.#names.get(name);
      if (stream !== undefined) return stream;
      throw new FormatError(`no discussion of the run is called ${quoted(name)}`);
    }
    this.#byAuthors ??= await this.#indexAuthors();
    const key = keyOf(replies.map(({ about }) => "author" in about ? about.author : ""));
    const streams = this.#byAuthors.get(key) ?? [];
    if (streams.length === 1) return streams[0]!;
    throw new FormatError(
      streams.length === 0
        ? "no discussion of the run has the same speakers in the same order"
        : `${streams.length} discussions of the run have the same speakers in the same order: name one of them ` +
          `with --discussion, such as ${streams[0]}`,
    );
  }

  async #indexAuthors(): Promise<ReadonlyMap<string, readonly string[]>> {
    const byAuthors = new Map<string, string[]>();
    const { store } = this.#folder;
    for await (const stream of store.streams()) {
      const { slots } = await readLogged(store, stream, "");
      const key = keyOf(slots.map(({ author }) => author));
      byAuthors.set(key, [...byAuthors.get(key) ?? [], stream]);
    }
    return byAuthors;
  }
}

function keyOf(authors: readonly string[]): string {
  return nativeSha256(JSON.stringify(authors));
}
