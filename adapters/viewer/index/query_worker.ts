/** The worker that searches the files of indexes, while another worker writes to them. */
import { DatabaseSync } from "node:sqlite";
import type { EventStore } from "../../../core/ports/mod.ts";
import { readRun } from "../../stores/mod.ts";
import type { SearchedRun, SearchFound, SearchRequest } from "./messages.ts";
import { searchRuns, type SearchSource } from "./search_runs.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<SearchRequest>) => void;
  postMessage: (message: SearchFound) => void;
};

/** Name of a run → its index and its logs. */
const opened = new Map<string, Readonly<{ path: string; db: DatabaseSync; store: EventStore }>>();

async function open({ name, place, path }: SearchedRun): Promise<SearchSource> {
  if (path === null) throw new TypeError(`Cannot search the run "${name}": its index is not in a file`);
  const before = opened.get(name);
  if (before?.path === path) return before;
  before?.db.close();
  opened.delete(name);
  // A new index can belong to another run at the same place, whose logs can be in other sub-folders. So the
  // run is read again.
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
    // An index can have been made again under the same name. All are closed, so that the next search opens
    // the new one.
    for (const { db } of opened.values()) db.close();
    opened.clear();
    const problem = `Cannot search: ${error instanceof Error ? error.message : error}`;
    return { hits: [], total: 0, isTotalCut: false, problem };
  }
}

scope.onmessage = async ({ data }) => {
  scope.postMessage(await answer(data));
};
