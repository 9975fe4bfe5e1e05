import assert from "node:assert/strict";
import { join } from "node:path";
import type { EventStore, RunHome } from "../../../core/ports/mod.ts";
import { memoryRun } from "../../../core/ports/memory_run.ts";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { generationFailed, linesOf } from "../../../core/testing/mod.ts";
import { sampleEvents } from "../../../core/testing/sample_stream.ts";
import { inFolder } from "../../testing/in_folder.ts";
import { IndexedLogs } from "./indexed_logs.ts";
import type { FromIndexer } from "./messages.ts";
import { parseSearch } from "./parse_search.ts";
import { RunIndexer } from "./run_indexer.ts";
import { searchRuns } from "./search_runs.ts";
import { chained, eventsOf, nameOf } from "./testing/many_logs.ts";

/** A run in memory whose logs a test changes. */
async function openRun(): Promise<Readonly<{ home: RunHome; store: EventStore }>> {
  const home = memoryRun();
  const { store } = await home.open(sampleRun());
  return { home, store };
}

async function indexing(home: RunHome, folder: string | null = null, changes: Partial<EventStore> = {}) {
  const logs = new IndexedLogs({ name: "r", place: home.place });
  const messages: FromIndexer[] = [];
  const indexer = await RunIndexer.start({
    name: "r",
    open: async () => {
      const reader = await home.read();
      return { ...reader, store: { ...reader.store, ...changes } };
    },
    folder,
    pause: () => Promise.resolve(),
    post(message) {
      messages.push(message);
      if (message.kind === "opened") logs.forgetNumbers();
      if (message.kind === "listed") logs.list(message.streams);
      if (message.kind === "gone") logs.remove(message.streams);
      if (message.kind === "designs") logs.addDesigns(message.json);
      if (message.kind === "logs") logs.addLogs(message.json);
    },
  });
  const search = async (text: string) => {
    const parsed = parseSearch(text);
    if ("problem" in parsed) throw new Error(parsed.problem);
    const run = { name: "r", place: home.place, path: null, allowed: null };
    const request = {
      id: 1,
      terms: parsed.terms,
      within: ["comments"],
      offset: 0,
      msMax: 60_000,
      limit: 10,
      runs: [run],
    } as const;
    const found = await searchRuns(
      request,
      () => Promise.resolve({ db: indexer.file.db, store: indexer.reader.store }),
    );
    return found.hits.map(({ discussion, position, speaker }) => `${discussion}/${position} ${speaker}`);
  };
  const rows = () =>
    [...logs.rows()].map(({ discussion, status, comments }) => `${discussion} ${status} ${comments}`);
  return { indexer, logs, messages, search, rows };
}

Deno.test("RunIndexer lists the logs of a run, indexes them, and gives the plan", async () => {
  const { home, store } = await openRun();
  await store.append("a", 0, linesOf("a", sampleEvents("a")));
  await store.append("b", 0, linesOf("b", sampleEvents("b").slice(0, 3)));
  const { indexer, messages, rows, search } = await indexing(home);
  await indexer.scan();
  assert.deepEqual(rows(), ["a completed 4", "b in flight 2"]);
  assert.deepEqual(await search("Grüße"), ["a/0 Ada", "b/0 Ada"]);
  assert.deepEqual(await search("calm"), ["a/2 Mo"]);
  const progress = messages.filter(({ kind }) => kind === "progress").at(-1);
  assert.deepEqual(progress, { kind: "progress", run: "r", done: 2, of: 2 });
});

Deno.test("IndexedLogs filters by the status that the rows show: a log that is too short is damaged", async () => {
  const { home, store } = await openRun();
  for (const name of ["a", "b"]) await store.append(name, 0, linesOf(name, sampleEvents(name)));
  const { indexer, logs, rows } = await indexing(home);
  await indexer.scan();
  logs.ends = new Map([["b", [10, "hash"]]]);
  assert.deepEqual(rows(), ["a completed 4", "b damaged 4"]);
  const allowed = logs.allowed(({ status }) => status === "damaged");
  const numbers = [...indexer.file.logs()].map(({ id, stream }) => [stream, allowed[id]]);
  assert.deepEqual(numbers, [["a", 0], ["b", 1]]);
});

