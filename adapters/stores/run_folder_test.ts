import assert from "node:assert/strict";
import fc from "fast-check";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/mod.ts";
import { changedText, changedValue } from "../../core/testing/mutations.ts";
import { inFolder } from "../testing/in_folder.ts";
import { nativeSha256 } from "../system.ts";
import { openRunFolder, readRunFolder } from "./run_folder.ts";
import { RunError, type RunErrorKind } from "../../core/run_log/mod.ts";
import type { RunPart } from "../../core/ports/mod.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";
import { mountSmallDisk, NO_SMALL_DISK } from "./testing/small_disk.ts";

async function refused(open: Promise<unknown>, kind: RunErrorKind, message: RegExp): Promise<void> {
  await assert.rejects(open, (error) => {
    assert.ok(error instanceof RunError, String(error));
    assert.match(error.message, message);
    return error.kind === kind;
  });
}

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("openRunFolder() makes a folder with the experiment, the manifest and the log of the run", () =>
  inFolder(async (folder) => {
    const path = `${folder}/runs/sample`;
    const run = await openRunFolder(path, sampleRun());
    assert.equal(run.resumed, false);
    await run.store.append("s", 0, ["first"]);
    await run.close();
    assert.deepEqual(names(path), [
      "discussions",
      "experiment.yaml",
      "manifest.json",
      "run.jsonl",
      "run.lock",
      "run.log.lock",
    ]);
    assert.equal(await Deno.readTextFile(`${path}/experiment.yaml`), sampleRun().experimentText);
    const manifest = JSON.parse(await Deno.readTextFile(`${path}/manifest.json`));
    const [created] = (await Deno.readTextFile(`${path}/run.jsonl`)).split("\n");
    const { type, at, hash } = JSON.parse(created!);
    assert.deepEqual([type, at], ["RunCreated", "2026-01-01T00:00:00.000Z"]);
    const end = { runLog: hash, runLogEnd: [1, hash] };
    assert.deepEqual(manifest, { format: 1, createdAt: at, ...sampleRun().manifest, ...end });
    assert.equal(await Deno.readTextFile(`${path}/discussions/s.jsonl`), "first\n");
  }));

Deno.test("openRunFolder() resumes a run without changing its manifest", () =>
  inFolder(async (folder) => {
    await (await openRunFolder(`${folder}/run`, sampleRun())).close();
    const later = { ...sampleRun(), nowMs: Date.UTC(2027, 0, 1) };
    const run = await openRunFolder(`${folder}/run`, later);
    assert.equal(run.resumed, true);
    assert.equal(run.manifest.createdAt, "2026-01-01T00:00:00.000Z");
    await run.close();
  }));

Deno.test("openRunFolder() adds replications to a run, and never removes any", () =>
  inFolder(async (folder) => {
    const run = sampleRun();
    const withReplications = (replications: number) => {
      const experimentText = `replications: ${replications}`;
      const experiment = { ...run.manifest.experiment, sha256: nativeSha256(experimentText) };
      const plan = { discussions: 2 * replications, conditions: 2, replications };
      return { ...run, experimentText, manifest: { ...run.manifest, experiment, plan } };
    };
    for (const [asked, kept] of [[50, 50], [60, 60], [55, 60]] as const) {
      const { manifest, experimentText, close } = await openRunFolder(
        `${folder}/run`,
        withReplications(asked),
      );
      await close();
      assert.deepEqual([manifest.plan.discussions, experimentText], [2 * kept, `replications: ${kept}`]);
    }
    assert.equal(readRunFolder(`${folder}/run`).manifest.createdAt, "2026-01-01T00:00:00.000Z");
  }));

Deno.test("openRunFolder() keeps the analysis that a run declared first, even when the run grows", () =>
  inFolder(async (folder) => {
    const toxicity: AnalysisDesign = {
      ...ANALYSIS_DEFAULT,
      outcomes: ["toxicity"],
      effects: [["moderator"]],
    };
    const words: AnalysisDesign = { ...toxicity, outcomes: ["words"] };
    const open = async (path: string, replications: number, analysis?: AnalysisDesign | null) => {
      const run = sampleRun();
      const plan = { discussions: 2 * replications, conditions: 2, replications };
      const manifest = { ...run.manifest, plan, ...(analysis === undefined ? {} : { analysis }) };
      await (await openRunFolder(path, { ...run, manifest })).close();
      return readRunFolder(path).manifest;
    };
    const kept: (AnalysisDesign | null | undefined)[] = [];
    for (const first of [toxicity, null, undefined]) {
      const path = `${folder}/${kept.length}`;
      assert.deepEqual((await open(path, 2, first)).analysis, first);
      assert.deepEqual((await open(path, 2, words)).analysis, first);
      const { analysis, plan } = await open(path, 3, words);
      assert.equal(plan.replications, 3);
      kept.push(analysis);
    }
    assert.deepEqual(kept, [toxicity, null, undefined]);
  }));

