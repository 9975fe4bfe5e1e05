import assert from "node:assert/strict";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { INIT_TEMPLATES } from "../init/mod.ts";
import { runProgram } from "../testing/processes.ts";

const QUESTION = "Number or name [1]:";

/** A command that takes longer, in milliseconds, is killed, so that its test fails instead of hanging. */
const TERMINAL_MS_MAX = 20_000;

const CALLED_AS = { SYNDISCO_CALLED_AS: "syndisco" };

/** The command lines that the program proposes, without its name. */
function proposed(stdout: string): string[][] {
  return [...stdout.matchAll(/^ {2}syndisco (.+)$/gm)].map(([, words]) => words!.split(" "));
}

for (const { name, file, beside = {} } of INIT_TEMPLATES) {
  Deno.test(`init --template ${name} writes files that work with the commands that it proposes`, async () => {
    await inFolder(async (cwd) => {
      const init = await runProgram(["init", "--template", name], { cwd, env: CALLED_AS });
      assert.equal(init.code, 0, init.stderr);
      assert.deepEqual(
        [...Deno.readDirSync(cwd)].map(({ name }) => name).sort(),
        [file, ...Object.keys(beside)].sort(),
      );
      const lines = proposed(init.stdout);
      assert.ok(lines.length >= 2, init.stdout);
      for (const line of lines) {
        const { code, stderr } = await runProgram(line, { cwd });
        assert.equal(code, 0, `${line.join(" ")}: ${stderr}`);
      }
      const [run] = [...Deno.readDirSync(`${cwd}/runs`)].map(({ name }) => `runs/${name}`);
      const replay = await runProgram(["replay", run!, "--verify"], { cwd });
      assert.match(replay.stdout, /no divergences/);
      const report = await runProgram(["report", run!], { cwd });
      assert.equal(report.code, 0, report.stderr);
      assert.doesNotMatch(report.stdout, /cannot be computed/);
    });
  });
}

Deno.test("the experiment of init --template repeat has the prompts of the Python library", async () => {
  await inFolder(async (cwd) => {
    await runProgram(["init", "--template", "repeat"], { cwd });
    const { code, stdout, stderr } = await runProgram(["plan", "experiment.yaml", "--show", "1"], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\{"context": "You are a human/);
    assert.match(stdout, /\{"role": "user", "content": "User /);
  });
});

Deno.test("the prompts of init --template multilingual show the instructions of a role", async () => {
  await inFolder(async (cwd) => {
    await runProgram(["init", "--template", "multilingual"], { cwd });
    const file = `${cwd}/experiment.yaml`;
    const text = await Deno.readTextFile(file);
    const role = "participants:\n  roles: [{ name: troll, count: 3, instructions: Stör bitte! }]";
    await Deno.writeTextFile(file, text.replace("participants:", role));
    const { code, stdout, stderr } = await runProgram(["plan", file, "--show", "1"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Beruf: .+\s+Stör bitte!\s+Schreibe einen kurzen/);
  });
});

Deno.test("init --template changes no file if one of its files exists", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/comments.csv`, "mine");
    const { code, stderr } = await runProgram(["init", "--template", "annotation"], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /Cannot write "comments\.csv": the file exists/);
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name), ["comments.csv"]);
  });
});

/** Runs `init` on a terminal, which the program `script` of Linux provides, and gives one answer to each question. */
async function initOnTerminal(cwd: string, answers: readonly string[]): Promise<string> {
  const main = new URL("../main.ts", import.meta.url).pathname;
  const lock = new URL("../../deno.lock", import.meta.url).pathname;
  const line = `'${Deno.execPath()}' run -A --lock='${lock}' '${main}' init`;
  const child = new Deno.Command("script", {
    args: ["-qec", line, "/dev/null"],
    cwd,
    env: { TERM: "xterm" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), TERMINAL_MS_MAX);
  const writer = child.stdin.getWriter();
  let shown = "";
  let given = 0;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    shown += text;
    if (shown.split(QUESTION).length - 1 > given && given < answers.length) {
      await writer.write(new TextEncoder().encode(`${answers[given++]}\r`));
    }
  }
  clearTimeout(timer);
  await child.status;
  await writer.close().catch(() => {});
  return shown;
}

Deno.test({
  name: "on a terminal, init asks what you want to do",
  ignore: Deno.build.os !== "linux",
  async fn() {
    for (
      const [answers, written] of [
        [["2"], "persona-study"],
        [[""], "first-experiment"],
        [["nothing like it", "repeat"], "repeated"],
      ] as const
    ) {
      await inFolder(async (cwd) => {
        const shown = await initOnTerminal(cwd, answers);
        assert.match(shown, /What do you want to do\?[^]*2 +personas/);
        const text = await Deno.readTextFile(`${cwd}/experiment.yaml`);
        assert.match(text, new RegExp(`^name: ${written}$`, "m"));
      });
    }
  },
});
