/** Installs the program, and imports the library from another folder. Each test begins with empty caches. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../adapters/testing/in_folder.ts";
import { unlessLacking } from "./testing/python.ts";
import { fetchedPackages, registryLacks } from "./testing/downloads.ts";

const CLONE = fileURLToPath(new URL("../", import.meta.url));
const QUICKSTART = join(CLONE, "fixtures/quickstart/scripted.yaml");
const lack = await registryLacks();

/** Packages that only local models and SQL use. */
const LARGE = [
  "@huggingface/transformers",
  "onnxruntime-node",
  "onnxruntime-web",
  "sharp",
  "@duckdb/node-api",
  "@node-llama-cpp/linux-x64",
  "@node-llama-cpp/linux-x64-cuda",
];

/** Packages that only tests use. */
const OF_TESTS = ["playwright-core", "axe-core", "markdown-it"];

function assertFetchedNone(cache: string, names: readonly string[]): void {
  const fetched = fetchedPackages(cache);
  assert.ok(fetched.includes("zod"));
  assert.deepEqual(names.filter((name) => fetched.includes(name)), []);
}

/** The time limit of a process. Fetching packages can take minutes. */
const PROCESS_MS_MAX = 600_000;

/** Runs a program as a user whose home and caches are empty. */
async function start(
  [program, ...args]: readonly [string, ...string[]],
  { home, cwd }: Readonly<{ home: string; cwd: string }>,
): Promise<Readonly<{ code: number; stdout: string; stderr: string }>> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    env: {
      PATH: `${join(home, ".deno", "bin")}:${Deno.env.get("PATH")}`,
      HOME: home,
      XDG_CONFIG_HOME: "",
      DENO_DIR: join(home, "cache"),
      DENO_INSTALL_ROOT: join(home, ".deno"),
      NO_COLOR: "1",
    },
    stdin: "null",
    signal: AbortSignal.timeout(PROCESS_MS_MAX),
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Calls a test with an empty home and, beside it, an empty folder with a difficult name. */
async function withHome(
  use: (user: Readonly<{ home: string; cwd: string }>) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const user = { home: join(folder, "home"), cwd: join(folder, "my studies", "διάλογος") };
    await Deno.mkdir(user.home);
    await Deno.mkdir(user.cwd, { recursive: true });
    await use(user);
  });
}

Deno.test({
  ...unlessLacking("deno task install makes syndisco a command in every folder", lack),
  fn: () =>
    withHome(async (user) => {
      const installed = await start(["deno", "task", "install"], { ...user, cwd: CLONE });
      assert.equal(installed.code, 0, installed.stderr);
      assertFetchedNone(join(user.home, "cache"), [...LARGE, ...OF_TESTS]);

      const run = await start(["syndisco", "run", QUICKSTART, "--out", "first run"], user);
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stdout + run.stderr, /^ {2}syndisco report 'first run'$/m);
      for (const command of ["status", "verify", "report"] as const) {
        const { code, stderr } = await start(["syndisco", command, "first run"], user);
        assert.equal(code, 0, stderr);
      }
      assertFetchedNone(join(user.home, "cache"), [...LARGE, ...OF_TESTS]);
      const query = await start([
        "syndisco",
        "query",
        "first run",
        "select count(*) as n from discussions",
        "--csv",
      ], user);
      assert.equal(query.stdout, "n\n12\n", query.stderr);

      const gone = await start(["deno", "uninstall", "--global", "syndisco"], user);
      assert.equal(gone.code, 0, gone.stderr);
      assert.deepEqual([...Deno.readDirSync(join(user.home, ".deno", "bin"))], []);
    }),
});

Deno.test({
  ...unlessLacking(
    "deno task run of the scripted quickstart fetches no package of local models or SQL",
    lack,
  ),
  fn: () =>
    withHome(async ({ home, cwd }) => {
      const out = join(cwd, "run");
      const { code, stderr } = await start(["deno", "task", "run", QUICKSTART, "--out", out], {
        home,
        cwd: CLONE,
      });
      assert.equal(code, 0, stderr);
      assertFetchedNone(join(home, "cache"), LARGE);
    }),
});

const PROGRAM = `
import { type ExperimentOutcome, runExperiment } from "${new URL("../mod.ts", import.meta.url)}";
import { isUnavailable, permutationTest } from "${new URL("../analysis/mod.ts", import.meta.url)}";

const outcome: ExperimentOutcome = await runExperiment(${JSON.stringify(QUICKSTART)}, { out: "a run" });
// @ts-expect-error The types are there: this is a number.
const wrong: string = outcome.ended;
const test = permutationTest([4, 5, 6], [1, 2, 3], { seed: "42" });
console.log(wrong, isUnavailable(test) ? test.unavailable : "tested");
`;

Deno.test({
  ...unlessLacking(
    "a program in another folder imports the library with its types, and without --config",
    lack,
  ),
  fn: () =>
    withHome(async (user) => {
      await Deno.writeTextFile(join(user.cwd, "study.ts"), PROGRAM);
      const { code, stdout, stderr } = await start(
        ["deno", "run", "--check", "--allow-all", "study.ts"],
        user,
      );
      assert.equal(code, 0, stderr);
      assert.equal(stdout, "12 tested\n");
      assertFetchedNone(join(user.home, "cache"), [
        ...LARGE,
        ...OF_TESTS,
        "@observablehq/plot",
        "@optique/core",
      ]);
    }),
});
