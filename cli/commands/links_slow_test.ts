import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment } from "../testing/experiments.ts";
import { runHere } from "../testing/processes.ts";

/** Commands that read a run, each with a part of its output for a run of three discussions. */
function readers(run: string, out: string): readonly (readonly [words: readonly string[], says: RegExp])[] {
  return [
    [["status", run, "--json"], /"completed":3/],
    [["verify", run, "--json"], /"logs":3,.*"damaged":0/],
    [["verify", run, "--design", "--json"], /"discussions":3/],
    [["replay", run, "--verify", "--json"], /"discussions":3/],
    [["query", run, "select count(*)::int as n from discussions", "--json"], /"n":3/],
    [["export", run, "--to", join(out, "csv"), "--format", "csv", "--json"], /"discussions":3/],
    [["export", run, "--to", join(out, "py"), "--format", "python-library", "--json"], /"discussions":3/],
    [["report", run, "--out", join(out, "report"), "--json"], /"discussions":3/],
  ];
}

type Run = Readonly<{ cwd: string; file: string; run: string; logs: readonly string[] }>;

async function heldRun(cwd: string): Promise<Run> {
  const [file, run] = [join(cwd, "exp.yaml"), join(cwd, "run")];
  await Deno.writeTextFile(file, experiment("{ adapter: scripted }"));
  assert.equal((await runHere("run", file, "--out", run, "--quiet")).code, 0);
  const discussions = join(run, "discussions");
  return {
    cwd,
    file,
    run,
    logs: [...Deno.readDirSync(discussions)].map(({ name }) => join(discussions, name)),
  };
}

async function assertSeenByAll({ cwd, file, run }: Run): Promise<void> {
  for (const [words, says] of readers(run, join(cwd, "out"))) {
    const { code, stdout, stderr } = await runHere(...words);
    assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
    assert.match(stdout, says, words.join(" "));
  }
  const again = await runHere("run", file, "--out", run, "--json");
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /"ended":3/);
}

async function assertRefusedByAll({ cwd, file, run }: Run, names: RegExp): Promise<void> {
  const commands = [...readers(run, join(cwd, "out")).map(([words]) => words), ["run", file, "--out", run]];
  for (const words of commands) {
    const { code, stderr } = await runHere(...words);
    assert.equal(code, 3, words.join(" "));
    assert.match(stderr, names, words.join(" "));
  }
}

const FOLLOWED: Readonly<Record<string, (run: Run) => unknown>> = {
  "a log is a link to another disk": ({ cwd, logs: [log] }) => {
    Deno.renameSync(log!, join(cwd, "elsewhere"));
    Deno.symlinkSync(join(cwd, "elsewhere"), log!);
  },
  "a log is a relative link": ({ cwd, logs: [log] }) => {
    Deno.renameSync(log!, join(cwd, "elsewhere"));
    Deno.symlinkSync("../../elsewhere", log!);
  },
  "a log has a second hard link": ({ cwd, logs: [log] }) => Deno.linkSync(log!, join(cwd, "elsewhere")),
  "the folder of the discussions is a link": ({ cwd, run }) => {
    Deno.renameSync(join(run, "discussions"), join(cwd, "elsewhere"));
    Deno.symlinkSync(join(cwd, "elsewhere"), join(run, "discussions"));
  },
  "the folder of the run is a link": ({ cwd, run }) => {
    Deno.renameSync(run, join(cwd, "elsewhere"));
    Deno.symlinkSync(join(cwd, "elsewhere"), run);
  },
};

for (const [what, link] of Object.entries(FOLLOWED)) {
  Deno.test(`commands that read a run see the same discussions when ${what}`, () =>
    inFolder(async (cwd) => {
      const run = await heldRun(cwd);
      link(run);
      await assertSeenByAll(run);
    }));
}

const REFUSED: Readonly<Record<string, Readonly<{ change: (run: Run) => unknown; names: RegExp }>>> = {
  "a log is a link that leads nowhere": {
    change: ({ logs: [log] }) => {
      Deno.removeSync(log!);
      Deno.symlinkSync("gone", log!);
    },
    names: /Cannot follow the link ".*\.jsonl" to "gone": it does not exist/,
  },
  "links lead round in a circle": {
    change: ({ logs: [log] }) => {
      Deno.removeSync(log!);
      Deno.symlinkSync(`${log}.link`, log!);
      Deno.symlinkSync(log!, `${log}.link`);
    },
    names: /Cannot follow the link ".*\.jsonl" to ".*": links lead round in a circle/,
  },
  "a log is a link to a folder": {
    change: ({ cwd, logs: [log] }) => {
      Deno.removeSync(log!);
      Deno.symlinkSync(cwd, log!);
    },
    names: /Cannot read ".*\.jsonl": .*the link leads to something that is not a file/,
  },
  "a log was copied into a sub-folder": {
    change: ({ run, logs: [log] }) => {
      Deno.mkdirSync(join(run, "discussions", "ab"));
      Deno.copyFileSync(log!, join(run, "discussions", "ab", basename(log!)));
    },
    names: /Cannot read the log of ".*": there are two files, ".*" and ".*ab.*"/,
  },
  "a log was linked into a sub-folder": {
    change: ({ run, logs: [log] }) => {
      Deno.mkdirSync(join(run, "discussions", "ab"));
      Deno.symlinkSync(log!, join(run, "discussions", "ab", basename(log!)));
    },
    names: /Cannot read the log of ".*": there are two files, ".*" and ".*ab.*"/,
  },
  "a log was moved into another log's sub-folder": {
    change: ({ run, logs: [log] }) => {
      Deno.mkdirSync(join(run, "discussions", "ab"));
      Deno.renameSync(log!, join(run, "discussions", "ab", basename(log!)));
    },
    names: /Cannot read the log ".*ab.*": it is in the wrong folder\. Move it to ".*"/,
  },
};

for (const [what, { change, names }] of Object.entries(REFUSED)) {
  Deno.test(`commands that read a run refuse it, and name the log, when ${what}`, () =>
    inFolder(async (cwd) => {
      const run = await heldRun(cwd);
      change(run);
      await assertRefusedByAll(run, names);
    }));
}

Deno.test("status and verify report a folder with a log's name as a damaged log", () =>
  inFolder(async (cwd) => {
    const { run, logs: [log] } = await heldRun(cwd);
    Deno.removeSync(log!);
    Deno.mkdirSync(log!);
    for (const command of ["status", "verify"]) {
      const { code, stdout } = await runHere(command, run);
      assert.equal(code, 1);
      assert.match(stdout, /it is a folder, not a file/);
    }
  }));
