/**
 * The worker that reads and indexes the logs of runs. It sends errors as messages: Deno would print thrown
 * errors.
 */
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

/** A run, the folder for its index, and its indexer. While an indexer starts, the questions to it wait. */
type Opened = Readonly<{ run: IndexedRun; folder: string | null; started: Promise<RunIndexer> }>;

const opened = new Map<string, Opened>();

async function open(run: IndexedRun, folder: string | null): Promise<void> {
  const before = opened.get(run.name)?.started;
  const started = (async () => {
    await (await before?.catch(() => null))?.close();
    return await start(run, folder);
  })();
  opened.set(run.name, { run, folder, started });
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

/**
 * The indexer of a run. If it could not start, for example because the run's server was down, it starts
 * again.
 */
async function indexerOf(name: string): Promise<RunIndexer> {
  const before = opened.get(name);
  if (before === undefined) throw new TypeError(`Cannot use the index of the run "${name}": it is not open`);
  try {
    return await before.started;
  } catch {
    // Another question can have started it again meanwhile.
    if (opened.get(name) === before) {
      opened.set(name, { ...before, started: start(before.run, before.folder) });
    }
    return await opened.get(name)!.started;
  }
}

function search(request: SearchRequest): Promise<unknown> {
  return searchRuns(request, async ({ name }) => {
    const { file, reader } = await indexerOf(name);
    return { db: file.db, store: reader.store };
  });
}

async function close(): Promise<void> {
  for (const { started } of opened.values()) await (await started.catch(() => null))?.close();
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
