/** Checks that the tasks of `deno.json` give each command the permissions that the command needs, and no others. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };
import { newDatabase } from "../adapters/stores/postgres/testing/database.ts";
import { LACK } from "../adapters/stores/postgres/testing/server.ts";
import { inFolder } from "../adapters/testing/in_folder.ts";
import { COMMANDS } from "./commands/mod.ts";
import { PERMISSIONS } from "./shared/permissions.ts";
import { annotationFile, judgedExperiment, RULE } from "./testing/experiments.ts";
import { peopledRun } from "./testing/people.ts";
import { cacheIn, ended, stoppedAfterLine } from "./testing/processes.ts";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));
const MAIN = join(PROJECT, "cli", "main.ts");
const IMPORTED = join(PROJECT, "examples", "import");

/**
 * Command lines for every command, in an order in which each line finds the files that it needs. The lines of one command
 * together need all permissions of the command.
 */
const LINES: readonly (readonly [name: string, ...rest: string[]])[] = [
  ["init", "new.yaml"],
  ["schema", "--out", "schema.json"],
  ["completions", "bash"],
  ["validate", "e.yaml"],
  ["doctor", "e.yaml", "--yes"],
  ["plan", "e.yaml"],
  ["prompts", "e.yaml"],
  ["run", "e.yaml", "--out", "run", "--quiet"],
  ["slurm", "e.yaml", "--tasks", "2", "--time", "4:00:00"],
  ["slurm", "e.yaml", "--tasks", "2", "--time", "4:00:00", "--submit"],
  ["slurm", "run", "--tasks", "2", "--time", "4:00:00"],
  ["annotate", "run", "--with", "a.yaml", "--pass", "again", "--quiet"],
  ["embed", "run", "--with", "a.yaml", "--quiet"],
  ["reparse", "run", "--with", "a.yaml", "--pass", "again", "--as", "later"],
  ["plan", "run"],
  ["prompts", "run"],
  ["prompts", "run", "--discussion", "none.r0001"],
  ["validate", "run"],
  ["status", "run"],
  ["replay", "run", "--verify"],
  ["verify", "run"],
  ["verify", "run", "--design"],
  ["verify", "run", "--repair"],
  ["power", "run", "--outcome", "mood", "--effect", "0.5"],
  [
    "power",
    "run",
    "--outcome",
    "mood",
    "--effect",
    "0.5",
    "--analysis",
    join(PROJECT, "examples", "analysis.yaml"),
  ],
  ["query", "run", "select count(*) from comments"],
  ["export", "run", "--to", "tables", "--format", "parquet"],
  ["export", "run", "--to", "hub", "--format", "huggingface"],
  ["export", "run", "--to", "library", "--format", "python-library"],
  ["report", "run"],
  ["view", "run"],
  ["fork", "run", "--discussion", "none.r0001", "--at", "2", "--out", "branches", "--quiet"],
  ["pack", "run", "--out", "run.archive"],
  ["pack", "run", "--anonymise", "--out", "anonymous.archive"],
  ["unpack", "run.archive", "--out", "unpacked"],
  ["copy", "run", "copied"],
  ["withdraw", "runs/peopled", "Rita", "--yes"],
  ["import", join(IMPORTED, "comments.csv"), "--out", "imported"],
  ["import", join(IMPORTED, "old_runs", "moderated"), "--out", "original", "--experiment", "repeated.yaml"],
];

/** Command lines with a run in a database. */
function linesFor(database: string): typeof LINES {
  return [["run", "e.yaml", "--store", database, "--quiet"], ["worker", `${database}/rated`, "--quiet"]];
}

type Task = Readonly<{ flags: readonly string[]; env: readonly string[] | null }>;

/** The permissions of a task; `env` is `null` if it may read all variables. */
function taskOf(name: string): Task {
  const task = (config.tasks as Readonly<Record<string, string>>)[name] ?? "";
  const [, given] = new RegExp(`^(?:SYNDISCO_CALLED_AS='deno task' )?deno run (.*) cli/main.ts ${name}$`)
    .exec(task)!;
  const flags = given!.replace("--lock=deno.lock", `--lock=${join(PROJECT, "deno.lock")}`).split(" ");
  const env = flags.find((flag) => flag.startsWith("--allow-env"))!.split("=")[1];
  return { flags, env: env?.split(",") ?? null };
}

type Result = Readonly<{ code: number; stdout: string; stderr: string; env: ReadonlySet<string> }>;

/** Runs a command line with the permissions `flags`. In the result, `env` has the variables that the program read. */
async function runWith(flags: readonly string[], line: readonly string[], cwd: string): Promise<Result> {
  const audit = join(cwd, `${crypto.randomUUID()}.jsonl`);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, MAIN, ...line],
    cwd,
    env: {
      NO_COLOR: "1",
      PATH: `${join(cwd, "bin")}:${Deno.env.get("PATH")}`,
      SYNDISCO_CALLED_AS: "deno task",
      XDG_CONFIG_HOME: join(cwd, "config"),
      ...(line[0] === "view" ? cacheIn(join(cwd, "cache")) : {}),
      DENO_AUDIT_PERMISSIONS: audit,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const { code, stdout, stderr } = await (line[0] === "view" ? stoppedAfterLine(child) : ended(child));
  const asked = (await Deno.readTextFile(audit)).trimEnd().split("\n").map((text) => JSON.parse(text));
  const env = asked.filter(({ permission }) => permission === "env").map(({ value }) => value);
  return { code, stdout, stderr, env: new Set(env) };
}

