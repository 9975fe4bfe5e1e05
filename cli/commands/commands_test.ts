import assert from "node:assert/strict";
import { join } from "node:path";
import { ended, runProgram, startProgram } from "../testing/processes.ts";

/** Works in a folder of its own, so that the default folder of runs is its own, too. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Lines of JSON, parsed; fails on anything else. */
// deno-lint-ignore no-explicit-any -- tests look into objects of many shapes
function jsonLines(text: string): any[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

function experiment(model: string, turns = 4): string {
  return `name: tiny
seed: 7
models: { m: ${model} }
participants: { model: m, personas: [{ name: Anna }, { name: Ben }, { name: Chloe }] }
discussion: { turns: ${turns} }
design: { replications: 3 }
`;
}

Deno.test("init, validate, plan, run, status, replay and verify carry one experiment from its file to its logs", async () => {
  await inFolder(async (cwd) => {
    const init = await runProgram(["init"], { cwd });
    assert.equal(init.code, 0, init.stderr);
    assert.match(init.stdout, /run experiment\.yaml/);
    const again = await runProgram(["init"], { cwd });
    assert.equal(again.code, 2);
    assert.match(again.stderr, /Cannot write "experiment\.yaml": there is such a file already/);

    const valid = await runProgram(["validate", "experiment.yaml"], { cwd });
    // Two moderators, five replications, eight turns: the file says so.
    assert.equal(valid.stdout, "experiment.yaml: valid: 2 conditions, 10 discussions, 80 turns\n");

    const plan = jsonLines((await runProgram(["plan", "experiment.yaml", "--json"], { cwd })).stdout)[0];
    // On demand: the moderator of five discussions is asked after each of eight turns.
    assert.deepEqual(
      plan.models.map(({ participant, moderator, certainty }: Record<string, unknown>) => ({
        participant,
        moderator,
        certainty,
      })),
      [{ participant: 80, moderator: 40, certainty: "exact" }],
    );
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name), ["experiment.yaml"]);

    const run = await runProgram(["run", "experiment.yaml"], { cwd });
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /10 of 10 ended/);
    assert.match(run.stderr, /^discussions 0\/10, turns 0\/80/);
    assert.ok(!(run.stdout + run.stderr).includes("\x1b"));

    const status =
      jsonLines((await runProgram(["status", "runs/first-experiment", "--json"], { cwd })).stdout)[0];
    assert.deepEqual(
      [status.planned, status.completed, status.half, status.notBegun, status.turns, status.running],
      [10, 10, 0, 0, 80, []],
    );

    const replay = await runProgram(["replay", "runs/first-experiment", "--verify"], { cwd });
    assert.equal(replay.code, 0);
    assert.match(
      replay.stdout,
      /^10 discussions, .*: 120 prompts rendered again as they were; no divergences\n$/,
    );

    const verify = await runProgram(["verify", "runs/first-experiment"], { cwd });
    assert.equal(verify.code, 0);
    assert.match(verify.stdout, /^10 logs \(10 of ended discussions\), .*: all as written\n$/);
  });
});

Deno.test("validate lists every problem with its place, and run writes nothing then", async () => {
  await inFolder(async (cwd) => {
    const file = join(cwd, "wrong.yaml");
    await Deno.writeTextFile(
      file,
      experiment("{ adapter: scripted }").replace("turns: 4", "turns: four").replace("seed", "sed"),
    );
    const { code, stdout, stderr } = await runProgram(["validate", "wrong.yaml"], { cwd });
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^wrong\.yaml:2:1: sed: unknown key; did you mean "seed"\?$/m);
    assert.match(stderr, /^wrong\.yaml:5:22: discussion\.turns: expected a whole number/m);
    const json = jsonLines((await runProgram(["validate", "wrong.yaml", "--json"], { cwd })).stdout)[0];
    assert.equal(json.valid, false);
    const run = await runProgram(["run", "wrong.yaml"], { cwd });
    assert.equal(run.code, 2);
    assert.doesNotMatch(run.stderr, /\n +at /);
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name), ["wrong.yaml"]);
    assert.equal((await runProgram(["run", "absent.yaml"], { cwd })).code, 2);
  });
});

