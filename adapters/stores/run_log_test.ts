/** The log of a run after a kill, and run folders that differ from their log. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { headOf } from "../../core/run_log/mod.ts";
import { nativeSha256 } from "../system.ts";
import { inFolder } from "../testing/in_folder.ts";
import { folderRun } from "./folder_run.ts";
import { RunLogFile } from "./run_log_file.ts";
import { openRunFolder, readRunFolder } from "./run_folder.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";

const PROCESS = fileURLToPath(new URL("./testing/process.ts", import.meta.url));

async function killedAfterEvent(...args: string[]): Promise<void> {
  const { signal } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PROCESS, "add-event-and-die", ...args],
  })
    .output();
  assert.equal(signal, "SIGKILL");
}

/** Opens the sample run for writing, closes it, and reads the folder. */
async function opened(path: string, run = sampleRun()) {
  await (await openRunFolder(path, run)).close();
  const { manifest, problems, log } = readRunFolder(path);
  assert.ok(log.kind === "kept");
  return { manifest, problems, events: log.log.entries.length };
}

/** The sample run with this number of discussions. */
function ofSize(discussions: number) {
  const run = sampleRun();
  return { ...run, manifest: { ...run.manifest, plan: { ...run.manifest.plan, discussions } } };
}

Deno.test("openRunFolder() keeps the log of a run that was killed before it wrote its manifest", () =>
  inFolder(async (folder) => {
    await killedAfterEvent(folder);
    const before = await Deno.readTextFile(`${folder}/run.jsonl`);
    const { problems, events, manifest } = await opened(folder, {
      ...sampleRun(),
      nowMs: Date.UTC(2027, 0, 1),
    });
    assert.deepEqual([problems, events, manifest.createdAt], [[], 1, "2026-01-01T00:00:00.000Z"]);
    assert.equal(await Deno.readTextFile(`${folder}/run.jsonl`), before);
    assert.equal(await Deno.readTextFile(`${folder}/experiment.yaml`), sampleRun().experimentText);
  }));

Deno.test("openRunFolder() replaces the log of another experiment that was killed before it wrote its manifest", () =>
  inFolder(async (folder) => {
    await killedAfterEvent(folder);
    const { problems, events, manifest } = await opened(folder, sampleRun("f2", 20));
    assert.deepEqual([problems, events, manifest.fingerprint], [[], 1, "f2"]);
  }));

Deno.test("openRunFolder() updates the manifest of a run that was killed after it extended its log", () =>
  inFolder(async (folder) => {
    await opened(folder);
    await killedAfterEvent(folder, "6");
    const behind = readRunFolder(folder);
    assert.deepEqual([behind.problems, behind.manifest.plan.discussions], [[], 6]);
    const edited = await Deno.readTextFile(`${folder}/manifest.json`);
    await Deno.writeTextFile(`${folder}/manifest.json`, edited.replace('"seed": "42"', '"seed": "43"'));
    assert.match(
      readRunFolder(folder).problems.join(),
      /"run\.jsonl": seed: "42" → "43"/,
      "readRunFolder() still reports an edit",
    );
    await Deno.writeTextFile(`${folder}/manifest.json`, edited);
    const { problems, events, manifest } = await opened(folder, ofSize(6));
    assert.deepEqual([problems, events, manifest.plan.discussions], [[], 2, 6]);
    const stored = JSON.parse(await Deno.readTextFile(`${folder}/manifest.json`));
    assert.equal(stored.plan.discussions, 6);
  }));

Deno.test("openRunFolder() removes an unfinished last line of the log", () =>
  inFolder(async (folder) => {
    await opened(folder);
    const file = `${folder}/run.jsonl`;
    const line = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, `${line}{"stream":"run","seq":1,"at"`);
    const { problems, events } = await opened(folder, ofSize(6));
    assert.deepEqual([problems, events], [[], 2]);
    await Deno.remove(`${folder}/manifest.json`);
    await Deno.remove(`${folder}/experiment.yaml`);
    await Deno.writeTextFile(file, line.slice(0, 100));
    assert.deepEqual((await opened(folder)).problems, []);
  }));

Deno.test("openRunFolder() writes a deleted manifest again, from the log", () =>
  inFolder(async (folder) => {
    await opened(folder);
    const before = await Deno.readTextFile(`${folder}/manifest.json`);
    await Deno.writeTextFile(`${folder}/discussions/s.jsonl`, "first\n");
    await Deno.remove(`${folder}/manifest.json`);
    assert.deepEqual((await opened(folder)).problems, []);
    assert.equal(await Deno.readTextFile(`${folder}/manifest.json`), before);
  }));

