/** Reading the files of a ConvoKit corpus that lie beside its utterances. */
import { join } from "node:path";
import { ConvokitCorpus, CORPUS_FILES } from "../formats/convokit_corpus.ts";
import { LIST_BYTES_MAX } from "../formats/table_rows.ts";
import { readWhole } from "../formats/text_file.ts";

/**
 * Reads what a corpus says besides its utterances.
 *
 * @param folder The corpus.
 * @returns It, and SHA-256 (hex) of each of its files, by name.
 * @throws {FormatError} When a file cannot be read.
 */
export async function readCorpus(
  folder: string,
): Promise<Readonly<{ corpus: ConvokitCorpus; sources: readonly (readonly [string, string])[] }>> {
  const names = (await Array.fromAsync(Deno.readDir(folder)))
    .filter(({ name, isDirectory }) => !isDirectory && !name.startsWith(".")).map(({ name }) => name).sort();
  const texts = new Map<string, string>();
  const sources: (readonly [string, string])[] = [];
  for (const name of CORPUS_FILES.filter((name) => name !== "index.json" && names.includes(name))) {
    const { text, sha256 } = await readWhole(join(folder, name), LIST_BYTES_MAX);
    texts.set(name, text);
    sources.push([name, sha256]);
  }
  return { corpus: new ConvokitCorpus({ texts, names }), sources };
}
