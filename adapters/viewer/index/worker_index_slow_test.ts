/** The index as the server uses it: with its workers, on runs in folders, some with thousands of logs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { StoreError } from "../../../core/ports/mod.ts";
import { folderRun } from "../../stores/mod.ts";
import { inFolder } from "../../testing/in_folder.ts";
import type { SearchQuery } from "../api.ts";
import { chained, eventsOf, makeManyLogs, nameOf } from "./testing/many_logs.ts";
import { WorkerIndex } from "./worker_index.ts";

const LOGS = 2_000;

/** A long time limit, because a correct search on a busy machine can take longer than a reader would wait. */
const PATIENT = { searchMs: 60_000 };

/** Opens an index for a test, and closes it afterwards. */
async function withIndex<Result>(
  folder: string | null,
  use: (index: WorkerIndex) => Promise<Result>,
  warn?: (note: string) => void,
): Promise<Result> {
  const index = new WorkerIndex(folder, warn, PATIENT);
  try {
    return await use(index);
  } finally {
    await index.close();
  }
}

async function opened(index: WorkerIndex, run: string, name = "run"): Promise<void> {
  await index.open(name, await folderRun(run).read());
}

async function hitsOf(index: WorkerIndex, query: SearchQuery): Promise<readonly string[]> {
  const { hits, problem } = await index.search(query, AbortSignal.timeout(60_000));
  assert.equal(problem, null);
  return hits.map(({ discussion, position }) => `${discussion}/${position}`);
}

/** The names of the indexes' files in a folder. */
function indexFiles(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".sqlite"));
}

Deno.test("WorkerIndex lists, filters and searches thousands of logs, and shows them at once after a restart", () =>
  inFolder(async (folder) => {
    const [run, cache] = [join(folder, "run"), join(folder, "cache")];
    await makeManyLogs(run, LOGS);
    const answers = () =>
      withIndex(cache, async (index) => {
        const progress: number[] = [];
        index.follow(({ done }) => progress.push(done));
        await opened(index, run);
        const { runs, indexed } = await index.overview();
        assert.deepEqual(indexed, { done: LOGS, of: LOGS });
        assert.deepEqual(runs[0]!.conditions.map(({ counts }) => counts.completed), [500, 500, 500, 500]);
        const { rows, total, facets } = await index.list({ condition: ["wild"], limit: 2 });
        const search = (text: string, others: Partial<SearchQuery> = {}) =>
          hitsOf(index, { text, ...others });
        return {
          rows,
          total,
          facets,
          phrases: await search('"w1 w2"'),
          later: await search("w1", { offset: 2_000, limit: 5 }),
          filtered: await search("w3*", { condition: ["calm"], name: "99" }),
          languages: [await search("公共汽车"), await search("東京"), await search("กลางคืน")],
        };
      });
    const first = await answers();
    assert.deepEqual([first.total, first.rows.map(({ discussion }) => discussion)], [500, [
      nameOf(1),
      nameOf(5),
    ]]);
    assert.ok(first.filtered.length > 0 && first.filtered.every((hit) => /^calm\.r.*99/.test(hit)));
    assert.deepEqual(
      first.languages,
      [
        [`${nameOf(0)}/2`, `${nameOf(1_000)}/2`],
        [`${nameOf(1)}/2`, `${nameOf(1_001)}/2`],
        [`${nameOf(1_002)}/2`, `${nameOf(2)}/2`].sort((one, other) => one < other ? -1 : 1),
      ].map((hits) => hits.toSorted()),
    );
    assert.deepEqual(await answers(), first);
    assert.equal(indexFiles(cache).length, 1);
  }));

Deno.test("WorkerIndex finds exactly the comments that have all words of a query", () =>
  inFolder(async (folder) => {
    const run = join(folder, "run");
    await makeManyLogs(run, 300);
    const expected = Array.from({ length: 300 }, (_, nth) => nth).flatMap((nth) =>
      eventsOf(nth).flatMap(({ type, data }) => {
        if (type !== "TurnTaken" || !("text" in data)) return [];
        const words = data.text.split(" ");
        return words.includes("w9") && words.includes("w30") ? [`${nameOf(nth)}/${data.turn}`] : [];
      })
    );
    await withIndex(null, async (index) => {
      await opened(index, run);
      const found = await hitsOf(index, { text: "w30 W9", limit: 500 });
      assert.deepEqual(found.toSorted(), expected.toSorted());
    });
  }));