Deno.test("readRunFolder() reads a run without its manifest from the log, and says that it is missing", () =>
  inFolder(async (folder) => {
    await opened(folder);
    const { manifest } = readRunFolder(folder);
    await Deno.remove(`${folder}/manifest.json`);
    const without = readRunFolder(folder);
    assert.deepEqual(without.manifest, manifest);
    assert.match(
      without.problems.join(),
      /^"manifest\.json" is missing\. Give this folder to the command "run"/,
    );
    await Deno.remove(`${folder}/run.jsonl`);
    assert.throws(() => readRunFolder(folder), { kind: "not-a-run" });
  }));

/**
 * Makes a run with three events in its log. The last event is a look: it records that someone saw the results. Returns
 * the lines of the log.
 */
async function withLook(path: string): Promise<readonly string[]> {
  const run = await openRunFolder(path, sampleRun());
  await run.record(STARTED, Date.now());
  await run.close();
  await folderRun(path).recordLook(LOOK, Date.now());
  return (await Deno.readTextFile(`${path}/run.jsonl`)).trimEnd().split("\n");
}

const STARTED = {
  type: "RunStarted",
  data: { command: "run", options: {}, models: {}, versions: {}, code: {} },
} as const;

const LOOK = { command: "report", outcomes: null, finished: 2, planned: 4 };

Deno.test("the manifest records the end of the run's log after every event, so that a log that was cut or has new hashes is found", () =>
  inFolder(async (folder) => {
    const lines = await withLook(folder);
    const file = `${folder}/run.jsonl`;
    const manifest = await Deno.readTextFile(`${folder}/manifest.json`);
    assert.deepEqual(JSON.parse(manifest).runLogEnd, [3, JSON.parse(lines[2]!).hash]);
    assert.deepEqual(readRunFolder(folder).problems, []);
    await Deno.writeTextFile(file, `${lines.slice(0, 2).join("\n")}\n`);
    const cut = /"run\.jsonl" was cut or changed: it has 2 of the 3 events that "manifest\.json" records/;
    assert.match(readRunFolder(folder).problems.join(), cut);
    await assert.rejects(openRunFolder(folder, ofSize(6)), cut);
    await assert.rejects(folderRun(folder).recordLook(LOOK, Date.now()), cut);
    assert.equal(
      await Deno.readTextFile(`${folder}/manifest.json`),
      manifest,
      "a new look does not hide the cut",
    );
    await new RunLogFile(folder).append({ type: "ResultsViewed", data: { ...LOOK, finished: 1 } });
    assert.match(
      readRunFolder(folder).problems.join(),
      /was cut or changed: "manifest\.json" records a different event as number 3/,
    );
  }));

Deno.test("openRunFolder() names a remedy for a manifest that is newer than an intact log, and the remedy works", () =>
  inFolder(async (folder) => {
    const lines = await withLook(folder);
    const file = `${folder}/run.jsonl`;
    await Deno.writeTextFile(file, `${lines.slice(0, 2).join("\n")}\n`);
    const remedy = /copied while its run was in use, delete "manifest\.json": the run then writes it again/;
    await assert.rejects(openRunFolder(folder, ofSize(6)), remedy);
    await Deno.writeTextFile(file, `${lines[1]}\n`);
    await assert.rejects(
      openRunFolder(folder, ofSize(6)),
      (error: Error) => /Restore "run\.jsonl" from a copy, or choose another folder$/.test(error.message),
    );
    await Deno.writeTextFile(file, `${lines.slice(0, 2).join("\n")}\n`);
    await Deno.remove(`${folder}/manifest.json`);
    await (await openRunFolder(folder, ofSize(6))).close();
    assert.deepEqual(readRunFolder(folder).problems, []);
  }));

Deno.test("a manifest that records an earlier end of the run's log is accepted, and the next event renews it", () =>
  inFolder(async (folder) => {
    const lines = await withLook(folder);
    const file = `${folder}/manifest.json`;
    const { runLogEnd: _, ...older } = JSON.parse(await Deno.readTextFile(file));
    for (const end of [{ runLogEnd: [2, JSON.parse(lines[1]!).hash] }, {}]) {
      await Deno.writeTextFile(file, JSON.stringify({ ...older, ...end }));
      assert.deepEqual(readRunFolder(folder).problems, []);
    }
    await folderRun(folder).recordLook({ ...LOOK, finished: 3 }, Date.now());
    assert.equal(JSON.parse(await Deno.readTextFile(file)).runLogEnd[0], 4);
    assert.deepEqual(readRunFolder(folder).problems, []);
  }));

Deno.test("an event does not renew a manifest that was edited, so that the edit can be found", () =>
  inFolder(async (folder) => {
    await withLook(folder);
    const file = `${folder}/manifest.json`;
    const edited = (await Deno.readTextFile(file)).replace('"seed": "42"', '"seed": "43"');
    await Deno.writeTextFile(file, edited);
    await folderRun(folder).recordLook({ ...LOOK, finished: 3 }, Date.now());
    assert.equal(await Deno.readTextFile(file), edited);
    assert.match(readRunFolder(folder).problems.join(), /seed: "42" → "43"/);
  }));

