import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { sampleRun } from "../core/testing/sample_run.ts";
import { fileSources } from "./local/file_sources.ts";
import { importScores } from "./imports/import_scores.ts";
import { sourceFiles } from "./imports/source_files.ts";
import { removeIndexFile } from "./viewer/index/index_file.ts";
import { hashOf as modelHashOf } from "./models/shared/model_files.ts";
import { infoAt, kindAt } from "./path_info.ts";
import {
  experimentFileAt,
  fileOfRun,
  folderRun,
  JsonlEventStore,
  openLogFile,
  runThatOwns,
} from "./stores/mod.ts";
import { folderFiles } from "./stores/folder_files.ts";
import { HeldLogs } from "./stores/open_streams.ts";
import { folderPersonKeys } from "./stores/person_keys.ts";
import { readInput, refuseForeignFolder } from "./stores/run_files.ts";
import { runHolders } from "./stores/run_lock.ts";
import { readRunLog } from "./stores/run_log.ts";
import { readRunText } from "./stores/run_text_file.ts";
import { streamFiles } from "./stores/stream_files.ts";
import { verifyLog } from "./stores/verify_log.ts";
import { nativeSha256 } from "./system.ts";
import { hashOf, readSums } from "./sums.ts";
import { inFolder } from "./testing/in_folder.ts";

const HASH = "0".repeat(64);

/** Name of a function → a call with a path at which nothing is. */
const CALLS: Readonly<Record<string, (path: string) => unknown>> = {
  "infoAt()": (path) => [infoAt(path), infoAt(path, Deno.lstatSync)],
  "kindAt()": kindAt,
  "experimentFileAt()": experimentFileAt,
  "fileOfRun()": fileOfRun,
  "runThatOwns()": runThatOwns,
  "openLogFile()": async (path) => {
    const log = openLogFile(join(path, "discussions", "a.jsonl"))!;
    return [log.discussion, log.home, await Array.fromAsync(log.store.streams())];
  },
  "JsonlEventStore.read()": (path) => Array.fromAsync(new JsonlEventStore(path).read("a")),
  "JsonlEventStore.streams()": (path) => Array.fromAsync(new JsonlEventStore(path).streams()),
  "JsonlEventStore.sizes()": (path) => Array.fromAsync(new JsonlEventStore(path).sizes(["a"])),
  "streamFiles().sizes()": (path) => [...streamFiles(path, 256).sizes()],
  "HeldLogs.check()": (path) => {
    const held = new HeldLogs({ ...streamFiles(path, 0), find: (stream) => join(path, stream) });
    held.note("a", 7, null);
    held.check();
  },
  "folderRun().read()": (path) => folderRun(path).read(),
  "folderRun().reopen()": (path) => folderRun(path).reopen(),
  "folderRun().holders()": (path) => folderRun(path).holders(),
  "folderRun().pausedModels()": (path) => folderRun(path).pausedModels(),
  "runHolders()": runHolders,
  "refuseForeignFolder()": refuseForeignFolder,
  "readInput()": (path) => readInput(path, "model.yaml", HASH),
  "readRunText()": (path) => readRunText(path, "prices.json"),
  "readRunLog()": (path) => readRunLog(path, null),
  "folderPersonKeys().look()": (path) => folderPersonKeys(path).look("Anna"),
  "folderPersonKeys().isEmpty()": (path) => folderPersonKeys(path).isEmpty(),
  "folderPersonKeys().persons()": (path) => folderPersonKeys(path).persons(),
  "verifyLog()": (path) => verifyLog(join(path, "a.jsonl"), nativeSha256, [[1, HASH]]),
  "hashOf() of a list of sums": hashOf,
  "readSums()": readSums,
  "hashOf() of a model": modelHashOf,
  "fileSources().readText()": (path) => fileSources(dirname(path)).readText(path),
  "sourceFiles()": async (path) => {
    const unusable: string[] = [];
    const note = (_: string, message: string) => void unusable.push(message);
    await sourceFiles([path], { format: undefined, unusable: note }).catch(() => {});
    return unusable;
  },
  "importScores()": async (path) => {
    const into = join(dirname(dirname(path)), "scored");
    await (await folderRun(into).open(sampleRun())).close();
    const options = {
      name: "toxicity",
      format: "csv",
      columns: {},
      annotator: "imported",
      strict: false,
    } as const;
    await importScores(path, { into, ...options, found: () => {} });
  },
  "removeIndexFile()": removeIndexFile,
};