Deno.test("several viewers index one run at once, and after a viewer was killed, the next viewer completes the index", () =>
  inFolder(async (folder) => {
    const [run, cache] = [join(folder, "run"), join(folder, "cache")];
    await makeManyLogs(run, LOGS);
    const program = `
      import { folderRun } from ${JSON.stringify(import.meta.resolve("../../stores/mod.ts"))};
      import { WorkerIndex } from ${JSON.stringify(import.meta.resolve("./worker_index.ts"))};
      const index = new WorkerIndex(${JSON.stringify(cache)});
      index.follow(({ done }) => console.log(done));
      await index.open("run", await folderRun(${JSON.stringify(run)}).read());`;
    await Deno.writeTextFile(join(folder, "viewer.ts"), program);
    const child = new Deno.Command(Deno.execPath(), {
      // The program is outside the project, so Deno would write its own packages into the project's lock file.
      args: ["run", "-A", "--no-check", "--no-lock", join(folder, "viewer.ts")],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    for await (const _ of child.stdout) break;
    const indexes = [1, 2].map(() => new WorkerIndex(cache, undefined, PATIENT));
    const opening = Promise.all(indexes.map((index) => opened(index, run)));
    child.kill("SIGKILL");
    await child.status;
    await opening;
    const found = await Promise.all(indexes.map(async (index) => {
      assert.equal((await index.list({})).facets.status![0]!.count, LOGS);
      const { total } = await index.search({ text: "w7" }, AbortSignal.timeout(60_000));
      return [total, await hitsOf(index, { text: "京都" })] as const;
    }));
    for (const index of indexes) await index.close();
    assert.deepEqual(found[0], found[1]);
    const alone = await withIndex(null, async (index) => {
      await opened(index, run);
      return (await index.search({ text: "w7" }, AbortSignal.timeout(60_000))).total;
    });
    assert.equal(found[0]![0], alone);
  }));

Deno.test("WorkerIndex replaces a damaged index, and works in memory if the folder is read-only", () =>
  inFolder(async (folder) => {
    const [run, cache] = [join(folder, "run"), join(folder, "cache")];
    await makeManyLogs(run, 50);
    const warned: string[] = [];
    const count = () =>
      withIndex(cache, async (index) => {
        await opened(index, run);
        return [
          (await index.list({})).total,
          (await hitsOf(index, { text: "公共汽车" })).length,
          index.note("run"),
        ];
      }, (note) => void warned.push(note));
    assert.deepEqual(await count(), [50, 1, null]);
    const [file] = indexFiles(cache);
    const path = join(cache, file!);
    await Deno.writeFile(path, new Uint8Array(20_000).fill(120));
    assert.deepEqual(await count(), [50, 1, null]);
    await Deno.remove(path);
    await Deno.mkdir(path);
    const [total, hits, note] = await count();
    assert.deepEqual([total, hits], [50, 1]);
    assert.match(String(note), /^Cannot keep an index in ".*": .*So the next start reads all logs again$/);
    assert.deepEqual(warned, [note]);
  }));

Deno.test("WorkerIndex lists and searches a run with damaged, very long, deleted and unreadable logs", () =>
  inFolder(async (folder) => {
    const run = join(folder, "run");
    await makeManyLogs(run, 4);
    const pathOf = (nth: number) => join(run, "discussions", `${nameOf(nth)}.jsonl`);
    const long = eventsOf(0).map((event) =>
      event.type === "TurnTaken" && event.data.turn === 1
        ? { ...event, data: { ...event.data, text: `${"filler ".repeat(200_000)}needle` } }
        : event
    );
    await Deno.writeTextFile(pathOf(0), `${chained(nameOf(0), long).join("\n")}\n`);
    await Deno.writeTextFile(pathOf(1), (await Deno.readTextFile(pathOf(1))).replace('"seq":4', '"seq":9'));
    await Deno.remove(pathOf(2));
    await Deno.mkdir(pathOf(2));
    await withIndex(null, async (index) => {
      await opened(index, run);
      const statuses = async () =>
        (await index.list({})).rows.map(({ discussion, status }) => [discussion, status] as const).sort();
      const expected = [[nameOf(0), "completed"], [nameOf(1), "damaged"], [nameOf(2), "damaged"], [
        nameOf(3),
        "completed",
      ]];
      assert.deepEqual(await statuses(), expected.toSorted());
      const { hits: [hit] } = await index.search({ text: "needle" }, AbortSignal.timeout(60_000));
      assert.deepEqual([hit?.position, hit?.snippet.at(-1)], [1, { text: "needle", hit: true }]);
      await Deno.remove(pathOf(3));
      assert.deepEqual(await index.update("run", [nameOf(3)]), [{ discussion: nameOf(3), events: 0 }]);
      assert.equal((await statuses()).length, 3);
    });
  }));

Deno.test("WorkerIndex accepts changes and searches while it opens a run, and says why a run cannot be opened", () =>
  inFolder(async (folder) => {
    const run = join(folder, "run");
    await makeManyLogs(run, 20);
    await withIndex(null, async (index) => {
      const reader = await folderRun(run).read();
      const opening = index.open("run", reader);
      assert.deepEqual((await index.overview()).indexed, { done: 0, of: 20 });
      assert.equal((await index.update("run", [nameOf(3)])).length, 1);
      await opening;
      assert.equal((await index.list({})).facets.status![0]!.count, 20);
      await Deno.rename(run, join(folder, "moved"));
      await assert.rejects(index.open("other", reader), (error) => error instanceof StoreError);
      assert.equal((await index.list({ run: ["run"] })).total, 20);
    });
  }));

Deno.test("WorkerIndex says that its worker has failed, answers no more questions, and can be closed", async () => {
  const { Worker } = globalThis;
  globalThis.Worker = class {
    onerror: (event: unknown) => void = () => {};
    postMessage() {
      queueMicrotask(() => this.onerror({ message: "no memory is left", preventDefault: () => {} }));
    }
    terminate() {}
  } as unknown as typeof Worker;
  try {
    await withIndex(null, async (index) => {
      for (let question = 0; question < 2; question++) {
        await assert.rejects(
          index.update("run", ["a"]),
          (error) => error instanceof StoreError && error.message.includes("no memory is left"),
        );
      }
    });
  } finally {
    globalThis.Worker = Worker;
  }
});

Deno.test("a search can be aborted, and searches after it are answered", () =>
  inFolder(async (folder) => {
    const run = join(folder, "run");
    await makeManyLogs(run, 20);
    await withIndex(join(folder, "cache"), async (index) => {
      await opened(index, run);
      const ended = new AbortController();
      const search = index.search({ text: "w1" }, ended.signal);
      ended.abort(new Error("the user typed on"));
      await assert.rejects(search, /the user typed on/);
      assert.equal((await hitsOf(index, { text: "公共汽车" })).length, 1);
    });
  }));

Deno.test("WorkerIndex indexes a run as soon as it can be read, even if it could not be read when it was opened", () =>
  inFolder(async (folder) => {
    const [run, away] = [join(folder, "run"), join(folder, "away")];
    await makeManyLogs(run, 3);
    await withIndex(null, async (index) => {
      const reader = await folderRun(run).read();
      await Deno.rename(run, away);
      await assert.rejects(index.open("run", reader), StoreError);
      await assert.rejects(index.update("run"), StoreError);
      await Deno.rename(away, run);
      const grown = await index.update("run");
      assert.deepEqual(grown.map(({ discussion }) => discussion).sort(), [0, 1, 2].map(nameOf).sort());
      assert.equal((await index.list({})).total, 3);
    });
  }));
