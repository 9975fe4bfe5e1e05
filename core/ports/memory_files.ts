/**
 * The files of a run in memory. Copies of the run do not have the keys of people: these are lost with the
 * process.
 */
import type { StoredLine } from "../events/codec.ts";
import { manifestText, type RunManifest } from "../run_log/mod.ts";
import type { RunInputs } from "./run.ts";
import {
  type ChosenFiles,
  DESCRIPTION_FILES,
  inputName,
  INPUTS_FOLDER,
  isCopiedFile,
  type RunFile,
} from "./run_copy.ts";
import { isTextName } from "./run_texts.ts";

/** What describes a run. */
type Description = Readonly<{
  manifest: RunManifest;
  /** `null` if the run was imported. */
  experimentText: string | null;
  /** The lines of the run's log; empty if the run has no log. */
  lines: readonly StoredLine[];
}>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The texts of a run, and its copies of input files. */
export class MemoryFiles {
  /** Name → text. */
  readonly texts = new Map<string, string>();
  readonly #inputs = new Map<string, Uint8Array>();

  keep(added: RunInputs): void {
    for (const [path, { content, sha256 }] of added) {
      this.#inputs.set(nameOf(path, sha256), typeof content === "string" ? encoder.encode(content) : content);
    }
  }

  /** The text of an input file; `null` if the run has no copy of it. */
  input(path: string, sha256: string): string | null {
    const content = this.#inputs.get(nameOf(path, sha256));
    return content === undefined ? null : decoder.decode(content);
  }

  /** The files that the run would have in a folder. */
  async *all(
    { manifest, experimentText, lines }: Description,
    { below = "" }: ChosenFiles = {},
  ): AsyncGenerator<RunFile> {
    const files = new Map<string, string | Uint8Array>([
      ...experimentText === null ? [] : [[DESCRIPTION_FILES.experiment, experimentText] as const],
      ...lines.length === 0
        ? []
        : [[DESCRIPTION_FILES.runLog, lines.map((line) => `${line}\n`).join("")] as const],
      [DESCRIPTION_FILES.manifest, manifestText(manifest)],
      ...this.texts,
      ...this.#inputs,
    ]);
    for (const [name, content] of files) {
      if (!name.startsWith(below)) continue;
      yield { name, content: typeof content === "string" ? encoder.encode(content) : content };
    }
  }

  /**
   * Adds the files of another run.
   *
   * @returns The files that describe the other run: name → text.
   */
  async receive(files: AsyncIterable<RunFile>): Promise<ReadonlyMap<string, string>> {
    const described = new Map<string, string>();
    for await (const { name, content } of files) {
      if (!isCopiedFile(name)) throw new RangeError(`Cannot copy "${name}": a run has no such file`);
      if (name.startsWith(`${INPUTS_FOLDER}/`)) this.#inputs.set(name, content);
      else (isTextName(name) ? this.texts : described).set(name, decoder.decode(content));
    }
    return described;
  }
}

/** The name of a copy. In tests, `sha256` can be any text, which is then the name. */
function nameOf(path: string, sha256: string): string {
  return inputName(path, sha256) ?? sha256;
}