Deno.test("RunIndexer continues logs that grow, and adds new ones", async () => {
  const { home, store } = await openRun();
  const lines = linesOf("a", sampleEvents("a"));
  await store.append("a", 0, lines.slice(0, 3));
  const { indexer, rows, search } = await indexing(home);
  await indexer.scan();
  assert.deepEqual(await search("calm"), []);
  await store.append("a", 3, lines.slice(3, 5));
  assert.deepEqual(await indexer.update(["a"]), [{ discussion: "a", events: 5 }]);
  assert.deepEqual([rows(), await search("calm")], [["a failed 3"], ["a/2 Mo"]]);
  assert.deepEqual(await indexer.update(["a"]), []);
  await store.append("a", 5, lines.slice(5));
  await store.append("b", 0, linesOf("b", sampleEvents("b")));
  assert.deepEqual(await indexer.update(["b", "a"]), [
    { discussion: "b", events: 9 },
    { discussion: "a", events: 9 },
  ]);
  assert.deepEqual(rows(), ["a completed 4", "b completed 4"]);
  assert.deepEqual(await search("calm"), ["a/2 Mo", "b/2 Mo"]);
});

Deno.test("RunIndexer forgets logs that have gone, whether a scan or an update finds this", async () => {
  const { home, store } = await openRun();
  const gone = new Set<string>();
  const { indexer, rows, search } = await indexing(home, null, {
    async *sizes(streams) {
      for await (const one of store.sizes(streams)) if (!gone.has(one.stream)) yield one;
    },
  });
  for (const name of ["a", "b", "c"]) await store.append(name, 0, linesOf(name, sampleEvents(name)));
  await indexer.scan();
  gone.add("a");
  assert.deepEqual(await indexer.update(["a"]), [{ discussion: "a", events: 0 }]);
  gone.add("b");
  await indexer.scan();
  assert.deepEqual([rows(), await search("calm")], [["c completed 4"], ["c/2 Mo"]]);
});

Deno.test("RunIndexer keeps the index in a file, and after a restart reads only logs that have changed", () =>
  inFolder(async (folder) => {
    const { home, store } = await openRun();
    await store.append("a", 0, linesOf("a", sampleEvents("a").slice(0, 4)));
    await store.append("b", 0, linesOf("b", sampleEvents("b")));
    const first = await indexing(home, folder);
    await first.indexer.scan();
    first.indexer.file[Symbol.dispose]();
    await store.append("a", 4, linesOf("a", sampleEvents("a")).slice(4));
    const reads: string[] = [];
    const second = await indexing(home, folder, {
      read(stream, from) {
        reads.push(stream);
        return store.read(stream, from);
      },
    });
    assert.deepEqual(second.rows(), ["a in flight 3", "b completed 4"]);
    await second.indexer.scan();
    assert.deepEqual(reads, ["a"]);
    assert.deepEqual(second.rows(), ["a completed 4", "b completed 4"]);
    assert.deepEqual(await second.search("calm"), ["a/2 Mo", "b/2 Mo"]);
    second.indexer.file[Symbol.dispose]();
  }));

Deno.test("RunIndexer lists damaged and hand-made logs up to their damage, and indexes the others", async () => {
  const { home, store } = await openRun();
  const lines = linesOf("bad", sampleEvents("bad"));
  await store.append("bad", 0, [...lines.slice(0, 3), "no event", ...lines.slice(3)]);
  await store.append("empty", 0, ["{}"]);
  await store.append("good", 0, linesOf("good", sampleEvents("good")));
  const [opening] = sampleEvents("shape");
  const shape = { ...opening!, data: { ...opening!.data, condition: 7, participants: [] } } as never;
  await store.append("shape", 0, linesOf("shape", [shape]));
  const text = {
    type: "TurnTaken",
    data: { turn: 0, comment: 0, participant: "Ada", text: { no: "text" } },
  } as never;
  await store.append("text", 0, linesOf("text", [opening!, text]));
  const { indexer, rows, search, logs } = await indexing(home);
  await indexer.scan();
  assert.deepEqual(rows(), [
    "bad damaged 2",
    "empty damaged 0",
    "good completed 4",
    "shape damaged 0",
    "text damaged 0",
  ]);
  assert.deepEqual(await search("Grüße"), ["bad/0 Ada", "good/0 Ada"]);
  assert.match(logs.overview().damaged[0]!.message, /line 4 is damaged/);
});

