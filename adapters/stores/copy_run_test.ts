import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { memoryRun } from "../../core/ports/memory_run.ts";
import type { RunHome, RunReader } from "../../core/ports/mod.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";
import { inFolder } from "../testing/in_folder.ts";
import { copyRun } from "./copy_run.ts";
import { folderRun } from "./folder_run.ts";

const NOW_MS = Date.UTC(2026, 5, 1);

/** A run with two discussions. */
async function sample(): Promise<RunHome> {
  const home = memoryRun();
  const run = await home.open(sampleRun());
  for (const stream of ["a", "b"]) await run.store.append(stream, 0, [`${stream}0`, `${stream}1`]);
  await run.close();
  return home;
}

/** The same run. It calls `act` whenever a discussion is read. */
function whenRead(home: RunHome, act: (stream: string) => Promise<unknown>): RunHome {
  const reading = ({ store, ...run }: RunReader): RunReader => ({
    ...run,
    store: {
      ...store,
      async *read(stream, from) {
        await act(stream);
        yield* store.read(stream, from);
      },
    },
  });
  return { ...home, read: async () => reading(await home.read()) };
}

Deno.test("copyRun() copies all lines and files, and counts them", () =>
  inFolder(async (folder) => {
    const copied = await copyRun(await sample(), folderRun(`${folder}/copy`), { keys: false });
    // The description has three files: the experiment file, the manifest and the run's log.
    assert.deepEqual(copied, { discussions: 2, events: 4, files: 3, keys: 0, keysLeftOut: 0 });
    assert.equal(await Deno.readTextFile(`${folder}/copy/discussions/b.jsonl`), "b0\nb1\n");
  }));

Deno.test("copyRun() leaves nothing if it is stopped, or if the run changes meanwhile", () =>
  inFolder(async (folder) => {
    const home = await sample();
    const stopped = new AbortController();
    const look = { command: "report", outcomes: null, finished: 1, planned: 2 };
    const refused = async (from: RunHome, message: RegExp) => {
      const copying = copyRun(from, folderRun(`${folder}/copy`), { keys: false, signal: stopped.signal });
      await assert.rejects(copying, message);
      assert.deepEqual([...Deno.readDirSync(folder)], []);
    };
    await refused(
      whenRead(home, () => home.recordLook(look, NOW_MS)),
      /^RunError: .* it changed while it was copied/,
    );
    await refused(whenRead(home, () => Promise.resolve(stopped.abort())), /AbortError/);
    assert.ok(!existsSync(`${folder}/copy`));
  }));

Deno.test("copyRun() counts the keys of people that it leaves out, and copies them only if it is told to", () =>
  inFolder(async (folder) => {
    const from = folderRun(`${folder}/run`);
    const run = await from.open(sampleRun());
    for (const person of ["d/Ann", "d/Ben"]) await run.store.keys!.make(person);
    await run.close();
    await from.withdraw("d/Ben", NOW_MS);
    const copies = [false, true].map((keys) => [keys, folderRun(`${folder}/${keys}`)] as const);
    for (const [keys, to] of copies) {
      const { keys: copied, keysLeftOut } = await copyRun(from, to, { keys });
      assert.deepEqual([copied, keysLeftOut], keys ? [1, 0] : [0, 1]);
      const { store } = await to.read();
      assert.deepEqual(await store.keys!.look("d/Ann"), keys ? await run.store.keys!.look("d/Ann") : null);
      assert.equal(await store.keys!.look("d/Ben"), "withdrawn");
    }
    for (const { name } of Deno.readDirSync(`${folder}/true/people/keys`)) {
      assert.equal((await Deno.stat(`${folder}/true/people/keys/${name}`)).mode! & 0o777, 0o600);
    }
  }));
