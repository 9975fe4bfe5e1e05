/** Reads what the files of a ConvoKit corpus say about conversations and speakers. */
import type { DiscussionMeta } from "./condition_rule.ts";
import type { Json } from "../../core/json.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "./format_error.ts";
import { checkNesting, isRecord, readJson, readWhole } from "./text_file.ts";
import { join } from "node:path";
import { LIST_BYTES_MAX } from "./table_rows.ts";

/** The files of a corpus besides its utterances. Older versions call speakers users. */
export const CORPUS_FILES = [
  "conversations.json",
  "speakers.json",
  "users.json",
  "corpus.json",
  "index.json",
] as const;

type CorpusFile = typeof CORPUS_FILES[number];

/** The names that a file of utterances can have, the likelier first. */
export const UTTERANCE_FILES: readonly string[] = ["utterances.jsonl", "utterances.json"];

const VECTORS = /^(?:vectors|vect_info)\.|\.npz?$/;

/** Each log stores the text of `corpus.json`, if it has at most this many characters. */
const CORPUS_CHARS_MAX = 4096;

const NAMED_MAX = 3;

type Metas = ReadonlyMap<string, Readonly<Record<string, Json>>>;

/** The files of a folder: name → text for the files that are read, and the names of all files. */
type CorpusFolder = Readonly<{
  texts: ReadonlyMap<string, string>;
  names: readonly string[];
}>;

/** The facts of a corpus about its conversations and speakers. Remembers which ones were looked up. */
class ConvokitCorpus {
  readonly #conversations: Metas | null;
  readonly #speakers: Metas | null;
  readonly #corpus: Json | undefined;
  readonly #unused: readonly string[];
  readonly #seen = { conversations: new Set<string>(), speakers: new Set<string>() };

  constructor({ texts, names }: CorpusFolder) {
    const isThere = (name: string) => texts.has(name);
    this.#conversations = metasOf(texts, "conversations.json");
    this.#speakers = metasOf(texts, isThere("speakers.json") ? "speakers.json" : "users.json");
    const corpus = texts.get("corpus.json");
    this.#corpus = corpus === undefined || corpus.length > CORPUS_CHARS_MAX
      ? undefined
      : inFile("corpus.json", () => readJson(corpus) as Json);
    const utterances = UTTERANCE_FILES.find((name) => names.includes(name));
    this.#unused = names.filter((name) =>
      name !== utterances && (!(CORPUS_FILES as readonly string[]).includes(name) ||
        (name === "users.json" && isThere("speakers.json")) ||
        (name === "corpus.json" && this.#corpus === undefined))
    );
  }

  /** The meta of a conversation; empty when it is not found. */
  conversation(id: string): DiscussionMeta {
    this.#seen.conversations.add(id);
    return this.#conversations?.get(id) ?? {};
  }

  discussion(id: string): Readonly<Record<string, Json>> {
    return {
      conversation: this.conversation(id) as Readonly<Record<string, Json>>,
      ...(this.#corpus === undefined ? {} : { corpus: this.#corpus }),
    };
  }

  /** The meta of a speaker; empty when they are not found. */
  author(name: string): Readonly<Record<string, Json>> {
    this.#seen.speakers.add(name);
    return this.#speakers?.get(name) ?? {};
  }

  /** Notes on unused files, and on missing conversations and speakers. Call it after all discussions are made. */
  notes(): string[] {
    const vectors = this.#unused.filter((name) => VECTORS.test(name));
    const others = this.#unused.filter((name) => !VECTORS.test(name));
    return [
      ...(vectors.length === 0 ? [] : [`the vectors of the corpus are not read (${vectors.join(", ")})`]),
      ...(others.length === 0 ? [] : [`these files of its folder are not read: ${others.join(", ")}`]),
      ...notFound("conversations", this.#seen.conversations, this.#conversations),
      ...notFound("speakers", this.#seen.speakers, this.#speakers),
    ];
  }
}

function notFound(what: string, seen: ReadonlySet<string>, metas: Metas | null): string[] {
  if (metas === null) return [`the corpus has no file of ${what}, so their meta is missing`];
  const lost = [...seen].filter((id) => !metas.has(id));
  const unused = [...metas.keys()].filter((id) => !seen.has(id));
  return [
    ...(lost.length === 0 ? [] : [`its file of ${what} does not have ${named(lost)}, which utterances name`]),
    ...(unused.length === 0 ? [] : [
      `its file of ${what} has ${named(unused)}, but no imported utterance has ${
        unused.length === 1 ? "this id" : "these ids"
      }`,
    ]),
  ];
}

function named(ids: readonly string[]): string {
  const more = ids.length - NAMED_MAX;
  return ids.slice(0, NAMED_MAX).map(quoted).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/**
 * Id → meta. Older versions write the meta directly under the id; newer versions under `meta`, beside the
 * names of vectors.
 */
function metasOf(texts: CorpusFolder["texts"], name: string): Metas | null {
  const text = texts.get(name);
  if (text === undefined) return null;
  return inFile(name, () => {
    const file = readJson(text);
    if (!isRecord(file)) throw new FormatError("it is not an object of ids");
    checkNesting(file);
    return new Map(
      Object.entries(file).map(([id, about]) => {
        if (!isRecord(about)) throw new FormatError(`its entry for ${quoted(id)} is not an object`);
        const { vectors: _, ...rest } = about;
        return [id, (isRecord(about.meta) ? about.meta : rest) as Readonly<Record<string, Json>>] as const;
      }),
    );
  });
}

function inFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const line = error.line === undefined ? "" : ` (line ${error.line})`;
    throw new FormatError(`its ${name} cannot be read: ${error.message}${line}`);
  }
}

/** Reads the files of a corpus, except its utterances, its index and its vectors. */
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