Deno.test("parts of a run that start at the same moment write one log", () =>
  inFolder(async (folder) => {
    const parts = Array.from({ length: 6 }, (_, at) => ({ index: at + 1, count: 6 }));
    const runs = await Promise.all(
      parts.map((part) => openRunFolder(folder, { ...ofSize(4 + part.index), nowMs: Date.now() }, { part })),
    );
    for (const run of runs) await run.close();
    const { problems, log, manifest } = readRunFolder(folder);
    assert.ok(log.kind === "kept");
    assert.deepEqual([problems, manifest.plan.discussions], [[], 10]);
    for (const run of runs) {
      assert.ok(run.log.kind === "kept");
      const head = headOf(run.log.log);
      assert.ok(log.log.entries.some(({ hash }) => hash === head));
    }
  }));

const CHANGES:
  readonly (readonly [file: string, change: (text: string) => string | null, problem: RegExp])[] = [
    [
      "manifest.json",
      (text) => text.replace('"seed": "42"', '"seed": "43"'),
      /"run\.jsonl": seed: "42" → "43"/,
    ],
    [
      "manifest.json",
      (text) => text.replace('"shards": 0', '"shards": 0, "analysis": null'),
      /"run\.jsonl": analysis: nothing → null/,
    ],
    ["manifest.json", (text) => text.replace(/"runLog": "\w+"/, `"runLog": "${"0".repeat(64)}"`), /runLog/],
    ["experiment.yaml", (text) => `${text}\n`, /"experiment\.yaml" is not the experiment file/],
    ["run.jsonl", (text) => text.replace('"seed":"42"', '"seed":"43"'), /"run\.jsonl" is damaged: the hash/],
    ["run.jsonl", () => "", /"run\.jsonl", which "manifest\.json" names, is missing/],
    ["run.jsonl", () => null, /"run\.jsonl", which "manifest\.json" names, is missing/],
    ["run.jsonl", (text) => text.repeat(2), /"run\.jsonl" is damaged/],
    [
      `inputs/${nativeSha256("[]")}.json`,
      () => "[1]",
      /the copy of "p\.json" in "inputs" is missing or was changed/,
    ],
    [
      `inputs/${nativeSha256("[]")}.json`,
      () => null,
      /the copy of "p\.json" in "inputs" is missing or was changed/,
    ],
  ];

Deno.test("readRunFolder() reports every difference between a folder and its log, and no look is added to a damaged log", () =>
  inFolder(async (folder) => {
    const run = sampleRun();
    const sha256 = nativeSha256("[]");
    const described = {
      ...run,
      manifest: { ...run.manifest, sources: { "p.json": sha256 } },
      inputs: new Map([["p.json", { content: "[]", sha256 }]]),
    };
    for (const [nth, [file, change, problem]] of CHANGES.entries()) {
      const path = `${folder}/${nth}`;
      await (await openRunFolder(path, described)).close();
      assert.deepEqual(readRunFolder(path).problems, []);
      const text = change(await Deno.readTextFile(`${path}/${file}`));
      if (text === null) await Deno.remove(`${path}/${file}`);
      else await Deno.writeTextFile(`${path}/${file}`, text);
      const { problems, manifest } = readRunFolder(path);
      assert.match(problems.join("\n"), problem);
      assert.equal(manifest.seed, "42", "the log counts, not the manifest");
      if (file === "run.jsonl") {
        const look = { command: "view", outcomes: null, finished: 1, planned: 1 };
        await assert.rejects(folderRun(path).recordLook(look, 0), (error) => {
          assert.ok(error instanceof RunError, String(error));
          return problem.test(error.message) && error.message.endsWith('Restore "run.jsonl" from a copy');
        });
      }
      await assert.rejects(openRunFolder(path, described), (error) => {
        assert.ok(error instanceof RunError && error.kind === "damaged-manifest", String(error));
        return true;
      });
    }
  }));

Deno.test("openRunFolder() adds discussions to a run of an older version, which has no log", () =>
  inFolder(async (folder) => {
    await opened(folder);
    const file = `${folder}/manifest.json`;
    const { runLog: _, ...older } = JSON.parse(await Deno.readTextFile(file));
    await Deno.writeTextFile(file, JSON.stringify(older));
    await Deno.remove(`${folder}/run.jsonl`);
    await (await openRunFolder(folder, ofSize(6))).close();
    const { log, problems, manifest } = readRunFolder(folder);
    assert.deepEqual([log.kind, problems, manifest.plan.discussions], ["none", [], 6]);
  }));