Deno.test("openRunFolder() completes the folder of a run that was killed while it made the folder", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/discussions`);
    await Deno.writeTextFile(`${folder}/experiment.yaml`, "half of");
    await Deno.writeTextFile(`${folder}/run.lock`, "");
    const run = await openRunFolder(folder, sampleRun());
    assert.deepEqual([run.resumed, run.experimentText], [false, sampleRun().experimentText]);
    await run.close();
  }));

Deno.test("openRunFolder() refuses another experiment, and names the differences", () =>
  inFolder(async (folder) => {
    await (await openRunFolder(`${folder}/run`, sampleRun())).close();
    await refused(
      openRunFolder(`${folder}/run`, sampleRun("f2", 20)),
      "other-experiment",
      /^Cannot resume the run ".*": it was made by another version.*\n {2}discussion\.turns: 14 → 20\nUndo/,
    );
    await (await openRunFolder(`${folder}/run`, sampleRun())).close();
  }));

Deno.test("openRunFolder() refuses a folder with other files, and does not change it", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/thesis.tex`, "");
    await refused(openRunFolder(folder, sampleRun()), "not-a-run", /other files, such as "thesis\.tex"/);
    assert.deepEqual(names(folder), ["thesis.tex"]);
  }));

Deno.test("openRunFolder() refuses discussions without a manifest", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/discussions`);
    await Deno.writeTextFile(`${folder}/discussions/s.jsonl`, "first\n");
    await refused(openRunFolder(folder, sampleRun()), "not-a-run", /its "manifest\.json" is missing/);
    assert.throws(() => readRunFolder(folder), {
      kind: "not-a-run",
      message: /its "manifest\.json" is missing/,
    });
    assert.deepEqual(names(`${folder}/discussions`), ["s.jsonl"]);
  }));

Deno.test("openRunFolder() distinguishes damaged manifests from newer ones", () =>
  inFolder(async (folder) => {
    const path = `${folder}/run`;
    await (await openRunFolder(path, sampleRun())).close();
    const file = `${path}/manifest.json`;
    const good = JSON.parse(await Deno.readTextFile(file));
    const cases: readonly (readonly [string, RunErrorKind, RegExp])[] = [
      ["{", "damaged-manifest", /manifest\.json": it is not JSON\. Restore it/],
      ["[]", "damaged-manifest", /it is not an object/],
      [JSON.stringify({ ...good, fingerprint: 1 }), "damaged-manifest", /its "fingerprint" is not/],
      [JSON.stringify({ ...good, plan: {} }), "damaged-manifest", /its "plan" is not/],
      [JSON.stringify({ ...good, shards: 7 }), "damaged-manifest", /its "shards" is not/],
      ...[
        {},
        [],
        "toxicity",
        { ...ANALYSIS_DEFAULT, effects: ["moderator"] },
        { ...ANALYSIS_DEFAULT, level: 7 },
        { ...ANALYSIS_DEFAULT, test: "toString" },
      ].map((analysis) =>
        [
          JSON.stringify({ ...good, analysis }),
          "damaged-manifest",
          /its "analysis" is not/,
        ] as const
      ),
      [JSON.stringify({ ...good, format: 2 }), "newer-format", /a newer version .* \(format 2\)/],
    ];
    for (const [text, kind, message] of cases) {
      await Deno.writeTextFile(file, text);
      await refused(openRunFolder(path, sampleRun()), kind, message);
      assert.equal(await Deno.readTextFile(file), text);
    }
  }));

Deno.test("openRunFolder() lets only one writer open a run, even within one process", () =>
  inFolder(async (folder) => {
    const path = `${folder}/run`;
    const first = await openRunFolder(path, sampleRun());
    const holder = new RegExp(
      `it is in use by process ${Deno.pid} on .*, since .*Z\\. Wait until it ends`,
    );
    await refused(openRunFolder(path, sampleRun()), "in-use", holder);
    await refused(openRunFolder(path, sampleRun(), { part: { index: 1, count: 2 } }), "in-use", holder);
    assert.equal(readRunFolder(path).manifest.seed, "42");
    await first.close();
    await (await openRunFolder(path, sampleRun())).close();
  }));

Deno.test("openRunFolder() succeeds although a reader checks at the same time whether the run is in use", () =>
  inFolder(async (folder) => {
    await (await openRunFolder(folder, sampleRun())).close();
    const looking = await Deno.open(`${folder}/run.lock`);
    assert.ok(looking.tryLockSync(false));
    const opening = openRunFolder(folder, sampleRun());
    // When this runs, `openRunFolder()` has tried to lock once.
    setTimeout(() => looking.close(), 1);
    await (await opening).close();
  }));

Deno.test("openRunFolder() lets parts share a folder only if they have the same count", () =>
  inFolder(async (folder) => {
    const path = `${folder}/run`;
    const open = (part?: RunPart) => openRunFolder(path, sampleRun(), part && { part });
    const parts = [await open({ index: 1, count: 3 }), await open({ index: 2, count: 3 })];
    assert.deepEqual(parts.map(({ resumed }) => resumed), [false, true]);
    await refused(open({ index: 2, count: 3 }), "in-use", /in use by process/);
    await refused(open({ index: 3, count: 4 }), "in-use", /in use by process/);
    await refused(open(), "in-use", /in use by process/);
    for (const part of parts) await part.close();
    await (await open({ index: 3, count: 4 })).close();
    await (await open()).close();
  }));

Deno.test("openRunFolder() reports torn last lines to its caller", () =>
  inFolder(async (folder) => {
    await (await openRunFolder(`${folder}/run`, sampleRun())).close();
    await Deno.writeTextFile(`${folder}/run/discussions/s.jsonl`, "first\nsec");
    const torn: number[] = [];
    const run = await openRunFolder(`${folder}/run`, sampleRun(), {
      onTornTail: ({ bytes }) => torn.push(bytes),
    });
    await run.store.append("s", 1, ["second"]);
    await run.close();
    assert.deepEqual(torn, [3]);
  }));

Deno.test("readRunFolder() says that there is no run", () =>
  inFolder((folder) => {
    assert.throws(() => readRunFolder(folder), { name: "RunError", message: /there is no run in it/ });
    assert.throws(() => readRunFolder(`${folder}/x`), {
      name: "RunError",
      message: /it does not exist/,
    });
    return Promise.resolve();
  }));

Deno.test("openRunFolder() says that a part of the path is a file", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const message = /a part of the path is a file, not a folder/;
    await refused(openRunFolder(`${folder}/file/run`, sampleRun()), "unusable", message);
    await refused(openRunFolder(`${folder}/file`, sampleRun()), "unusable", message);
  }));

Deno.test({
  name: "openRunFolder() reports a full or read-only disk, and succeeds when the disk works again" +
    (NO_SMALL_DISK === null ? "" : ` (skipped: ${NO_SMALL_DISK})`),
  ignore: NO_SMALL_DISK !== null,
  fn: async () => {
    using disk = mountSmallDisk(32 * 1024);
    disk.makeReadOnly();
    const open = () => openRunFolder(`${disk.path}/run`, sampleRun());
    await refused(open(), "unusable", /the file system is read-only\. Choose/);
    disk.makeWritable();
    await Deno.writeFile(`${disk.path}/filler`, new Uint8Array(28 * 1024));
    await refused(open(), "unusable", /the disk is full\. Free some space/);
    await Deno.remove(`${disk.path}/filler`);
    const run = await open();
    assert.equal(run.resumed, false);
    await run.close();
    assert.deepEqual(names(`${disk.path}/run`), [
      "discussions",
      "experiment.yaml",
      "manifest.json",
      "run.jsonl",
      "run.lock",
      "run.log.lock",
    ]);
  },
});

Deno.test("readRunFolder() reads a manifest with any change, or reports that it is damaged", () =>
  inFolder(async (folder) => {
    await (await openRunFolder(`${folder}/run`, sampleRun())).close();
    const file = `${folder}/run/manifest.json`;
    const text = await Deno.readTextFile(file);
    const changes = fc.oneof(
      changedText(text),
      changedValue(JSON.parse(text)).map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        await Deno.writeTextFile(file, changed);
        try {
          readRunFolder(`${folder}/run`);
        } catch (error) {
          assert.ok(error instanceof RunError, String(error));
          assert.ok(error.message.includes(file));
        }
      }),
      { numRuns: 500 },
    );
  }));