Deno.test("run --json writes nothing but JSON to the standard output, and ends with a summary", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted }"));
    const first = await runProgram(["run", "e.yaml", "--json"], { cwd });
    const lines = jsonLines(first.stdout);
    assert.deepEqual(lines[0].type, "progress");
    const { type, exitCode, discussions, turns } = lines.at(-1)!;
    assert.deepEqual({ type, exitCode, ended: discussions.ended, turns: turns.ended }, {
      type: "finished",
      exitCode: 0,
      ended: 3,
      turns: 12,
    });
    const second = jsonLines((await runProgram(["run", "e.yaml", "--json"], { cwd })).stdout).at(-1)!;
    assert.deepEqual([second.discussions.endedBefore, second.turns.endedBefore], [3, 12]);
  });
});

Deno.test("run --quiet says nothing when all goes well", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted }"));
    assert.deepEqual(await runProgram(["run", "e.yaml", "--quiet"], { cwd }), {
      code: 0,
      signal: null,
      stdout: "",
      stderr: "",
    });
  });
});

Deno.test("run ends with 1 when discussions were set aside, and says why", async () => {
  await inFolder(async (cwd) => {
    const failing = "{ adapter: scripted, failures: [{ kind: bad-request, turns: [2] }] }";
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(failing));
    const { code, stdout } = await runProgram(["run", "e.yaml"], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /3 set aside/);
    assert.match(stdout, /To try again:\n.* run e\.yaml\n/);
    const status = jsonLines((await runProgram(["status", "runs/tiny", "--json"], { cwd })).stdout)[0];
    assert.deepEqual([status.half, status.failed, status.failures], [3, 3, { "bad-request": 3 }]);
  });
});

Deno.test("run stops at Ctrl-C, says how to go on, and goes on; meanwhile nobody else can run it", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted, latencyMs: 50 }", 20));
    const child = startProgram(["run", "e.yaml", "--json"], { cwd });
    const [heard, output] = child.stdout.tee();
    const reader = heard.getReader();
    // The first line comes when the first discussion has been opened.
    await reader.read();
    const other = await runProgram(["run", "e.yaml"], { cwd });
    assert.equal(other.code, 3);
    assert.match(other.stderr, /it is in use by process \d+/);
    const status = jsonLines((await runProgram(["status", "runs/tiny", "--json"], { cwd })).stdout)[0];
    assert.equal(status.running.length, 1);
    child.kill("SIGINT");
    const [stdout, stderr, { code }] = await Promise.all([
      new Response(output).text(),
      new Response(child.stderr).text(),
      child.status,
      reader.cancel(),
    ]);
    assert.equal(code, 130);
    assert.match(stderr, /press Ctrl-C again/);
    const last = jsonLines(stdout).at(-1)!;
    assert.equal(last.exitCode, 130);
    assert.match(last.again, / run e\.yaml --json$/);
    const rest = jsonLines((await runProgram(["run", "e.yaml", "--json"], { cwd })).stdout).at(-1)!;
    assert.deepEqual([rest.exitCode, rest.discussions.ended, rest.turns.ended], [0, 3, 60]);
    assert.equal(rest.turns.endedBefore, last.turns.ended);
  });
});

Deno.test("run gives up what is in flight at the second Ctrl-C", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted, latencyMs: 600000 }"));
    const child = startProgram(["run", "e.yaml"], { cwd });
    const [heard, output] = child.stderr.tee();
    const reader = heard.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    const hear = async (text: string) => {
      while (!said.includes(text)) said += (await reader.read()).value ?? assert.fail(said);
    };
    await hear("discussions 0/3");
    child.kill("SIGINT");
    await hear("press Ctrl-C again");
    child.kill("SIGINT");
    const { code, stdout } = await ended(
      Object.create(child, {
        output: {
          value: async () => ({
            ...await child.status,
            stdout: await new Response(child.stdout).bytes(),
            stderr: await new Response(output).bytes(),
          }),
        },
      }),
    );
    await reader.cancel();
    assert.equal(code, 130);
    assert.match(stdout, /^Stopped after/);
  });
});

