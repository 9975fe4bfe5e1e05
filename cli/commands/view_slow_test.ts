/** `view` as a process: its messages, its refusals, and runs that other processes write to meanwhile. */
import assert from "node:assert/strict";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment } from "../testing/experiments.ts";
import { ended, runProgram, startProgram } from "../testing/processes.ts";
import { countOf, startView, until, type Viewing } from "../testing/viewing.ts";

/** A slow model, so that a run can be watched and killed. */
const SLOW = "{ adapter: scripted, latencyMs: [40, 60] }";

async function madeRun(folder: string, name = "run"): Promise<string> {
  await Deno.writeTextFile(`${folder}/e.yaml`, experiment("{ adapter: scripted }"));
  const run = `${folder}/${name}`;
  assert.equal((await runProgram(["run", `${folder}/e.yaml`, "--out", run, "--quiet"])).code, 0);
  return run;
}

async function using(args: readonly string[], test: (viewing: Viewing) => Promise<void>): Promise<void> {
  const viewing = await startView(args);
  let code: number;
  try {
    await test(viewing);
  } finally {
    ({ code } = await viewing.stop());
  }
  assert.equal(code, 0, viewing.printed());
  assert.equal(viewing.printed().replaceAll("Ctrl-C ends the viewer\n", "").replaceAll(WAITS, ""), "");
}

const WAITS = /There is no run at \S+ yet; the page shows it as soon as it begins\n/g;

Deno.test("view prints a link whose token opens the page's data, and Ctrl-C ends it with open connections", () =>
  inFolder(async (folder) => {
    await using([await madeRun(folder)], async (viewing) => {
      const { ask, follow, request } = viewing;
      assert.match(await (await request("")).text(), /<script src="app.js" defer>/);
      const [facts] = await ask("runs");
      assert.deepEqual([facts.name, facts.experiment, facts.problems], ["run", "tiny", []]);
      await until(viewing, (overview) => countOf(overview, "completed") === 3);
      const { rows, total } = await ask("list", { query: {} });
      assert.deepEqual([total, rows[0].status, rows[0].turns], [3, "completed", 4]);
      const log = await Deno.readTextFile(`${folder}/run/discussions/${rows[0].discussion}.jsonl`);
      const answer = await ask("events", { run: "run", discussion: rows[0].discussion, from: 0 });
      assert.deepEqual(answer.events, log.trimEnd().split("\n").map((line) => JSON.parse(line)));
      assert.deepEqual([answer.next, answer.isEnd, answer.damage], [answer.events.length, true, null]);
      const connected = await follow(new AbortController().signal).next();
      assert.deepEqual(connected.value, []);
    });
  }));

Deno.test("view refuses what is not a run, a damaged manifest, a run named twice, and a port in use", () =>
  inFolder(async (folder) => {
    const run = await madeRun(folder);
    await Deno.mkdir(`${folder}/other`);
    await Deno.writeTextFile(`${folder}/other/notes.txt`, "");
    const refused = async (expected: RegExp, exitCode: number, ...args: readonly string[]) => {
      const { code, stdout, stderr } = await runProgram(["view", ...args]);
      assert.deepEqual([code, stdout], [exitCode, ""], stderr);
      assert.match(stderr, expected);
    };
    await refused(
      /Cannot open the run ".*other": there is no run in it\. Give the folder of a run/,
      3,
      `${folder}/other`,
    );
    await refused(/Cannot read the run ".*" twice: name each run once/, 2, run, `${folder}/other/../run`);
    await refused(/Cannot open the run ".*e\.yaml"|is a file/, 3, `${folder}/e.yaml`);
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    await refused(
      new RegExp(
        `Cannot serve the page at the port ${port}: another program uses it. Choose another one with --port`,
      ),
      2,
      ...[run, "--port", String(port)],
    );
    listener.close();
    await refused(/RUN is missing/, 2);
    await refused(/65536|65,?535/, 2, run, "--port", "65536");
    await Deno.writeTextFile(`${run}/manifest.json`, "{");
    await refused(/manifest\.json": it is not JSON\. Restore it from a copy/, 3, run);
  }));

Deno.test("view waits for a run, follows it, and follows it again after it was killed and resumed", () =>
  inFolder(async (folder) => {
    const run = `${folder}/later`;
    await Deno.writeTextFile(`${folder}/e.yaml`, experiment(SLOW, 40));
    const line = ["run", `${folder}/e.yaml`, "--out", run, "--quiet"];
    await using([run], async (viewing) => {
      const { ask, printed } = viewing;
      assert.match(printed(), WAITS);
      const [waiting] = await ask("runs");
      assert.match(waiting.problems[0], /^There is no run at ".*later" yet/);
      assert.deepEqual((await ask("list", { query: {} })).rows, []);
      const first = startProgram(line);
      await until(viewing, (overview) => countOf(overview, "in flight") === 3);
      assert.deepEqual((await ask("runs"))[0].problems, []);
      assert.match((await ask("runs"))[0].holders[0], /^process \d+/);
      first.kill("SIGKILL");
      await ended(first);
      const { rows: [row] } = await ask("list", { query: {} });
      const before = await ask("events", { run: "later", discussion: row.discussion, from: 0 });
      const second = startProgram(line);
      await until(viewing, (overview) => countOf(overview, "completed") === 3);
      assert.equal((await ended(second)).code, 0);
      const after = await ask("events", { run: "later", discussion: row.discussion, from: before.next });
      const log = await Deno.readTextFile(`${run}/discussions/${row.discussion}.jsonl`);
      assert.deepEqual(
        [...before.events, ...after.events],
        log.trimEnd().split("\n").map((line) => JSON.parse(line)),
      );
    });
  }));

Deno.test("several viewers can show one run, one viewer shows several runs by name, and a name can be any text", () =>
  inFolder(async (folder) => {
    const hostile = "<img src=x onerror=alert(1)>\u202e\u001b[31m";
    const run = await madeRun(folder, hostile);
    const copy = `${folder}/copies/${hostile}`;
    await Deno.mkdir(`${folder}/copies`);
    assert.equal((await runProgram(["run", `${folder}/e.yaml`, "--out", copy, "--quiet"])).code, 0);
    await using([run], ({ ask }) =>
      using([run, copy], async (other) => {
        assert.equal((await ask("runs"))[0].name, hostile);
        assert.deepEqual((await other.ask("runs")).map(({ name }: { name: string }) => name), [run, copy]);
        await until(other, (overview) => countOf(overview, "completed") === 3);
        assert.equal((await other.ask("list", { query: { run: [copy] } })).total, 3);
      }));
  }));

Deno.test("view says how to reach the page through a tunnel if the user works over SSH", () =>
  inFolder(async (folder) => {
    const run = await madeRun(folder);
    const options = { env: { SSH_CONNECTION: "192.0.2.1 50000 192.0.2.7 22" } };
    const viewing = await startView([run], options);
    await viewing.stop("SIGTERM");
    const { port } = viewing;
    assert.ok(
      viewing.printed().includes(`  ssh -N -L ${port}:127.0.0.1:${port} 192.0.2.7\n`),
      viewing.printed(),
    );
    const odd = await startView([run], { env: { SSH_CONNECTION: "a b $(reboot) d" } });
    await odd.stop();
    assert.equal(odd.printed(), "Ctrl-C ends the viewer\n");
  }));