/** What a call returns or throws, with `PATH` in place of the path. */
async function outcomeOf(call: (path: string) => unknown, path: string): Promise<unknown> {
  const outcome = await Promise.try(call, path).then(
    (value) => ({ value }),
    (error) => ({ error: `${error}` }),
  );
  return JSON.parse(JSON.stringify(outcome).replaceAll(JSON.stringify(path).slice(1, -1), "PATH"));
}

for (const [name, call] of Object.entries(CALLS)) {
  Deno.test(`${name} treats a path below a file as a missing path`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(join(folder, "file"), "");
      const outcome = await outcomeOf(call, join(folder, "file", "run"));
      assert.deepEqual(outcome, await outcomeOf(call, join(folder, "folder", "run")));
    }));
}

Deno.test("infoAt() follows links, or looks at a link itself", () =>
  inFolder(async (folder) => {
    const [file, link, lost] = ["file", "link", "lost"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await Deno.writeTextFile(file, "four");
    await Deno.symlink(file, link);
    await Deno.symlink(join(folder, "nowhere"), lost);
    assert.deepEqual([infoAt(link)?.size, infoAt(link, Deno.lstatSync)?.isSymlink], [4, true]);
    assert.deepEqual([infoAt(lost), infoAt(lost, Deno.lstatSync)?.isSymlink], [null, true]);
    assert.deepEqual([folder, link, lost].map(kindAt), ["folder", "file", null]);
  }));

Deno.test("infoAt() throws if it cannot be seen what is at a path", () =>
  inFolder(async (folder) => {
    const link = join(folder, "circle");
    await Deno.symlink(link, link);
    assert.throws(() => infoAt(link), { code: "ELOOP" });
  }));

/** What an open run reports after its folder was moved, and perhaps replaced. */
async function lostRun(replace: (run: string) => unknown): Promise<readonly string[]> {
  return await inFolder(async (folder) => {
    const path = join(folder, "run");
    const run = await folderRun(path).open(sampleRun());
    await run.store.append("a", 0, ["{}"]);
    await Deno.rename(path, `${path}-moved`);
    await replace(path);
    const errors: string[] = [];
    const note = (error: Error) => errors.push(`${error}`.replaceAll(folder, "FOLDER"));
    await run.store.append("a", 1, ["{}"]).catch(note);
    await run.store.append("b", 0, ["{}"]).catch(note);
    await run.close().catch(note);
    return errors;
  });
}

Deno.test("an open run whose folder is replaced by a file reports the same as after the folder was moved", async () => {
  const reports = await lostRun(() => {});
  assert.match(reports[0]!, /^StoreError: Cannot continue.*"FOLDER\/run.*" was deleted/);
  assert.deepEqual(await lostRun((path) => Deno.writeTextFile(path, "")), reports);
});

Deno.test("folderFiles() leaves out a folder of the run that is a file", () =>
  inFolder(async (folder) => {
    const run = await folderRun(folder).open(sampleRun());
    await run.close();
    const names = async () => {
      const { manifest } = await folderRun(folder).read();
      return [...folderFiles(folder, { manifest })].map(({ name }) => name);
    };
    const before = await names();
    await Deno.writeTextFile(join(folder, "people"), "");
    assert.deepEqual(await names(), before);
  }));

Deno.test("JsonlEventStore.streams() refuses a file in the place of its folder", () =>
  inFolder(async (folder) => {
    const file = join(folder, "discussions");
    await Deno.writeTextFile(file, "");
    await assert.rejects(
      Array.fromAsync(new JsonlEventStore(file).streams()),
      /^StoreError: Cannot read ".*discussions": a part of the path is a file, not a folder/,
    );
  }));
