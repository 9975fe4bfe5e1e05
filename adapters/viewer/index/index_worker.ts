/** The worker that reads and indexes the logs of runs. It sends errors as messages, because Deno would print them. */
import { folderRun } from "../../stores/mod.ts";
import { systemClock } from "../../system.ts";
import { deleteUnused } from "./index_place.ts";
import type { FromIndexer, IndexedRun, SearchRequest, ToIndexer } from "./messages.ts";
import { RunIndexer } from "./run_indexer.ts";
import { searchRuns } from "./search_runs.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToIndexer>) => void;
  postMessage: (message: FromIndexer) => void;
  close: () => void;
};

const indexers = new Map<string, RunIndexer>();

async function open({ name, place }: IndexedRun, folder: string | null): Promise<void> {
  await indexers.get(name)?.close();
  indexers.delete(name);
  if (folder !== null) deleteUnused(folder, systemClock.now());
  const indexer = await RunIndexer.start({
    name,
    open: () => folderRun(place).read(),
    folder,
    post: (message) => scope.postMessage(message),
    pause: () => new Promise((resolve) => setTimeout(resolve)),
  });
  indexers.set(name, indexer);
  await indexer.scan();
}

function indexerOf(name: string): RunIndexer {
  const indexer = indexers.get(name);
  if (indexer === undefined) throw new TypeError(`Cannot use the index of the run "${name}": it is not open`);
  return indexer;
}

function search(request: SearchRequest): Promise<unknown> {
  return searchRuns(request, ({ name }) => {
    const { file, reader } = indexerOf(name);
    return Promise.resolve({ db: file.db, store: reader.store });
  });
}

async function close(): Promise<void> {
  for (const indexer of indexers.values()) await indexer.close();
}

async function answer(message: ToIndexer): Promise<unknown> {
  switch (message.kind) {
    case "open":
      return await open(message.run, message.folder);
    case "update":
      return await indexerOf(message.run).update(message.streams);
    case "search":
      return await search(message.search);
    case "close":
      return await close();
    default:
      return message satisfies never;
  }
}

scope.onmessage = async ({ data }) => {
  const { id } = data;
  try {
    scope.postMessage({ kind: "answer", id, answer: await answer(data) });
  } catch (error) {
    scope.postMessage({
      kind: "failure",
      id,
      message: error instanceof Error ? error.message : String(error),
    });
  }
};
