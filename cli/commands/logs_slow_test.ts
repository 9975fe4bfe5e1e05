import assert from "node:assert/strict";
import { join } from "node:path";
import { forgetEnds } from "../../adapters/stores/testing/forget_ends.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment, jsonLines } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

Deno.test("replay escapes the control characters of comments", async () => {
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

Deno.test("replay shows the state at any event, and needs --discussion if a run has several", async () => {
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
    // The opening, four turns and the end are the events 0 to 5.
    for (const how of [[], ["--state"]]) {
      const beyond = await runProgram(["replay", "runs/tiny", "-d", "base.r0002", "--at", "6", ...how], {
        cwd,
      });
      assert.equal(beyond.code, 2);
      assert.match(beyond.stderr, /Cannot show event 6 of "base\.r0002\.\w+": its last event is 5\n/);
    }
  });
});

Deno.test("verify and status report damage, verify --repair moves the damaged lines away, and run resumes", async () => {
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
    assert.match(found.stdout, / verify runs\/tiny --repair\n$/);
    const shown = await runProgram(["replay", "runs/tiny", "-d", "base.r0002"], { cwd });
    assert.match(shown.stderr, /line 3 of .* is damaged: .*"verify --repair"/);
    const status = await runProgram(["status", "runs/tiny", "--json"], { cwd });
    assert.equal(status.code, 1);
    const { completed, half, damagedCount } = jsonLines(status.stdout)[0];
    assert.deepEqual([completed, half, damagedCount], [2, 1, 1]);
    assert.match(
      (await runProgram(["status", "runs/tiny"], { cwd })).stdout,
      /^"verify --repair" moves the damage /m,
    );
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

Deno.test("status, verify and replay refuse a folder without a run", async () => {
  await inFolder(async (cwd) => {
    for (const command of ["status", "verify", "replay"]) {
      const { code, stderr } = await runProgram([command, "."], { cwd });
      assert.equal(code, 3, command);
      assert.match(stderr, /there is no run in it/);
    }
  });
});

Deno.test("verify says how many planned discussions have no log", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted }"));
    assert.equal((await runProgram(["run", "e.yaml", "--quiet"], { cwd })).code, 0);
    forgetEnds(join(cwd, "runs", "tiny"));
    const folder = join(cwd, "runs", "tiny", "discussions");
    await Deno.remove(join(folder, [...Deno.readDirSync(folder)][0]!.name));
    const { stdout } = await runProgram(["verify", "runs/tiny"], { cwd });
    assert.match(
      stdout,
      /^2 logs .*: all unchanged; 1 of the 3 planned discussions has no log\nnot protected/,
    );
  }));
