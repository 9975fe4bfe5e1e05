/** The files that an experiment file names, each read once. */
import type { SourceReader } from "../ports/source_reader.ts";
import { readCsv } from "./csv.ts";
import { readDocument, SOURCE_CHARS_MAX, type SourceDocument } from "./document.ts";
import { NESTING_MAX } from "./limits.ts";
import { isNestedDeeper } from "./nesting.ts";
import { parseJsonAsWritten } from "../json.ts";

/** A file that was read, or why it was not. */
export type Source = Readonly<{ text: string; document: SourceDocument }> | Readonly<{ unreadable: string }>;

/** Path, as the experiment file writes it → the file. */
export type Sources = ReadonlyMap<string, Source>;

const FORMATS = ".json, .yaml, .yml or .csv";

/**
 * Reads files.
 *
 * @param paths As the experiment file writes them.
 * @param reader Reads them.
 * @returns One entry for each path, whether or not it can be read.
 */
export async function readSources(paths: Iterable<string>, reader: SourceReader): Promise<Sources> {
  const sources = new Map<string, Source>();
  for (const path of new Set(paths)) sources.set(path, await readSource(path, reader));
  return sources;
}

async function readSource(path: string, reader: SourceReader): Promise<Source> {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  if (!["json", "yaml", "yml", "csv"].includes(extension)) {
    return { unreadable: `its name does not end in ${FORMATS}` };
  }
  let text: string;
  try {
    text = await reader.readText(path);
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
  if (text.length > SOURCE_CHARS_MAX) {
    return { unreadable: `it holds more than ${SOURCE_CHARS_MAX} characters` };
  }
  if (extension === "csv") return { text, document: await readCsv(text, path) };
  return { text, document: extension === "json" ? readJson(text, path) : readYaml(text, path) };
}

/** The platform's parser is many times faster, but knows no places: those are found when they are asked for. */
function readJson(text: string, file: string): SourceDocument {
  let value: unknown;
  try {
    value = parseJsonAsWritten(text);
  } catch {
    return readYaml(text, file);
  }
  if (isNestedDeeper(value, NESTING_MAX)) return readYaml(text, file);
  let withPlaces: SourceDocument | undefined;
  return {
    file,
    value,
    problems: [],
    complete: true,
    placeOf: (path, part) => (withPlaces ??= readYaml(text, file)).placeOf(path, part),
  };
}

/** These files hold personas and openings: what they say stands in prompts. */
function readYaml(text: string, file: string): SourceDocument {
  return readDocument(text, file, { isWordForWord: true });
}
