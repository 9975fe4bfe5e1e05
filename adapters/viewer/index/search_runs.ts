/** Searches the indexes of runs, and cuts snippets from the logs. */
import type { DatabaseSync } from "node:sqlite";
import { readEvent } from "../../../analysis/projections/mod.ts";
import type { EventStore } from "../../../core/ports/mod.ts";
import type { Hit } from "../api.ts";
import { SLOTS_MAX } from "./index_file.ts";
import type { SearchedRun, SearchFound, SearchRequest } from "./messages.ts";
import { matchOf, type Term } from "./parse_search.ts";
import { beginningOf, snippetOf } from "./snippet.ts";

/** Matches are counted up to this number. */
export const HITS_COUNTED_MAX = 10_000;

/** After each group of this many matches, the search checks how much time it has taken. */
const MATCHES_PER_LOOK = 256;

/** The index and the logs of a run. */
export type SearchSource = Readonly<{ db: DatabaseSync; store: EventStore }>;

/**
 * Carries out a search.
 *
 * @param open Opens the index and the logs of a run.
 */
export async function searchRuns(
  request: SearchRequest,
  open: (run: SearchedRun) => Promise<SearchSource>,
): Promise<SearchFound> {
  const { terms, within, offset, limit, msMax, runs } = request;
  const until = performance.now() + msMax;
  const found: { run: SearchedRun; source: SearchSource; numbers: number[] }[] = [];
  let [total, isTotalCut, isLate] = [0, false, false];
  for (const run of runs) {
    const source = await open(run);
    const numbers: number[] = [];
    for (const number of matchesOf(source.db, run, matchOf(terms, columnsOf(within)))) {
      if (total >= offset && total < offset + limit) numbers.push(number);
      total++;
      isTotalCut = total >= Math.max(HITS_COUNTED_MAX, offset + limit);
      isLate = total % MATCHES_PER_LOOK === 0 && performance.now() > until;
      if (isTotalCut || isLate) break;
    }
    found.push({ run, source, numbers });
    isLate ||= performance.now() > until;
    if (isTotalCut || isLate) break;
  }
  const hits: Hit[] = [];
  const snippetsUntil = performance.now() + msMax;
  for (const { run, source, numbers } of found) {
    hits.push(...await hitsOf(numbers, source, { run: run.name, terms, within, until: snippetsUntil }));
  }
  const problem = isLate
    ? `The search was ended after ${msMax / 1000} seconds, so there may be more matches. Use rarer words`
    : null;
  return { hits, total, isTotalCut: isTotalCut || isLate, problem };
}

/**
 * The columns to search. A log has a raw reply only if the reply differs from the comment, so a search in raw replies must
 * also search the comments.
 */
function columnsOf(within: SearchRequest["within"]): readonly string[] {
  return [...new Set(within.flatMap((place) => place === "raw" ? ["raw", "comments"] : [place]))];
}

function* matchesOf(db: DatabaseSync, { allowed }: SearchedRun, match: string): Generator<number> {
  const statement = db.prepare("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid");
  statement.setReturnArrays(true);
  for (const row of statement.iterate(match)) {
    const [number] = row as unknown as readonly [number];
    if (allowed === null || allowed[Math.floor(number / SLOTS_MAX)] === 1) yield number;
  }
}

type Cutting = Readonly<{
  run: string;
  terms: readonly Term[];
  within: SearchRequest["within"];
  until: number;
}>;

async function hitsOf(
  numbers: readonly number[],
  { db, store }: SearchSource,
  cutting: Cutting,
): Promise<readonly Hit[]> {
  const nameOf = db.prepare("SELECT stream FROM logs WHERE id = ?");
  const hits: Hit[] = [];
  for (const [log, matches] of Map.groupBy(numbers, (number) => Math.floor(number / SLOTS_MAX))) {
    const stream = (nameOf.get(log) as { stream: string } | undefined)?.stream;
    // Another viewer can have removed the log meanwhile.
    if (stream === undefined) continue;
    const positions = new Set(matches.map((number) => number % SLOTS_MAX));
    const cut = performance.now() > cutting.until
      ? new Map<number, Hit>()
      : await snippetsIn(stream, positions, { ...cutting, store });
    for (const position of positions) {
      const none = { run: cutting.run, discussion: stream, position, speaker: "", snippet: [] };
      hits.push(cut.get(position) ?? { ...none, within: cutting.within[0]! });
    }
  }
  return hits;
}

/** Reads the slots of a log up to the last one that matches. */
async function snippetsIn(
  stream: string,
  positions: ReadonlySet<number>,
  { store, run, terms, within, until }: Cutting & Readonly<{ store: EventStore }>,
): Promise<ReadonlyMap<number, Hit>> {
  const hits = new Map<number, Hit>();
  let position = 0;
  try {
    for await (const line of store.read(stream)) {
      const entry = readEvent(JSON.parse(line));
      if (entry.kind !== "said") continue;
      if (positions.has(position)) {
        hits.set(position, {
          run,
          discussion: stream,
          position,
          speaker: entry.author,
          ...cutFrom(entry, terms, within),
        });
        if (hits.size === positions.size || performance.now() > until) break;
      }
      position++;
    }
  } catch {
    // The log is damaged, or has gone. Its matches stay without snippets. A user who opens the discussion sees the reason.
  }
  store.release(stream);
  return hits;
}

type Texts = Readonly<{ text: string | null; thoughts: string | undefined; raw: string | undefined }>;

function cutFrom(
  { text, thoughts, raw }: Texts,
  terms: readonly Term[],
  within: SearchRequest["within"],
): Pick<Hit, "within" | "snippet"> {
  const texts = { comments: text, thoughts, raw: raw ?? text };
  for (const place of within) {
    const snippet = snippetOf(texts[place] ?? "", terms);
    if (snippet !== null) return { within: place, snippet };
  }
  return { within: within[0]!, snippet: beginningOf(texts[within[0]!] ?? "") };
}
