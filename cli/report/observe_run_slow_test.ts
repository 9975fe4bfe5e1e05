import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import type { Observation } from "../../analysis/outcomes/mod.ts";
import { openRunLogs } from "../shared/logs.ts";
import { BrokenWorker } from "../testing/broken_worker.ts";
import { runHere, runProgram } from "../testing/processes.ts";
import { observeRun } from "./observe_run.ts";
import { gatherRun } from "./read_runs.ts";

const QUICKSTART = fileURLToPath(new URL("../../fixtures/quickstart/scripted.yaml", import.meta.url));

/** Runs the quickstart in a temporary folder. */
async function withQuickstart(test: (folder: string) => Promise<void>): Promise<void> {
  await inFolder(async (cwd) => {
    const { code, stderr } = await runProgram(["run", QUICKSTART, "--quiet"], { cwd });
    assert.equal(code, 0, stderr);
    await test(join(cwd, "runs", "scripted"));
  });
}

/** Observes a run with this number of workers, and counts the logs that this thread reads. */
async function observedWith(folder: string, workers: number | undefined, declared?: string) {
  const opened = await openRunLogs(folder);
  let readHere = 0;
  const logs: typeof opened = {
    ...opened,
    pieces(discussion) {
      readHere++;
      return opened.pieces(discussion);
    },
  };
  const observations: Observation[] = [];
  const warnings: string[] = [];
  let read = 0;
  const { raters: _, ...facts } = await gatherRun(logs, {
    declared,
    readInto: (tallies, held) =>
      observeRun(logs, {
        name: "scripted",
        held,
        tallies,
        take: (one) => observations.push(one),
        read: () => read++,
        warn: (line) => warnings.push(line),
        ...(workers === undefined ? {} : { workers }),
      }),
  });
  return { facts, observations, read, readHere, warnings };
}

Deno.test("observeRun() gives the same facts and observations with any number of workers, also of damaged logs", async () => {
  await withQuickstart(async (folder) => {
    const damaged = join(folder, "discussions", "gentle.r0001.dbe0697e.jsonl");
    const text = await Deno.readTextFile(damaged);
    await Deno.writeTextFile(damaged, text.replace('"participant":"', '"participant":"X'));
    const { readHere, ...here } = await observedWith(folder, undefined);
    assert.deepEqual([readHere, here.read, here.observations.length], [12, 12, 11]);
    for (const workers of [1, 3]) {
      const { readHere, ...there } = await observedWith(folder, workers);
      assert.deepEqual(there, here);
      assert.equal(readHere, 0);
    }
  });
});

Deno.test("observeRun() compares logs with rules that a user declared, with any number of workers", async () => {
  await withQuickstart(async (folder) => {
    const declared = join(folder, "..", "declared.yaml");
    await Deno.writeTextFile(declared, "turnTaking: round-robin\n");
    const here = await observedWith(folder, undefined, declared);
    assert.match(here.facts.fidelity.declaredBy, /^"declared\.yaml"; otherwise the experiment/);
    assert.ok(
      here.facts.fidelity.checks.some((one) => one.declared === "round-robin" && one.verdict === "flag"),
    );
    const there = await observedWith(folder, 2, declared);
    assert.deepEqual(there.facts, here.facts);
    assert.equal(there.readHere, 0);
  });
});

Deno.test("observeRun() reads logs itself if workers cannot read them, and says so once", async () => {
  await withQuickstart(async (folder) => {
    const { observations } = await observedWith(folder, undefined);
    const opened = await openRunLogs(folder);
    // The workers open the run at its place. This thread has opened it.
    const moved = { ...opened, run: { ...opened.run, place: join(folder, "moved") } };
    const found: Observation[] = [];
    const warnings: string[] = [];
    await gatherRun(opened, {
      readInto: (tallies, held) =>
        observeRun(moved, {
          name: "scripted",
          held,
          tallies,
          take: (one) => found.push(one),
          read: () => {},
          workers: 1,
          warn: (line) => warnings.push(line),
        }),
    });
    assert.deepEqual(found, observations);
    const [warning, ...others] = warnings;
    assert.match(
      warning!,
      /^Read 12 logs of "scripted" without workers, .+, because workers failed: Cannot read logs: RunError: .+moved/,
    );
    assert.deepEqual(others, []);
  });
});

Deno.test("observeRun() reads logs and measures texts itself if workers fail, and says so once", async () => {
  await withQuickstart(async (folder) => {
    const { warnings: none, readHere: _, ...expected } = await observedWith(folder, undefined);
    assert.deepEqual(none, []);
    const { Worker } = globalThis;
    globalThis.Worker = BrokenWorker as unknown as typeof Worker;
    try {
      for (const [workers, done] of [[undefined, "Measured texts"], [3, "Read 12 logs"]] as const) {
        const { warnings, readHere, ...found } = await observedWith(folder, workers);
        assert.deepEqual(found, expected);
        assert.equal(readHere, 12);
        const [reason, task] = ["a worker failed: it is broken", workers ? "read logs" : "measure texts"];
        assert.deepEqual(warnings, [
          `${done} of "scripted" without workers, which takes longer and loses nothing, because workers failed: ` +
          `Cannot ${task}: ${reason}`,
        ]);
      }
      const { code, stderr } = await runHere("report", folder, "--json");
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^Measured texts of "scripted" without workers, [^\n]+: it is broken\n$/);
    } finally {
      globalThis.Worker = Worker;
    }
  });
});
