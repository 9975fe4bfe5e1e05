/** Answers the page's questions from the files of an exported page. */
import { listRows, rowFilter } from "../../../analysis/listing/mod.ts";
import { discussionMeans, type RunOutcomes, viewRuns } from "../../../analysis/outcomes/mod.ts";
import { ANALYSIS_DEFAULT } from "../../../core/experiment/analysis_design.ts";
import {
  type ExportedIndex,
  type ExportedLog,
  type ExportedPart,
  INDEX_NAME,
  PART_NAME,
  partAddress,
} from "../export/exported.ts";
import type { Envelope } from "../../../core/events/mod.ts";
import type { Hit, SearchQuery, ViewerSource } from "../api.ts";
import { API_VERSION } from "../api.ts";

type Scope = { [INDEX_NAME]?: ExportedIndex; [PART_NAME]?: (part: number, text: string) => void };

/**
 * The index of the exported page.
 *
 * @throws {Error} If `index.js` was not loaded.
 */
export function exportedIndex(): ExportedIndex {
  const index = (globalThis as Scope)[INDEX_NAME];
  if (index !== undefined) return index;
  throw new Error('Cannot read "index.js": it is missing or damaged. Copy the whole folder');
}

/** Loads data files, each once. */
class Parts {
  readonly #loading = new Map<number, Promise<ExportedPart>>();
  readonly #loaded = new Map<number, ExportedPart>();

  constructor() {
    (globalThis as Scope)[PART_NAME] = (part, text) => this.#loaded.set(part, JSON.parse(text));
  }

  load(part: number): Promise<ExportedPart> {
    const known = this.#loading.get(part);
    if (known !== undefined) return known;
    const loading = new Promise<ExportedPart>((resolve, reject) => {
      const script = document.createElement("script");
      const fail = () => {
        this.#loading.delete(part);
        reject(
          new Error(`Cannot read "${partAddress(part)}": it is missing or damaged. Copy the whole folder`),
        );
      };
      script.onload = () => {
        const content = this.#loaded.get(part);
        if (content === undefined) fail();
        else resolve(content);
      };
      script.onerror = fail;
      script.src = partAddress(part);
      document.head.append(script);
    });
    this.#loading.set(part, loading);
    return loading;
  }

  /** The files that were loaded so far. */
  get loaded(): ReadonlyMap<number, ExportedPart> {
    return this.#loaded;
  }
}

/**
 * The source that reads the files beside the page.
 *
 * @throws {Error} When another version exported the page.
 */
export function fileSource(index: ExportedIndex): ViewerSource {
  const { runs, rows, files, outcomeFiles } = index;
  if (index.api !== API_VERSION) {
    throw new Error(`Cannot show this page: version ${index.syndisco} of the program exported its data`);
  }
  const parts = new Parts();
  const means = new Map<string, ReadonlyMap<string, number>>();
  const rowOf = (run: string, discussion: string) =>
    rows.findIndex((row) => row.run === run && row.discussion === discussion);
  const outcomesOf = async (names: readonly string[]): Promise<RunOutcomes[]> => {
    const found: RunOutcomes[] = [];
    for (const [at, { name }] of runs.entries()) {
      if (!names.includes(name) || outcomeFiles === null) continue;
      const part = await parts.load(outcomeFiles[at]!);
      if ("outcomes" in part) found.push(part.outcomes);
    }
    return found;
  };
  return {
    isExport: true,
    runs: () => Promise.resolve(runs),
    overview: () => Promise.resolve(index.overview),
    async list(query) {
      const outcome = query.sort?.startsWith(OUTCOME) ? query.sort.slice(OUTCOME.length) : null;
      if (outcome !== null && !means.has(outcome)) {
        const all = await outcomesOf(runs.map(({ name }) => name));
        means.set(
          outcome,
          new Map(
            all.flatMap(({ table, analysis }) =>
              discussionMeans(table, outcome, analysis ?? ANALYSIS_DEFAULT)
                .map(({ run, discussion, value }) => [JSON.stringify([run, discussion]), value] as const)
            ),
          ),
        );
      }
      return listRows(
        rows,
        query,
        ({ run, discussion }, name) => means.get(name)?.get(JSON.stringify([run, discussion])) ?? null,
      );
    },
    search: (query) => Promise.resolve(search(index, parts.loaded, query)),
    async events(run, discussion, from) {
      const row = rowOf(run, discussion);
      if (row === -1) throw new Error(`Cannot show "${discussion}": it is not in this export`);
      const part = await parts.load(files[row]!);
      const events = "events" in part ? eventsIn(part, run, discussion) : [];
      const next = events.length === 0 ? 0 : events.at(-1)!.seq + 1;
      return { events: events.filter(({ seq }) => seq >= from), next, isEnd: true, damage: null };
    },
    look: (run) => {
      const look = runs.find(({ name }) => name === run)?.look ?? null;
      return look === null
        ? Promise.reject(new Error("Cannot show outcomes: they were left out of this export"))
        : Promise.resolve(look);
    },
    outcome: async (names, question) => viewRuns(await outcomesOf(names), question),
    report: () => Promise.resolve(null),
    follow: () => {},
  };
}

