/** Reads the files that an experiment file names, and the lists of personas and openings in these files. */
import type { SourceReader } from "../ports/source_reader.ts";
import { readCsv } from "./csv.ts";
import { placed, readDocument, SOURCE_CHARS_MAX, type SourceDocument } from "./document.ts";
import { isNestedDeeper, NESTING_MAX } from "./limits.ts";
import { parseJsonAsWritten } from "../json.ts";
import type { Extensions } from "./extensions.ts";
import { readOpeningRows, readOpenings } from "./openings.ts";
import { type ReadList, readPersonas } from "./personas.ts";
import type { Pasts } from "./past.ts";
import { type Problem, quoted } from "./problems.ts";
import { type PromptMistake, readTemplateSet, type ReferredSet, templatesPlace } from "./template_sets.ts";
import type { Opening, Persona } from "./experiment.ts";

type Source = Readonly<{ text: string; document: SourceDocument }> | Readonly<{ unreadable: string }>;

export type Sources = ReadonlyMap<string, Source>;

const FORMATS = ".json, .yaml, .yml or .csv";

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

/**
 * Reads JSON with `JSON.parse`, which is many times faster than the YAML parser but gives no places. The YAML
 * parser finds a place when it is needed.
 */
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

/**
 * Reads YAML. The file has personas or openings. Prompts quote them, so their words must stay as they are
 * written.
 */
function readYaml(text: string, file: string): SourceDocument {
  return readDocument(text, file, { isWordForWord: true });
}

/**
 * A list in the experiment file or in a file that it names. `sound`: whether all items are without problems.
 */
export type ReferredList<T> = ReadList<T> & Readonly<{ sound: boolean }>;

export type Referred = Readonly<{
  extensions: Extensions;
  /** Reads a value of `participants.personas`. The paths of findings start at this value. */
  personas: (value: unknown) => ReferredList<Persona>;
  openings: (value: unknown) => ReferredList<Opening>;
  /** Reads the template set that a value names. */
  templates: (value: string) => ReferredSet;
  /**
   * The problem for a mistake that was found when a prompt was rendered. Its place is in the file of the
   * template.
   */
  mistaken: (mistake: PromptMistake) => Problem;
  pasts: Pasts;
}>;

/**
 * Reads each list when it is needed for the first time. Problems inside the named files are added to
 * `problems`.
 */
export function referredBy(
  extensions: Extensions,
  sources: Sources,
  pasts: Pasts = new Map(),
): Readonly<{ referred: Referred; problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const lookUp = <T>(read: (value: unknown, columns?: readonly string[]) => ReadList<T>) => {
    const known = new Map<unknown, ReferredList<T>>();
    return (value: unknown): ReferredList<T> => {
      const list = known.get(value) ?? lookAt(value);
      known.set(value, list);
      return list;
    };
    function lookAt(value: unknown): ReferredList<T> {
      const source = typeof value === "string" ? sources.get(value) : undefined;
      if (source !== undefined) return fromSource(String(value), source);
      const list = read(value);
      return { ...list, sound: list.findings.length === 0 };
    }
    function fromSource(path: string, source: Source): ReferredList<T> {
      if ("unreadable" in source) {
        const finding = { path: [], message: `cannot read ${quoted(path)}: ${source.unreadable}` };
        return { items: [], findings: [finding], sound: false };
      }
      const { document } = source;
      problems.push(...document.problems);
      if (!document.complete) return { items: [], findings: [], sound: false };
      const { items, findings } = read(document.value, document.columns);
      problems.push(...findings.map((finding) => placed(document, finding)));
      return { items, findings: [], sound: findings.length + document.problems.length === 0 };
    }
  };
  const sets = new Map<string, ReferredSet>();
  return {
    referred: {
      extensions,
      pasts,
      templates(value) {
        let set = sets.get(value);
        if (set === undefined) {
          set = readTemplateSet(value, sources.get(value));
          sets.set(value, set);
          problems.push(...set.problems);
        }
        return set;
      },
      mistaken: (mistake) => templatesPlace(sets.values(), mistake),
      personas: lookUp(readPersonas),
      openings: lookUp((value, columns) =>
        columns === undefined ? readOpenings(value) : readOpeningRows(value, columns)
      ),
    },
    problems,
  };
}
