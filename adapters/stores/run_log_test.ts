/** The log of a run: what a kill leaves of it, and what of a folder is not as it says. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { nativeSha256 } from "../system.ts";
import { inFolder } from "../testing/in_folder.ts";
import { openRunFolder, readRunFolder } from "./run_folder.ts";
import { RunFolderError } from "./store_errors.ts";
import { sampleRun } from "./testing/sample_run.ts";
import { differencesBetween, listOfDifferences } from "./run_log.ts";

const PROCESS = fileURLToPath(new URL("./testing/process.ts", import.meta.url));

async function killedAfterEvent(...args: string[]): Promise<void> {
  const { signal } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PROCESS, "add-event-and-die", ...args],
  })
    .output();
  assert.equal(signal, "SIGKILL");
}

/** Opens the sample run for writing, and gives what a reader then finds. */
async function opened(path: string, run = sampleRun()) {
  await (await openRunFolder(path, run)).close();
  const { manifest, problems, log } = readRunFolder(path);
  assert.ok(log.kind === "kept");
  return { manifest, problems, events: log.log.hashes.length };
}

/** The sample run with this number of discussions. */
function ofSize(discussions: number) {
  const run = sampleRun();
  return { ...run, manifest: { ...run.manifest, plan: { ...run.manifest.plan, discussions } } };
}

Deno.test("openRunFolder() takes over the log of a run that was killed before it had a manifest", () =>
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

Deno.test("openRunFolder() begins the log anew where another experiment was killed before it had a manifest", () =>
  inFolder(async (folder) => {
    await killedAfterEvent(folder);
    const { problems, events, manifest } = await opened(folder, sampleRun("f2", 20));
    assert.deepEqual([problems, events, manifest.fingerprint], [[], 1, "f2"]);
  }));

Deno.test("openRunFolder() writes the manifest that a killed process had not written when its run grew", () =>
  inFolder(async (folder) => {
    await opened(folder);
    await killedAfterEvent(folder, "6");
    const behind = readRunFolder(folder);
    assert.deepEqual([behind.problems, behind.manifest.plan.discussions], [[], 6]);
    const edited = await Deno.readTextFile(`${folder}/manifest.json`);
    await Deno.writeTextFile(`${folder}/manifest.json`, edited.replace('"seed": "42"', '"seed": "43"'));
    assert.match(
      readRunFolder(folder).problems.join(),
      /recorded: seed: "42" → "43"/,
      "an edit is found all the same",
    );
    await Deno.writeTextFile(`${folder}/manifest.json`, edited);
    const { problems, events, manifest } = await opened(folder, ofSize(6));
    assert.deepEqual([problems, events, manifest.plan.discussions], [[], 2, 6]);
    const stored = JSON.parse(await Deno.readTextFile(`${folder}/manifest.json`));
    assert.equal(stored.plan.discussions, 6);
  }));

Deno.test("openRunFolder() cuts off a line of the log that was never finished", () =>
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

Deno.test("openRunFolder() writes a manifest that was deleted anew, from the log", () =>
  inFolder(async (folder) => {
    await opened(folder);
    const before = await Deno.readTextFile(`${folder}/manifest.json`);
    await Deno.writeTextFile(`${folder}/discussions/s.jsonl`, "first\n");
    await Deno.remove(`${folder}/manifest.json`);
    assert.deepEqual((await opened(folder)).problems, []);
    assert.equal(await Deno.readTextFile(`${folder}/manifest.json`), before);
  }));

Deno.test("parts of a run that are started at the same moment make one log", () =>
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
      assert.ok(run.log.kind === "kept" && log.log.hashes.includes(run.log.log.hashes.at(-1)!));
    }
  }));

const CHANGES:
  readonly (readonly [file: string, change: (text: string) => string | null, problem: RegExp])[] = [
    ["manifest.json", (text) => text.replace('"seed": "42"', '"seed": "43"'), /recorded: seed: "42" → "43"/],
    [
      "manifest.json",
      (text) => text.replace('"shards": 0', '"shards": 0, "analysis": null'),
      /recorded: analysis: nothing → null/,
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

Deno.test("readRunFolder() tells everything in a folder that is not as its log recorded", () =>
  inFolder(async (folder) => {
    const run = sampleRun();
    const sha256 = nativeSha256("[]");
    const described = {
      ...run,
      manifest: { ...run.manifest, sources: { "p.json": sha256 } },
      inputs: new Map([["p.json", { text: "[]", sha256 }]]),
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
      assert.equal(manifest.seed, "42", "what counts is the log");
      await assert.rejects(openRunFolder(path, described), (error) => {
        assert.ok(error instanceof RunFolderError && error.kind === "damaged-manifest", String(error));
        return true;
      });
    }
  }));

Deno.test("readRunFolder() says that a run of an older version has no log, and opens it", () =>
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

Deno.test("differencesBetween() names what was changed, added and removed", () => {
  const before = { seed: 1, discussion: { turns: 14, history: null }, personas: ["Ada", "Bob"] };
  const after = { seed: 1, discussion: { turns: 20, history: 3 }, personas: ["Ada"], name: "x" };
  assert.deepEqual(differencesBetween(before, after), [
    "discussion.turns: 14 → 20",
    "discussion.history: null → 3",
    'personas.1: "Bob" → nothing',
    'name: nothing → "x"',
  ]);
  assert.deepEqual(differencesBetween(before, structuredClone(before)), []);
});

Deno.test("differencesBetween() does not compare lists with objects, and cuts long values", () => {
  assert.deepEqual(differencesBetween({ a: [] }, { a: {} }), ["a: [] → {}"]);
  assert.deepEqual(differencesBetween([1], null), ["the whole: [1] → null"]);
  assert.deepEqual(differencesBetween({ a: "x".repeat(99) }, {}), [`a: "${"x".repeat(58)}… → nothing`]);
});

Deno.test("listOfDifferences() shows the first eight, and how many more there are", () => {
  assert.equal(listOfDifferences([]), "");
  assert.equal(listOfDifferences(["a: 1 → 2"]), "\n  a: 1 → 2");
  const many = listOfDifferences(Array.from({ length: 11 }, (_, index) => `d${index}`));
  assert.ok(many.endsWith("\n  d7\n  … and 3 more"));
});
