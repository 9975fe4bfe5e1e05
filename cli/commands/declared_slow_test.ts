/** Only an analysis that was declared when the run was made is confirmatory. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { nativeSha256 } from "../../adapters/system.ts";
import { encodeRunEvent, runLogAfter } from "../../core/run_log/mod.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { jsonLines, moderatedExperiment } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

const ANALYSIS = `analysis: { outcomes: [words], effects: [moderator], reference: { moderator: none } }
`;

/** `ANALYSIS`, as a manifest stores it. */
const DECLARED = {
  question: null,
  reference: { moderator: "none" },
  outcomes: ["words"],
  effects: [["moderator"]],
  comments: "participants",
  silences: "exclude",
  time: "turn",
  test: null,
  correction: "holm",
  level: 0.95,
};

type Run = Readonly<{
  folder: string;
  /** Runs a command in the folder that contains the run. */
  call: (...args: string[]) => ReturnType<typeof runProgram>;
  /** Makes a report. Returns the number of its confirmatory results, its flags and its text. */
  reported: () => Promise<Readonly<{ confirmatory: number; flagged: readonly string[]; text: string }>>;
  /** The problems that `verify` finds with the run itself. */
  problems: () => Promise<readonly string[]>;
  /** Changes the manifest. */
  edit: (change: (manifest: Record<string, unknown>) => void) => Promise<void>;
}>;

async function withRun(analysis: string, test: (run: Run) => Promise<void>): Promise<void> {
  await inFolder(async (cwd) => {
    const folder = join(cwd, "run");
    const call = (...args: string[]) => runProgram(args, { cwd });
    await Deno.writeTextFile(join(cwd, "e.yaml"), moderatedExperiment(4, analysis));
    const ran = await call("run", "e.yaml", "--out", "run", "--quiet");
    assert.equal(ran.code, 0, ran.stderr);
    await test({
      folder,
      call,
      async reported() {
        const args = ["report", "run", "--out", "report", "--format", "markdown", "--json"];
        const { code, stdout, stderr } = await call(...args);
        assert.equal(code, 0, stderr);
        const { confirmatory, flagged } = JSON.parse(stdout);
        const text = await Deno.readTextFile(join(cwd, "report", "report.md"));
        return { confirmatory: confirmatory.length, flagged, text };
      },
      async problems() {
        const { code, stdout } = await call("verify", "run", "--json");
        const problems = jsonLines(stdout).filter(({ type }) => type === "run").map(({ problem }) => problem);
        assert.equal(code, problems.length === 0 ? 0 : 1);
        return problems;
      },
      async edit(change) {
        const file = join(folder, "manifest.json");
        const manifest = JSON.parse(await Deno.readTextFile(file));
        change(manifest);
        await Deno.writeTextFile(file, JSON.stringify(manifest));
      },
    });
  });
}

const RECORD = "run as recorded";

Deno.test("report calls an analysis confirmatory if it was declared when the run was made", () =>
  withRun(ANALYSIS, async ({ reported, problems, call }) => {
    assert.deepEqual(await problems(), []);
    const { confirmatory, flagged, text } = await reported();
    assert.deepEqual([confirmatory, flagged], [1, []]);
    assert.match(
      text,
      /According to the run's log, .* have been in the experiment file since .*: they are confirmatory/,
    );
    const { stdout } = await call("verify", "run", "--design");
    assert.match(stdout, /^run as recorded +all +9 of 9 \(100\.0 %\) +9 +pass /m);
  }));