Deno.test("RunIndexer reads a log from its beginning if the first events have changed", async () => {
  const { home } = await openRun();
  let lines = linesOf("a", sampleEvents("a").slice(0, 3));
  const { indexer, rows, search } = await indexing(home, null, {
    async *read(_, from = 0) {
      yield* lines.slice(from);
    },
    async *streams() {
      yield "a";
    },
    async *sizes() {
      yield { stream: "a", size: lines.length };
    },
  });
  await indexer.scan();
  assert.deepEqual(await search("no"), ["a/1 Bob"]);
  const [opening, first, , moderated] = sampleEvents("a");
  const failed = generationFailed(0, "Bob");
  lines = linesOf("a", [opening!, first!, failed, moderated!]);
  await indexer.scan();
  assert.deepEqual(rows(), ["a in flight 2"]);
  assert.deepEqual([await search("no"), await search("calm")], [[], ["a/1 Mo"]]);
});

Deno.test("RunIndexer works in memory and says so if the folder cannot be used", () =>
  inFolder(async (folder) => {
    const { home, store } = await openRun();
    await store.append("a", 0, linesOf("a", sampleEvents("a")));
    const file = join(folder, "file");
    Deno.writeTextFileSync(file, "");
    const { indexer, messages, rows } = await indexing(home, file);
    await indexer.scan();
    assert.deepEqual(rows(), ["a completed 4"]);
    const [opened] = messages;
    assert.ok(opened?.kind === "opened" && opened.path === null);
    assert.match(opened.note!, /^Cannot keep an index in ".*": .*\. So the next start reads all logs again/);
  }));

Deno.test("RunIndexer makes a damaged index again while it is in use", () =>
  inFolder(async (folder) => {
    const { home, store } = await openRun();
    await store.append("a", 0, linesOf("a", sampleEvents("a")));
    const { indexer, messages, rows, search } = await indexing(home, folder);
    await indexer.scan();
    const damage = Object.assign(new Error("database disk image is malformed"), { code: "ERR_SQLITE_ERROR" });
    indexer.file.write = () => {
      throw damage;
    };
    await store.append("b", 0, linesOf("b", sampleEvents("b")));
    await indexer.scan();
    assert.deepEqual(rows(), ["a completed 4", "b completed 4"]);
    assert.deepEqual(await search("calm"), ["a/2 Mo", "b/2 Mo"]);
    assert.deepEqual(messages.filter(({ kind }) => kind === "opened").length, 2);
    indexer.file[Symbol.dispose]();
  }));

Deno.test("RunIndexer continues in memory if the disk of the index is full", () =>
  inFolder(async (folder) => {
    const { home, store } = await openRun();
    await store.append("a", 0, linesOf("a", sampleEvents("a")));
    const { indexer, messages, rows } = await indexing(home, folder);
    indexer.file.write = () => {
      throw Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR" });
    };
    await indexer.scan();
    assert.deepEqual(rows(), ["a completed 4"]);
    const opened = messages.filter(({ kind }) => kind === "opened").at(-1);
    assert.ok(opened?.kind === "opened" && opened.path === null);
    assert.match(opened.note!, /database or disk is full/);
  }));

Deno.test("searchRuns() finds Chinese, Japanese and Thai in the middle of sentences, and parts of their words", async () => {
  const { home, store } = await openRun();
  for (let nth = 0; nth < 3; nth++) await store.append(nameOf(nth), 0, chained(nameOf(nth), eventsOf(nth)));
  const { indexer, search } = await indexing(home);
  await indexer.scan();
  for (
    const [nth, words] of [["公共汽车", "夜间", "汽"], ["東京", "京都", "バス"], ["รถเมล์", "กลางคืน"]]
      .entries()
  ) {
    for (const word of words) {
      assert.deepEqual((await search(word)).map((hit) => hit.split("/")[0]), [nameOf(nth)], word);
    }
  }
});
