/** The worker that reads and indexes the logs of runs. It sends errors as messages, because Deno would print them. */
import { readRun } from "../../stores/mod.ts";
import { systemClock } from "../../system.ts";
import { deleteUnused } from "./index_place.ts";
import type { FromIndexer, IndexedRun, SearchRequest, ToIndexer } from "./messages.ts";
import { RunIndexer } from "./run_indexer.ts";
import { searchRuns } from "./search_runs.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToIndexer>) => void;
  postMessage: (message: FromIndexer) => void;
};

/** The indexers by run. While one starts, the questions to it wait. */
const indexers = new Map<string, Promise<RunIndexer>>();

async function open(run: IndexedRun, folder: string | null): Promise<void> {
  const before = indexers.get(run.name);
  const started = (async () => {
    await (await before?.catch(() => null))?.close();
    return await start(run, folder);
  })();
  indexers.set(run.name, started);
  await (await started).scan();
}

function start({ name, place }: IndexedRun, folder: string | null): Promise<RunIndexer> {
  if (folder !== null) deleteUnused(folder, systemClock.now());
  return RunIndexer.start({
    name,
    open: () => readRun(place),
    folder,
    post: (message) => scope.postMessage(message),
    pause: () => new Promise((resolve) => setTimeout(resolve)),
  });
}

async function indexerOf(name: string): Promise<RunIndexer> {
  const indexer = await indexers.get(name);
  if (indexer === undefined) throw new TypeError(`Cannot use the index of the run "${name}": it is not open`);
  return indexer;
}

function search(request: SearchRequest): Promise<unknown> {
  return searchRuns(request, async ({ name }) => {
    const { file, reader } = await indexerOf(name);
    return { db: file.db, store: reader.store };
  });
}

async function close(): Promise<void> {
  for (const started of indexers.values()) await (await started.catch(() => null))?.close();
}

async function answer(message: ToIndexer): Promise<unknown> {
  switch (message.kind) {
    case "open":
      return await open(message.run, message.folder);
    case "update": {
      const indexer = await indexerOf(message.run);
      return await (message.streams === null ? indexer.scan() : indexer.update(message.streams));
    }
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
