/** The worker that searches the files of indexes, while another one writes to them. */
import { DatabaseSync } from "node:sqlite";
import type { EventStore } from "../../../core/ports/mod.ts";
import { readRun } from "../../stores/mod.ts";
import type { SearchedRun, SearchFound, SearchRequest } from "./messages.ts";
import { searchRuns, type SearchSource } from "./search_runs.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<SearchRequest>) => void;
  postMessage: (message: SearchFound) => void;
};

/** The run's index and logs, by its name. */
const opened = new Map<string, Readonly<{ path: string; db: DatabaseSync; store: EventStore }>>();

async function open({ name, place, path }: SearchedRun): Promise<SearchSource> {
  if (path === null) throw new TypeError(`Cannot search the run "${name}": its index is not in a file`);
  const before = opened.get(name);
  if (before?.path === path) return before;
  before?.db.close();
  opened.delete(name);
  // Another run at the same place has another index, and its logs can be divided otherwise.
  const { store } = await readRun(place);
  const db = new DatabaseSync(path);
  db.exec("PRAGMA query_only = 1; PRAGMA busy_timeout = 2000");
  const source = { path, db, store };
  opened.set(name, source);
  return source;
}

async function answer(request: SearchRequest): Promise<SearchFound> {
  try {
    return await searchRuns(request, open);
  } catch (error) {
    // The index can have been made again under the same name. Then the next search opens the new one.
    for (const { db } of opened.values()) db.close();
    opened.clear();
    const problem = `Cannot search: ${error instanceof Error ? error.message : error}`;
    return { hits: [], total: 0, isTotalCut: false, problem };
  }
}

scope.onmessage = async ({ data }) => {
  scope.postMessage(await answer(data));
};