Deno.test("verify finds an analysis that was added to the manifest later, and report does not call it declared", () =>
  withRun("", async ({ reported, problems, edit, call }) => {
    await edit((manifest) => manifest.analysis = DECLARED);
    const [problem, ...others] = await problems();
    assert.match(problem!, /"manifest\.json" differs from "run\.jsonl": analysis: null → \{/);
    assert.deepEqual(others, []);
    const { confirmatory, flagged, text } = await reported();
    assert.deepEqual([confirmatory, flagged], [0, [RECORD]]);
    assert.match(text, /No analysis was declared before the run/);
    assert.equal((await call("verify", "run", "--design")).code, 1);
    assert.equal((await call("report", "run", "--check")).code, 1);
    const again = await call("run", "e.yaml", "--out", "run");
    assert.equal(again.code, 3);
    assert.match(again.stderr, /its description was changed: "manifest\.json" differs from/);
  }));

Deno.test("verify finds a changed declaration in the manifest and in the copy of the experiment file", () =>
  withRun(ANALYSIS, async ({ folder, reported, problems, edit }) => {
    await edit((manifest) => manifest.analysis = { ...DECLARED, outcomes: ["distinct-2"] });
    assert.equal((await problems()).length, 1);
    const { confirmatory, flagged, text } = await reported();
    assert.deepEqual([confirmatory, flagged], [1, [RECORD]]);
    assert.match(text, /words/, "the report keeps the original declaration");
    const copy = join(folder, "experiment.yaml");
    await Deno.writeTextFile(copy, (await Deno.readTextFile(copy)).replace("[words]", "[distinct-2]"));
    assert.equal((await problems()).length, 2);
  }));

Deno.test("verify finds a forged log of the run, because the discussions name the original log", () =>
  withRun("", async ({ folder, reported, problems, edit }) => {
    const file = join(folder, "run.jsonl");
    const [line] = (await Deno.readTextFile(file)).split("\n");
    const { record, createdAt } = runLogAfter(null, line!, nativeSha256);
    const event = { type: "RunCreated", data: { ...record, analysis: DECLARED as never } } as const;
    const forged = encodeRunEvent(null, event, { atMs: Date.parse(createdAt), sha256: nativeSha256 });
    await Deno.writeTextFile(file, `${forged}\n`);
    const { hash } = JSON.parse(forged);
    await edit((manifest) =>
      Object.assign(manifest, { analysis: DECLARED, runLog: hash, runLogEnd: [1, hash] })
    );
    const [problem, ...others] = await problems();
    assert.match(problem!, /^8 discussions do not belong to the run's current log "run\.jsonl": /);
    assert.deepEqual(others, []);
    const { confirmatory, flagged, text } = await reported();
    assert.deepEqual([confirmatory, flagged], [0, [RECORD]]);
    assert.match(text, /The time of the declaration is unknown/);
  }));

Deno.test("a run without its log has no confirmatory results, and cannot be resumed", () =>
  withRun(ANALYSIS, async ({ folder, reported, problems, call }) => {
    await Deno.remove(join(folder, "run.jsonl"));
    const found = await problems();
    assert.match(found[0]!, /"run\.jsonl", which "manifest\.json" names, is missing/);
    const { confirmatory, flagged } = await reported();
    assert.deepEqual([confirmatory, flagged], [0, [RECORD]]);
    const again = await call("run", "e.yaml", "--out", "run");
    assert.equal(again.code, 3);
    assert.match(again.stderr, /Restore "run\.jsonl" from a copy, or choose another folder/);
  }));

Deno.test("verify and report say that a run of an older version has no run log", () =>
  withRun(ANALYSIS, async ({ folder, reported, problems, edit, call }) => {
    await Deno.remove(join(folder, "run.jsonl"));
    await edit((manifest) => delete manifest.runLog);
    const logs = join(folder, "discussions");
    for (const { name } of [...Deno.readDirSync(logs)]) await Deno.remove(join(logs, name));
    assert.equal((await call("run", "e.yaml", "--out", "run", "--quiet")).code, 0);
    assert.deepEqual(await problems(), []);
    const words =
      "not protected: this run has no run log (run.jsonl), so nothing shows when its analysis was declared";
    assert.ok((await call("verify", "run")).stdout.includes(`\n${words}`));
    const { confirmatory, flagged, text } = await reported();
    assert.deepEqual([confirmatory, flagged], [0, []]);
    assert.ok(text.replaceAll("\\", "").includes(words), text);
  }));

Deno.test("a run with more replications keeps its declaration; verify reports a discussion from another run", () =>
  withRun(ANALYSIS, async ({ folder, reported, problems, call }) => {
    await Deno.writeTextFile(join(folder, "..", "e.yaml"), moderatedExperiment(6, ANALYSIS));
    assert.equal((await call("run", "e.yaml", "--out", "run", "--quiet")).code, 0);
    assert.deepEqual(await problems(), []);
    assert.deepEqual((await reported()).confirmatory, 1);
    assert.equal((await call("run", "e.yaml", "--out", "other", "--quiet")).code, 0);
    const logs = join(folder, "discussions");
    const name = [...Deno.readDirSync(logs)].map((entry) => entry.name).sort()[0]!;
    await Deno.copyFile(join(folder, "..", "other", "discussions", name), join(logs, name));
    assert.match((await problems()).join(), /^1 discussion does not belong to the run's current log/);
    assert.equal((await reported()).confirmatory, 0);
  }));
