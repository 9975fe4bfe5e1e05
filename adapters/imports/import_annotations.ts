/** Importing annotations of the Python library: each file becomes a pass of one annotator over one discussion. */
import { quoted } from "../../core/experiment/problems.ts";
import { basename } from "node:path";
import { FormatError } from "../formats/format_error.ts";
import { designOfPass, eventsOfPass } from "../formats/imported_pass.ts";
import {
  annotatorName,
  positionsOf,
  type PythonAnnotations,
  readPythonAnnotations,
} from "../formats/python_annotations.ts";
import { readPythonPrompt } from "../formats/python_prompt.ts";
import { readWhole } from "../formats/text_file.ts";
import { nativeSha256 } from "../local/native_sha256.ts";
import { openHeldRun, type RunFolder } from "../stores/mod.ts";
import { appendPass } from "./append_pass.ts";
import { DISCUSSION_BYTES_MAX } from "./import_discussions.ts";
import { ImportProblems, type ProblemOptions } from "./import_problems.ts";
import { readLogged, streamsByName } from "./logged_discussion.ts";
import { FILE_ENDINGS, sourceFiles } from "./source_files.ts";

/** Longest reply that is kept as a value, in UTF-16 code units. */
const REPLY_CHARS_MAX = 100_000;

const HASH_LENGTH = 8;

/** How annotations are imported. */
export type AnnotationsOptions =
  & ProblemOptions
  & Readonly<{
    /** The run whose comments were judged. */
    into: string;
    /** The name of the scale; passes are called by it and by a hash of who judged. */
    name: string;
    /** The discussion that all files are about, where they do not say it themselves. */
    discussion?: string;
  }>;

/** How an import of annotations went. */
export type AnnotationsOutcome = Readonly<
  { folder: string; files: number; passes: number; alreadyThere: number; replies: number; problems: number }
>;

/**
 * Imports annotations. The replies are kept as texts: what they mean is not guessed.
 *
 * @param paths Files of annotations, and folders of them.
 * @param options Where to, and what they are called.
 * @throws {FormatError} When there is nothing to import.
 * @throws {ImportStopped} At the first problem of a strict import.
 * @throws {RunFolderError} When there is no run in the folder, or it is in use.
 * @throws {StoreError} When a log cannot be written.
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
  if (files.length === 0) {
    throw new FormatError(
      `Cannot import anything from ${paths.join(", ")}: expected files (${FILE_ENDINGS})`,
    );
  }
  const folder = await openHeldRun(options.into);
  const counts = { passes: 0, alreadyThere: 0, replies: 0 };
  try {
    const discussions = new Discussions(folder);
    for (const { path } of files) {
      await problems.guard(path, async () => {
        const { text, sha256 } = await readWhole(path, DISCUSSION_BYTES_MAX);
        const annotations = readPythonAnnotations(text);
        const stream = await discussions.streamOf(annotations, options.discussion);
        const source = { format: "python-library", file: basename(path), sha256 };
        const isNew = await addPass(folder, stream, { annotations, source, name: options.name });
        if (isNew) counts.replies += annotations.replies.length;
        counts[isNew ? "passes" : "alreadyThere"]++;
      });
    }
    return { folder: options.into, files: files.length, ...counts, problems: problems.count };
  } finally {
    await folder.close();
  }
}

async function addPass(
  { store }: RunFolder,
  stream: string,
  { annotations, source, name }: Readonly<{
    annotations: PythonAnnotations;
    source: Readonly<{ format: string; file: string; sha256: string }>;
    name: string;
  }>,
): Promise<boolean> {
  const { model, prompt, history, replies } = annotations;
  const pass = `${name}-${nativeSha256(JSON.stringify([model, prompt])).slice(0, HASH_LENGTH)}`;
  const log = await readLogged(store, stream, pass);
  const positions = positionsOf(replies, log.slots);
  if (positions === null) {
    throw new FormatError(
      `its ${replies.length} entries are not those of "${stream}", which has ${log.slots.length}, nor those without ` +
        `moderators`,
    );
  }
  const long = replies.findIndex(({ reply }) => reply.length > REPLY_CHARS_MAX);
  if (long !== -1) {
    throw new FormatError(`entry ${long} of "logs" is longer than ${REPLY_CHARS_MAX} characters`);
  }
  const { persona, instructions } = readPythonPrompt(prompt);
  const annotator = { name: annotatorName(persona) ?? model, model, persona, instructions };
  const scale = { name, type: "text", maxLength: REPLY_CHARS_MAX, question: instructions } as const;
  const design = designOfPass({ pass, scale, annotators: [annotator], history, source }, nativeSha256);
  const judgements = replies.map(({ reply }, index) => ({
    position: positions[index]!,
    annotator: annotator.name,
    values: { [name]: reply },
    raw: reply,
  }));
  const events = eventsOfPass(design, judgements, log.slots.map(({ comment }) => comment));
  const isNew = await appendPass(log, events);
  store.release(stream);
  return isNew;
}

/** The discussions of a run, found by what files of annotations say of them. */
class Discussions {
  readonly #folder: RunFolder;
  #names: ReadonlyMap<string, string> | undefined;
  #byAuthors: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(folder: RunFolder) {
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
        ? "no discussion of the run has its speakers in this order"
        : `${streams.length} discussions of the run have its speakers in this order: name the one that it is about ` +
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