async function prepare(cwd: string): Promise<void> {
  const text = judgedExperiment("{ adapter: scripted }", 3);
  await Deno.writeTextFile(join(cwd, "e.yaml"), text.replace(/turnTaking: .*/, "turnTaking: ./rule.ts"));
  await Deno.writeTextFile(join(cwd, "rule.ts"), RULE);
  await Deno.writeTextFile(join(cwd, "a.yaml"), annotationFile());
  await peopledRun(cwd);
  await Deno.mkdir(join(cwd, "bin"));
  await Deno.writeTextFile(join(cwd, "bin", "sbatch"), "#!/bin/sh\necho 17\n", { mode: 0o755 });
}

const WRITE = "--allow-write";

/** The variables that any command can read: for terminals, errors, and its own command lines. */
const ANY = ["TERM", "SYNDISCO_DEBUG", "SYNDISCO_CALLED_AS"];
/** The variables that lead to the user's configuration. Each operating system uses some of them. */
const CONFIG = ["HOME", "XDG_CONFIG_HOME", "APPDATA"];
/** The variables that lead to the user's cache folder. */
const CACHE = ["HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"];

/** The variables that the viewer reads only for a report or an export. This test makes no report and no export. */
const VIEWED = ["LOG_STREAM", "LOG_TOKENS", ...CONFIG, "USER", "LOGNAME", "USERNAME", "USERPROFILE"];

Deno.test("every command has a task with the permissions that the command needs, and no others", () =>
  inFolder(async (cwd) => {
    await prepare(cwd);
    // Without PostgreSQL, the command lines that need a database are skipped. Other tests say how to install PostgreSQL.
    const lines = LACK === null ? [...LINES, ...linesFor(await newDatabase())] : LINES;
    const names = [...new Set(lines.map(([name]) => name))];
    const commands = COMMANDS.map(({ name }) => name).filter((name) => LACK === null || name !== "worker");
    assert.deepEqual(names.toSorted(), commands.sort());
    const read = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));
    const writes = new Set<string>();
    for (const line of lines) {
      const [name] = line;
      const { flags } = taskOf(name);
      if (flags.includes(WRITE) && !writes.has(name)) {
        const { stdout, stderr } = await runWith(flags.filter((flag) => flag !== WRITE), line, cwd);
        if (/permission|write access/.test(stdout + stderr)) writes.add(name);
      }
      const { code, stdout, stderr, env } = await runWith(flags, line, cwd);
      assert.equal(code, 0, `${line.join(" ")}: ${stdout}${stderr}`);
      assert.doesNotMatch(stdout + stderr, /Not checked|permission/i, line.join(" "));
      for (const variable of env) read.get(name)!.add(variable);
    }
    const tasks = names.map((name) => [name, taskOf(name)] as const);
    const limited = tasks.filter(([, { env }]) => env !== null);
    const given = limited.map(([name, { env }]) => [name, env!.toSorted()]);
    const needed = limited.map(([name]) => {
      const own = read.get(name)!;
      const folders = [
        ...name === "view" ? VIEWED : [],
        ...own.has("XDG_CONFIG_HOME") ? CONFIG : [],
        ...own.has("XDG_CACHE_HOME") ? CACHE : [],
      ];
      return [name, [...new Set([...ANY, ...own, ...folders])].sort()];
    });
    assert.deepEqual(given, needed);
    const writing = tasks.filter(([, { flags }]) => flags.includes(WRITE)).map(([name]) => name);
    assert.deepEqual(writing, names.filter((name) => writes.has(name)));
  }));

Deno.test("the task for runs in databases gives every command the permissions of the installed program", () => {
  const flags = `--lock=deno.lock ${PERMISSIONS.join(" ")}`;
  assert.equal(config.tasks.db, `SYNDISCO_CALLED_AS='deno task db' deno run ${flags} cli/main.ts`);
});

Deno.test("only the task slurm may run another program, sbatch, and slurm runs it only with --submit", () =>
  inFolder(async (cwd) => {
    await prepare(cwd);
    const isToRun = (flag: string) => flag.startsWith("--allow-run");
    const running = COMMANDS.map(({ name }) => [name, taskOf(name).flags.filter(isToRun)] as const);
    assert.deepEqual(running.filter(([, flags]) => flags.length > 0), [["slurm", ["--allow-run=sbatch"]]]);
    const line = ["slurm", "e.yaml", "--tasks", "2", "--time", "4:00:00"];
    const { flags } = taskOf("slurm");
    const submitted = await runWith(flags, [...line, "--submit", "--json"], cwd);
    assert.deepEqual(JSON.parse(submitted.stdout).jobs, { tasks: "17", report: "17" });
    const without = flags.filter((flag) => !isToRun(flag));
    assert.equal((await runWith(without, line, cwd)).code, 0);
    const refused = await runWith(without, [...line, "--submit"], cwd);
    assert.equal(refused.code, 3);
    assert.match(
      refused.stderr,
      /Cannot submit the job: this program may not start sbatch\. Nothing is submitted/,
    );
  }));
