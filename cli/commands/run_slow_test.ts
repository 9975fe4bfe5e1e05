import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { annotatedExperiment, experiment, jsonLines } from "../testing/experiments.ts";
import { ECHO_MS_MAX } from "../shared/stop_signals.ts";
import { EXIT_CODES } from "../shared/program.ts";
import { ended, runProgram, signalledWhile, startProgram } from "../testing/processes.ts";

Deno.test("run --json writes only JSON to the standard output, and ends with a summary", async () => {
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

Deno.test("run that is stopped when its discussions have ended, and before it annotates, can be resumed", () =>
  inFolder(async (cwd) => {
    const judge = '{ adapter: scripted, annotatorReplies: ["1"], latencyMs: 60000 }';
    await Deno.writeTextFile(join(cwd, "e.yaml"), annotatedExperiment(judge));
    const out = join(cwd, "out");
    const logs = () =>
      existsSync(join(out, "discussions"))
        ? [...Deno.readDirSync(join(out, "discussions"))].map(({ name }) =>
          Deno.readTextFileSync(join(out, "discussions", name))
        )
        : [];
    const haveEnded = () => logs().filter((log) => log.includes('"DiscussionCompleted"')).length === 3;
    const { code, stdout } = await signalledWhile(haveEnded, "SIGTERM", async () => {
      await Deno.remove(out, { recursive: true }).catch(() => {});
      return startProgram(["run", "e.yaml", "--out", out, "--json"], { cwd });
    });
    assert.equal(code, EXIT_CODES.interrupted, stdout);
    assert.equal(jsonLines(stdout).at(-1)!.exitCode, EXIT_CODES.interrupted);
  }));

Deno.test("run --quiet prints nothing when all discussions end", async () => {
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

Deno.test("run exits with 1 when discussions failed, and says how to try again", async () => {
  await inFolder(async (cwd) => {
    const failing = "{ adapter: scripted, failures: [{ kind: bad-request, turns: [2] }] }";
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(failing));
    const { code, stdout } = await runProgram(["run", "e.yaml"], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /3 failed/);
    assert.match(stdout, /To try again:\n.* run e\.yaml\n/);
    const status = jsonLines((await runProgram(["status", "runs/tiny", "--json"], { cwd })).stdout)[0];
    assert.deepEqual([status.half, status.failed, status.failures], [3, 3, { "bad-request": 3 }]);
  });
});

Deno.test("run stops at Ctrl-C and can be resumed; during a run, no other process can use its folder", async () => {
  await inFolder(async (cwd) => {
    const withLatency = (ms: number) =>
      Deno.writeTextFile(join(cwd, "e.yaml"), experiment(`{ adapter: scripted, latencyMs: ${ms} }`, 20));
    // The run is so slow that it cannot end during this test, even on a busy machine.
    await withLatency(3000);
    const child = startProgram(["run", "e.yaml", "--json"], { cwd });
    const [first, output] = child.stdout.tee();
    const reader = first.getReader();
    // The run writes its first line when the first discussion is opened.
    await reader.read();
    const other = await runProgram(["run", "e.yaml"], { cwd });
    assert.equal(other.code, 3);
    assert.match(other.stderr, /it is in use by process \d+/);
    const status = jsonLines((await runProgram(["status", "runs/tiny", "--json"], { cwd })).stdout)[0];
    assert.equal(status.running.length, 1);
    // Through `deno task`, one Ctrl-C arrives as two signals.
    child.kill("SIGINT");
    child.kill("SIGINT");
    const [stdout, stderr, { code }] = await Promise.all([
      new Response(output).text(),
      new Response(child.stderr).text(),
      child.status,
      reader.cancel(),
    ]);
    assert.equal(code, 130);
    assert.match(stderr, /press Ctrl-C again/);
    assert.doesNotMatch(stderr, /Cancelling/);
    const last = jsonLines(stdout).at(-1)!;
    assert.equal(last.exitCode, 130);
    assert.match(last.again, / run e\.yaml --json$/);
    await withLatency(1);
    const rest = jsonLines((await runProgram(["run", "e.yaml", "--json"], { cwd })).stdout).at(-1)!;
    assert.deepEqual([rest.exitCode, rest.discussions.ended, rest.turns.ended], [0, 3, 60]);
    assert.equal(rest.turns.endedBefore, last.turns.ended);
  });
});

Deno.test("run cancels requests in flight at the second Ctrl-C", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted, latencyMs: 600000 }"));
    const child = startProgram(["run", "e.yaml"], { cwd });
    const [first, output] = child.stderr.tee();
    const reader = first.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    const hear = async (text: string) => {
      while (!said.includes(text)) said += (await reader.read()).value ?? assert.fail(said);
    };
    await hear("discussions 0/3");
    // After this wait, requests are in flight.
    await delay(2 * ECHO_MS_MAX);
    child.kill("SIGINT");
    await hear("press Ctrl-C again");
    await delay(2 * ECHO_MS_MAX);
    child.kill("SIGINT");
    // `deno task` sends the same Ctrl-C again.
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