function eventsIn(
  { events }: Readonly<{ events: readonly ExportedLog[] }>,
  run: string,
  discussion: string,
): readonly Envelope[] {
  return events.find(([itsRun, name]) => itsRun === run && name === discussion)?.[2] ?? [];
}

const OUTCOME = "outcome:";
const HITS_MAX = 50;
const CONTEXT_CHARS = 60;

/** Searches the comments of the files that were loaded. */
function search(
  { rows, files }: ExportedIndex,
  loaded: ReadonlyMap<number, ExportedPart>,
  { text, offset = 0, limit = HITS_MAX, within: _, ...filters }: SearchQuery,
) {
  const words = wordsOf(text);
  const passes = rowFilter(filters);
  const hits: Hit[] = [];
  let done = 0;
  for (const [at, row] of rows.entries()) {
    const part = loaded.get(files[at]!);
    if (part === undefined || !("events" in part)) continue;
    done++;
    if (!passes(row)) continue;
    const events = eventsIn(part, row.run, row.discussion);
    hits.push(...hitsIn(events, words).map((hit) => ({ run: row.run, discussion: row.discussion, ...hit })));
  }
  return {
    hits: hits.slice(offset, offset + limit),
    total: hits.length,
    isTotalCut: false,
    indexed: { done, of: rows.length },
    problem: null,
  };
}

/**
 * Words and phrases in quotes, in lower case. A star at the end of a word is ignored, because parts of words
 * always match.
 */
function wordsOf(text: string): readonly string[] {
  return [...text.toLowerCase().matchAll(/"([^"]+)"|(\S+)/g)]
    .map(([, phrase, word]) => phrase ?? word!.replace(/[*"]/g, "")).filter((word) => word !== "");
}

/** Events that make a slot. */
const SLOTS: ReadonlySet<string> = new Set([
  ...["SeedCommentPosted", "InterventionPosted", "TurnTaken", "TurnPassed"],
  ...["ModeratorIntervened", "ModeratorAbstained"],
]);

function hitsIn(
  events: readonly Envelope[],
  words: readonly string[],
): readonly Omit<Hit, "run" | "discussion">[] {
  if (words.length === 0) return [];
  return events.filter(({ type }) => SLOTS.has(type)).flatMap(({ data }, position) => {
    const said = data as Readonly<Record<string, unknown>>;
    const text = typeof said.text === "string" ? said.text : "";
    const lower = text.toLowerCase();
    if (!words.every((word) => lower.includes(word))) return [];
    const start = lower.indexOf(words[0]!);
    const end = start + words[0]!.length;
    const speaker = String(said.participant ?? said.moderator ?? said.author ?? "");
    return [{
      position,
      speaker,
      within: "comments" as const,
      snippet: [
        { text: text.slice(Math.max(0, start - CONTEXT_CHARS), start), hit: false },
        { text: text.slice(start, end), hit: true },
        { text: text.slice(end, end + CONTEXT_CHARS), hit: false },
      ],
    }];
  });
}