Deno.test("replay shows what models say without letting it command the terminal", async () => {
  await inFolder(async (cwd) => {
    const hostile = '{ adapter: scripted, replies: ["\\e]0;title\\a\\e[31mred\\u202e"] }';
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(hostile));
    assert.equal((await runProgram(["run", "e.yaml"], { cwd })).code, 0);
    const shown = await runProgram(["replay", "runs/tiny", "-d", "base.r0001"], { cwd });
    assert.equal(shown.code, 0, shown.stderr);
    assert.ok(shown.stdout.includes("\\u{1b}]0;title\\u{7}\\u{1b}[31mred\\u{202e}"));
    const json = await runProgram(["replay", "runs/tiny", "-d", "base.r0001", "--json"], { cwd });
    const state = await runProgram(["replay", "runs/tiny", "-d", "base.r0001", "--state"], { cwd });
    for (const { stdout } of [shown, json, state]) {
      assert.doesNotMatch(stdout, /[^\P{Cc}\n]|\u202e/u);
    }
    assert.equal(JSON.parse(state.stdout).window[0].text, "\x1b]0;title\x07\x1b[31mred\u202e");
  });
});

Deno.test("replay goes to any event, and asks which discussion is meant", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted }"));
    await runProgram(["run", "e.yaml"], { cwd });
    const state = await runProgram(["replay", "runs/tiny", "-d", "base.r0002", "--at", "2", "--state"], {
      cwd,
    });
    // Events 1 and 2 are the first two turns.
    assert.equal(JSON.parse(state.stdout).turn, 2);
    const unclear = await runProgram(["replay", "runs/tiny"], { cwd });
    assert.equal(unclear.code, 2);
    assert.match(
      unclear.stderr,
      /Cannot choose among 3 discussions: name one with --discussion, such as\n {2}base\.r0001/,
    );
    const absent = await runProgram(["replay", "runs/tiny", "-d", "other"], { cwd });
    assert.equal(absent.code, 2);
  });
});

Deno.test("verify and status name damage, verify --repair sets it aside, and run goes on from what is good", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted }"));
    await runProgram(["run", "e.yaml"], { cwd });
    const folder = join(cwd, "runs/tiny/discussions");
    const [name] = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
      name.includes("r0002")
    );
    const file = join(folder, name!);
    const lines = (await Deno.readTextFile(file)).split("\n");
    const good = `${lines[0]}\n${lines[1]}\n`;
    lines[2] = lines[2]!.replace('"turn":1', '"turn":9');
    await Deno.writeTextFile(file, lines.join("\n"));

    const found = await runProgram(["verify", "runs/tiny"], { cwd });
    assert.equal(found.code, 1);
    assert.match(found.stdout, new RegExp(`${name}:3: byte ${new TextEncoder().encode(good).length}: `));
    const status = await runProgram(["status", "runs/tiny", "--json"], { cwd });
    assert.equal(status.code, 1);
    const { completed, half, damagedCount } = jsonLines(status.stdout)[0];
    assert.deepEqual([completed, half, damagedCount], [2, 1, 1]);
    assert.equal((await runProgram(["replay", "runs/tiny", "--verify"], { cwd })).code, 1);
    assert.equal((await runProgram(["run", "e.yaml"], { cwd })).code, 1);

    const repaired = await runProgram(["verify", "runs/tiny", "--repair"], { cwd });
    assert.equal(repaired.code, 0, repaired.stdout);
    assert.equal(await Deno.readTextFile(file), good);
    assert.equal(await Deno.readTextFile(`${file}.damaged-1`), lines.slice(2).join("\n"));
    assert.equal((await runProgram(["run", "e.yaml"], { cwd })).code, 0);
    assert.equal((await runProgram(["verify", "runs/tiny"], { cwd })).code, 0);
  });
});

Deno.test("status and verify refuse a folder that holds no run", async () => {
  await inFolder(async (cwd) => {
    for (const command of ["status", "verify", "replay"]) {
      const { code, stderr } = await runProgram([command, "."], { cwd });
      assert.equal(code, 3, command);
      assert.match(stderr, /there is no run in it/);
    }
  });
});

Deno.test("schema writes a JSON Schema", async () => {
  const { code, stdout } = await runProgram(["schema"]);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).type, "object");
});

Deno.test("completions writes a script that bash reads, and completes commands and options", async () => {
  const { code, stdout } = await runProgram(["completions", "bash"]);
  assert.equal(code, 0);
  const bash = await new Deno.Command("bash", { args: ["-n", "-c", stdout] }).output();
  assert.equal(bash.code, 0, new TextDecoder().decode(bash.stderr));
  assert.equal((await runProgram(["completions", "bash", "st"])).stdout, "status");
  assert.match((await runProgram(["completions", "bash", "run", "--sh"])).stdout, /^--shard$/m);
  assert.equal((await runProgram(["completions", "klingon"])).code, 2);
});
