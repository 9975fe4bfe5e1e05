/** The worker that searches the files of indexes, while another one writes to them. */
import { DatabaseSync } from "node:sqlite";
import type { EventStore } from "../../../core/ports/mod.ts";
import { folderRun } from "../../stores/mod.ts";
import type { SearchedRun, SearchFound, SearchRequest } from "./messages.ts";
import { searchRuns, type SearchSource } from "./search_runs.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<SearchRequest>) => void;
  postMessage: (message: SearchFound) => void;
};

const indexes = new Map<string, { path: string; db: DatabaseSync }>();
const stores = new Map<string, EventStore>();

async function open({ name, place, path }: SearchedRun): Promise<SearchSource> {
  if (path === null) throw new TypeError(`Cannot search the run "${name}": its index is not in a file`);
  let index = indexes.get(name);
  if (index?.path !== path) {
    index?.db.close();
    const db = new DatabaseSync(path);
    db.exec("PRAGMA query_only = 1; PRAGMA busy_timeout = 2000");
    indexes.set(name, index = { path, db });
  }
  let store = stores.get(name);
  if (store === undefined) stores.set(name, store = (await folderRun(place).read()).store);
  return { db: index.db, store };
}

async function answer(request: SearchRequest): Promise<SearchFound> {
  try {
    return await searchRuns(request, open);
  } catch (error) {
    // The index can have been made again under the same name. Then the next search opens the new one.
    for (const { db } of indexes.values()) db.close();
    indexes.clear();
    const problem = `Cannot search: ${error instanceof Error ? error.message : error}`;
    return { hits: [], total: 0, isTotalCut: false, problem };
  }
}

scope.onmessage = async ({ data }) => {
  scope.postMessage(await answer(data));
};
