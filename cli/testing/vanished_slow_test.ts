/** Files of a run disappear while a process writes to the run. The process must stop and report it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { annotationFile, JUDGE } from "./experiments.ts";
import { type Ended, ended, runProgram, startProgram } from "./processes.ts";

const EXPERIMENT = `name: slow
seed: 7
models: { m: { adapter: scripted, latencyMs: [20, 40] } }
participants: { model: m, personas: [{ name: Anna }, { name: Ben }] }
discussion: { turns: 6 }
design: { replications: 12 }
`;

/** The logs of finished discussions if `over` is true, otherwise of unfinished discussions. */
function logsOf(folder: string, over: boolean): string[] {
  const discussions = join(folder, "discussions");
  if (!existsSync(discussions)) return [];
  return [...Deno.readDirSync(discussions)].map(({ name }) => join(discussions, name)).filter((path) => {
    const text = Deno.readTextFileSync(path);
    return text.includes('"TurnTaken"') && text.includes('"DiscussionCompleted"') === over;
  });
}

async function logOf(folder: string, over: boolean, count = 1): Promise<string> {
  for (let logs = logsOf(folder, over);; logs = logsOf(folder, over)) {
    if (logs.length >= count) return logs[0]!;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Runs the experiment, and disturbs its folder during the run. */
async function disturbed(cwd: string, disturb: (run: string) => unknown): Promise<Ended> {
  await Deno.writeTextFile(join(cwd, "exp.yaml"), EXPERIMENT);
  const run = join(cwd, "run");
  const child = startProgram(["run", "exp.yaml", "--out", "run", "--concurrency", "2"], { cwd });
  const end = ended(child);
  // After four discussions, the operations log has been written, too.
  await logOf(run, true, 4);
  await disturb(run);
  return await end;
}

/** If many files disappear at once, the run can notice any of them first. */
const ANYTHING = /"run(?:\/.*)?" was (?:deleted|replaced).*may be lost/;

const DISTURBANCES: Readonly<Record<string, Readonly<{ disturb: (run: string) => unknown; names: RegExp }>>> =
  {
    "its folder is moved": {
      disturb: (run) => Deno.rename(run, `${run}-moved`),
      names: ANYTHING,
    },
    "its folder is replaced by a copy": {
      disturb(run) {
        Deno.renameSync(run, `${run}-moved`);
        new Deno.Command("cp", { args: ["-r", `${run}-moved`, run] }).outputSync();
      },
      names: ANYTHING,
    },
    "its folder is replaced by a file": {
      disturb(run) {
        Deno.renameSync(run, `${run}-moved`);
        Deno.writeTextFileSync(run, "");
      },
      names: /"run(?:\/.*)?" was deleted(?: or|,) moved|"run\/.*": a part of the path is a file/,
    },
    "the folder of its discussions is moved": {
      disturb: (run) => Deno.rename(join(run, "discussions"), join(run, "report")),
      names: ANYTHING,
    },
    "a log that is being written is deleted": {
      disturb: async (run) => Deno.remove(await logOf(run, false)),
      names: /the log "run\/discussions\/.*" was deleted or moved/,
    },
    "a log that is being written is replaced": {
      async disturb(run) {
        const log = await logOf(run, false);
        Deno.renameSync(log, `${log}.old`);
        Deno.writeTextFileSync(log, "{}\n");
      },
      names: /the log "run\/discussions\/.*" was replaced or changed/,
    },
    "the log of a finished discussion is deleted": {
      disturb: async (run) => Deno.remove(await logOf(run, true)),
      names: /the log "run\/discussions\/.*" was deleted or moved/,
    },
    "the log of a finished discussion is emptied": {
      disturb: async (run) => Deno.truncate(await logOf(run, true)),
      names: /the log "run\/discussions\/.*" was replaced or changed by another program .*\(it has 0 bytes/,
    },
    ...Object.fromEntries(
      ["manifest.json", "run.lock", "experiment.yaml", "log.jsonl"].map((name) => [`its ${name} is deleted`, {
        disturb: (run: string) => Deno.remove(join(run, name)),
        names: new RegExp(`"run/${name}" was deleted, moved or replaced`),
      }]),
    ),
  };

for (const [what, { disturb, names }] of Object.entries(DISTURBANCES)) {
  Deno.test(`run stops with exit code 3 when ${what}`, () =>
    inFolder(async (cwd) => {
      const { code, stdout, stderr } = await disturbed(cwd, disturb);
      assert.equal(code, 3, stdout + stderr);
      assert.match(stderr, names);
      assert.doesNotMatch(stderr + stdout, /bug in the program|12 of 12 ended/);
    }));
}

Deno.test("run does not make its folder again when the folder disappears", () =>
  inFolder(async (cwd) => {
    const { code, stderr } = await disturbed(cwd, (run) => Deno.rename(run, `${run}-moved`));
    assert.equal(code, 3, stderr);
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name).sort(), ["exp.yaml", "run-moved"]);
    await Deno.rename(join(cwd, "run-moved"), join(cwd, "run"));
    const again = await runProgram(["run", "exp.yaml", "--out", "run"], { cwd });
    assert.equal(again.code, 0, again.stderr);
    assert.equal((await runProgram(["verify", "run"], { cwd })).code, 0);
    assert.equal(logsOf(join(cwd, "run"), true).length, 12);
  }));

Deno.test("annotate stops with exit code 3 when the log of another discussion disappears", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "exp.yaml"), EXPERIMENT.replace(", latencyMs: [20, 40]", ""));
    await runProgram(["run", "exp.yaml", "--out", "run"], { cwd });
    const judge = JUDGE.replace("scripted,", "scripted, latencyMs: [20, 40],");
    await Deno.writeTextFile(join(cwd, "mood.yaml"), annotationFile(judge));
    const end = ended(startProgram(["annotate", "run", "--with", "mood.yaml", "-c", "1"], { cwd }));
    const discussions = join(cwd, "run", "discussions");
    const isJudged = ({ name }: Deno.DirEntry) =>
      Deno.readTextFileSync(join(discussions, name)).includes('"CommentAnnotated"');
    let annotated: Deno.DirEntry | undefined;
    while (annotated === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      annotated = [...Deno.readDirSync(discussions)].find(isJudged);
    }
    const other = [...Deno.readDirSync(discussions)].find(({ name }) => name !== annotated.name)!;
    Deno.removeSync(join(discussions, other.name));
    const { code, stderr } = await end;
    assert.equal(code, 3, stderr);
    assert.ok(stderr.includes(basename(other.name)), stderr);
  }));
