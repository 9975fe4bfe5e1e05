/** Builds the npm package, installs it into an empty folder, and uses it with Node.js. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../adapters/testing/in_folder.ts";
import { openDiscussion, readExperiment } from "../adapters/local/mod.ts";
import { VERSION } from "../core/version.ts";
import { unlessLacking } from "./testing/python.ts";
import { registryLacks } from "./testing/downloads.ts";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));
const QUICKSTART = join(PROJECT, "fixtures/quickstart/scripted.yaml");

/** The time limit of a process. Building the package or fetching packages can take minutes. */
const PROCESS_MS_MAX = 600_000;

async function start(cwd: string, program: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    env: { NO_COLOR: "1", SYNDISCO_CALLED_AS: "" },
    stdin: "null",
    signal: AbortSignal.timeout(PROCESS_MS_MAX),
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Says why npm, which comes with Node.js, cannot be used; `null` if it can. */
async function nodeLacks(): Promise<string | null> {
  try {
    return (await start(PROJECT, "npm", "--version")).code === 0 ? null : "npm does not start";
  } catch {
    return "there is no npm: apt-get install nodejs npm";
  }
}

const EXPERIMENT = `
name: on-node
seed: 1
models: { talker: { adapter: scripted } }
participants: { model: talker, personas: [{ name: Ada }, { name: Ben }, { name: Cleo }] }
discussion: { turns: 6, turnTaking: random }
`;

/** A program for Node.js that steps through a discussion in memory and computes a test. */
const STUDY = `
import { openDiscussion, readExperiment } from "@syndisco/syndisco";
import { permutationTest } from "@syndisco/syndisco/analysis";

const experiment = await readExperiment({ path: "study.yaml", text: ${
  JSON.stringify(EXPERIMENT)
}, folder: "." });
const { discussion, close } = await openDiscussion(experiment, 0);
const authors = [];
for await (const event of discussion) if (event.type === "TurnTaken") authors.push(event.data.participant);
await close();
console.log(authors.join(), permutationTest([4, 5, 6], [1, 2, 3], { seed: "42" }).p);
`;

/** The authors that the discussion of `STUDY` has on Deno, joined by commas. */
async function authorsOnDeno(): Promise<string> {
  const experiment = await readExperiment({ path: "study.yaml", text: EXPERIMENT, folder: "." });
  const { discussion, close } = await openDiscussion(experiment, 0);
  const authors: string[] = [];
  for await (const event of discussion) if (event.type === "TurnTaken") authors.push(event.data.participant);
  await close();
  return authors.join();
}

/** A program for Node.js that tries to use files of an experiment and of a run. The library needs Deno for both. */
const WITH_FILES = `
import { readExperiment, runExperiment } from "@syndisco/syndisco";

const text = ${JSON.stringify(EXPERIMENT)};
const loaded = await readExperiment({ path: "study.yaml", text, folder: "." });
for (const source of ["study.yaml", loaded]) {
  await runExperiment(source, { out: "a run" }).catch(({ message }) => console.log(message));
}
`;

/** The end of each message that `WITH_FILES` prints. */
const NEEDS_DENO =
  "on Node.js, this library cannot use files of experiments and runs. Start your program with Deno, " +
  "or keep to experiments from a text, and discussions in memory";

/** A program that TypeScript accepts only if the package's types are there. */
const TYPED = `
import { type ExperimentOutcome, runExperiment } from "@syndisco/syndisco";
import { permutationTest } from "@syndisco/syndisco/analysis";
const outcome: ExperimentOutcome = await runExperiment("x.yaml", { out: "runs" });
const ended: number = outcome.ended;
// @ts-expect-error This is a number.
const wrong: string = outcome.ended;
// @ts-expect-error This is an object.
const alsoWrong: number = permutationTest([1], [2], { seed: "1" });
export { alsoWrong, ended, wrong };
`;

Deno.test({
  ...unlessLacking(
    "the npm package runs on Node.js: the library by itself, the program with Deno",
    await nodeLacks() ?? await registryLacks(),
  ),
  fn: () =>
    inFolder(async (folder) => {
      const built = await start(PROJECT, "deno", "task", "package", folder);
      assert.equal(built.code, 0, built.stderr);
      const [tarball] = [...Deno.readDirSync(folder)].map(({ name }) => name);
      assert.equal(basename(tarball!), `syndisco-syndisco-${VERSION}.tgz`);

      const cwd = join(folder, "my study");
      await Deno.mkdir(cwd);
      await Deno.writeTextFile(join(cwd, "package.json"), '{ "type": "module" }');
      const installed = await start(cwd, "npm", "install", "--no-audit", "--no-fund", join("..", tarball!));
      assert.equal(installed.code, 0, installed.stderr);
      const hasPackage = (name: string) => existsSync(join(cwd, "node_modules", name));
      assert.ok(hasPackage("zod"));
      assert.ok(hasPackage("@syndisco/syndisco/adapters/viewer/bundle/app.js"));
      for (
        const large of [
          "@duckdb/node-api",
          "@huggingface/transformers",
          "@node-llama-cpp",
          "onnxruntime-node",
          "sharp",
          "deno",
        ]
      ) assert.ok(!hasPackage(large), large);

      await Deno.writeTextFile(join(cwd, "study.js"), STUDY);
      const study = await start(cwd, "node", "study.js");
      // There are 20 ways to split six values into two groups of three. Two of them are as extreme as this one: p = 2/20.
      assert.equal(study.stdout, `${await authorsOnDeno()} 0.1\n`, study.stderr);

      await Deno.writeTextFile(join(cwd, "files.js"), WITH_FILES);
      const refused = await start(cwd, "node", "files.js");
      assert.equal(
        refused.stdout,
        `Cannot read "study.yaml": ${NEEDS_DENO}\nCannot use the run folder "a run": ${NEEDS_DENO}\n`,
        refused.stderr,
      );

      await Deno.writeTextFile(join(cwd, "typed.ts"), TYPED);
      const options = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--module",
        "nodenext",
        "--target",
        "es2022",
      ];
      const typed = await start(
        cwd,
        ...["deno", "run", "--allow-all", "--no-config", "--no-lock", "npm:typescript@6.0.3/tsc"] as const,
        ...[...options, "typed.ts"],
      );
      assert.equal(typed.code, 0, typed.stdout + typed.stderr);

      const run = await start(cwd, "npx", "syndisco", "run", QUICKSTART, "--out", "first run");
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stdout + run.stderr, /^ {2}syndisco report 'first run'$/m);
      for (const command of ["verify", "report"]) {
        const { code, stderr } = await start(cwd, "npx", "syndisco", command, "first run");
        assert.equal(code, 0, stderr);
      }
      const query = await start(cwd, "npx", "syndisco", "query", "first run", "select 1");
      assert.equal(query.code, 3);
      const { peerDependencies } = JSON.parse(
        await Deno.readTextFile(join(cwd, "node_modules/@syndisco/syndisco/package.json")),
      );
      const needed = `@duckdb/node-api@${peerDependencies["@duckdb/node-api"]}`;
      assert.ok(query.stderr.includes(`is not installed. Run npm install ${needed}, then`), query.stderr);
    }),
});
