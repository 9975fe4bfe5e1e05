/** The test cases about copies that every implementation of the port of runs must pass. */
import assert from "node:assert/strict";
import { RunError } from "../run_log/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { memoryRun } from "./memory_run.ts";
import type { RunHome, RunReader } from "./run.ts";
import type { CopiedDiscussion, RunCopy } from "./run_copy.ts";
import { RUN_TEXTS } from "./run_texts.ts";

const NOW_MS = Date.UTC(2026, 5, 1);

type Place = Readonly<{ home: RunHome; again: () => RunHome }>;

/**
 * Lines that a faulty store would change: with unusual spaces, escapes, and characters beyond the basic
 * plane.
 */
const LINES = ['{"a": 1 }', '{"text":"\\u0000 \\ud800 \u{1F600}"}', "\u2028 é"];

const CODE = `inputs/code/${portableSha256("code")}/lib/rule.ts`;

/** A run with every kind of file and text that a run can have. */
async function sample(): Promise<RunReader> {
  const home = memoryRun({ place: "sample" });
  const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0, 255]);
  const inputs = new Map([
    ["people.csv", { content: "\ufeffname\r\n", sha256: portableSha256("\ufeffname\r\n") }],
    [CODE, { content: bytes, sha256: portableSha256("any") }],
  ]);
  const run = await home.open({ ...sampleRun(), inputs });
  await run.store.append("d/1 ä", 0, LINES);
  await run.store.append("d2", 0, ["{}"]);
  await run.writeText(RUN_TEXTS.prices, '{ "a": 1 }');
  await run.writeText(RUN_TEXTS.annotation("mood"), "# mood\r\n");
  await run.appendText(RUN_TEXTS.ratings("mood", 1), "{}");
  await run.writeText(RUN_TEXTS.vectorModels, "{}");
  await run.appendText(RUN_TEXTS.vectors("0123456789abcdef", 1), "{}");
  await home.recordLook({ command: "report", outcomes: null, finished: 2, planned: 4 }, NOW_MS);
  await run.close();
  return await home.read();
}

async function importedSample(): Promise<RunReader> {
  const home = memoryRun({ place: "imported" });
  const run = await home.openImport({ nowMs: NOW_MS, versions: { a: "1" }, shards: 256 });
  await run.importStream("d", LINES);
  await run.flush();
  await run.recordImport({ "a.json": "1" }, { discussions: 1, conditions: 1, replications: 1 });
  await run.close();
  return await home.read();
}

function copyOf({ store, files }: RunReader): RunCopy {
  const discussions = async function* (): AsyncGenerator<CopiedDiscussion> {
    for await (const stream of store.streams()) {
      yield { stream, lines: await Array.fromAsync(store.read(stream)) };
    }
  };
  return { files: files(), discussions: discussions() };
}

/** All files and lines of a run, by name. */
async function contentOf(run: RunReader): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>();
  for await (const { name, content } of run.files()) all.set(name, content.toBase64());
  for await (const stream of run.store.streams()) {
    all.set(`stream ${stream}`, (await Array.fromAsync(run.store.read(stream))).join("\n"));
  }
  return new Map([...all].sort());
}

/** The cases, by name. */
export const COPY_CASES: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  async "receive() makes the same run, byte for byte"({ home, again }) {
    const run = await sample();
    await home.receive(copyOf(run));
    const received = await again().read();
    assert.deepEqual(await contentOf(received), await contentOf(run));
    assert.deepEqual([received.manifest, received.log], [run.manifest, run.log]);
    assert.deepEqual([received.experimentText, received.problems], [run.experimentText, []]);
    assert.equal(await received.readText(RUN_TEXTS.annotation("mood")), "# mood\r\n");
    const code = await Array.fromAsync(received.files({ below: "inputs/code/" }));
    assert.deepEqual(code.map(({ name }) => name), [CODE]);
    const writer = await home.reopen();
    await writer.store.append("d2", 1, ["[]"]);
    await writer.close();
    assert.deepEqual(await Array.fromAsync((await again().read()).store.read("d2")), ["{}", "[]"]);
  },
  async "receive() makes the same run of imported discussions"({ home, again }) {
    const run = await importedSample();
    await home.receive(copyOf(run));
    const received = await again().read();
    assert.deepEqual(await contentOf(received), await contentOf(run));
    assert.deepEqual([received.manifest, received.log, received.experimentText], [
      run.manifest,
      run.log,
      null,
    ]);
  },
  async "receive() refuses a place that already has a run, and does not change this run"({ home, again }) {
    await (await home.open(sampleRun())).close();
    const before = await contentOf(await again().read());
    await assert.rejects(home.receive(copyOf(await sample())), RunError);
    assert.deepEqual(await contentOf(await again().read()), before);
  },
  async "receive() leaves nothing of a copy that fails at its end"({ home, again }) {
    const { files, discussions } = copyOf(await sample());
    const failing = async function* () {
      yield* discussions;
      throw new Error("stopped");
    };
    await assert.rejects(home.receive({ files, discussions: failing() }), /stopped/);
    await assert.rejects(again().read(), /^RunError: Cannot open the run/);
    await home.receive(copyOf(await sample()));
    assert.equal((await again().read()).problems.length, 0);
  },
};
