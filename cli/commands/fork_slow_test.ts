/** Checks `fork` with real processes: branches, their report, kills, folders that moved, and wrong input. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { contentsOfRun, runProgram } from "../testing/processes.ts";
import { logBytes, runUntil } from "../testing/torture.ts";

/** The size of all logs of the branches together, without annotations, in bytes. It is a rough figure. */
const LOG_BYTES = 80_000;
const KILLS = 6;

const PILOT = fileURLToPath(new URL("../../examples/pilot.yaml", import.meta.url));

/** A folder with a finished pilot. Calls of `fork` in it continue the pilot's discussions after turn 4. */
async function withPilot(
  use: (cwd: string, fork: (...args: string[]) => ReturnType<typeof runProgram>) => Promise<void>,
): Promise<void> {
  await inFolder(async (cwd) => {
    // Replies take some time, so that a kill can come between them.
    const text = (await Deno.readTextFile(PILOT)).replace("silence: 0.1", "silence: 0.1, latencyMs: [2, 20]");
    await Deno.writeTextFile(join(cwd, "pilot.yaml"), text);
    const { code, stderr } = await runProgram(["run", "pilot.yaml", "--quiet"], { cwd });
    assert.equal(code, 0, stderr);
    await use(
      cwd,
      (...args) =>
        runProgram(["fork", "runs/pilot", ...args.includes("--at") ? [] : ["--at", "4"], ...args], { cwd }),
    );
  });
}

const MODERATED = ["--condition", "base", "--set", "moderator=gentle"];

Deno.test("fork continues each discussion unchanged and changed, and the report compares the branches in pairs", () =>
  withPilot(async (cwd, fork) => {
    const { code, stderr } = await fork(...MODERATED);
    assert.equal(code, 0, stderr);
    const out = "runs/pilot-after-turn-4";
    for (const check of [["verify", out], ["replay", out, "--verify"], ["verify", "--design", out]]) {
      const { code, stdout } = await runProgram(check, { cwd });
      assert.equal(code, 0, stdout);
    }
    const report = await runProgram(["report", out, "--format", "markdown,csv", "--full"], { cwd });
    assert.equal(report.code, 0, report.stderr);
    const text = await Deno.readTextFile(join(cwd, out, "report", "report.md"));
    const branches = "6 discussions of the run pilot, after turn 4";
    assert.ok(
      text.includes(
        `They are branches: they continue ${branches}, and only what came after that was analysed.`,
      ),
    );
    assert.match(text, /\| Branches of +\| 6 discussions of the run pilot, after turn 4 /);
    assert.match(text, /\| toxicity +\| changed − unchanged \| +6 \| +0 \|/);
    assert.ok(text.includes(`The discussions are branches. They continue ${branches}.`));
    const [head, ...rows] = (await Deno.readTextFile(join(cwd, out, "report", "data", "discussions.csv")))
      .trim().split(/\r?\n/).map((line) => line.split(","));
    const turns = head!.indexOf("turns");
    // The pilot has eight turns, and four of them are the past.
    assert.deepEqual(rows.map((row) => row[turns]), Array(12).fill("4"));
  }));

Deno.test("fork resumes after kills, and gives the same branches as without a kill", () =>
  withPilot(async (cwd, fork) => {
    assert.equal((await fork(...MODERATED, "--out", "undisturbed", "--quiet")).code, 0);
    const out = join(cwd, "killed");
    const args = ["fork", join(cwd, "runs/pilot"), "--at", "4", ...MODERATED, "--out", out];
    let kills = 0;
    for (let bytes = 0; bytes < LOG_BYTES; bytes += LOG_BYTES / KILLS) {
      const { signal } = await runUntil(() => logBytes(out) > bytes, args);
      if (signal !== null) kills++;
    }
    assert.ok(kills > 1, `${kills} kills`);
    assert.equal((await runProgram(args)).code, 0);
    assert.deepEqual(await contentsOfRun(out), await contentsOfRun(join(cwd, "undisturbed")));
  }));

Deno.test("a folder of branches is complete: after a kill and a move, it is resumed without the pilot", () =>
  withPilot(async (cwd, fork) => {
    assert.equal((await fork(...MODERATED, "--out", "undisturbed", "--quiet")).code, 0);
    const out = join(cwd, "branches");
    const args = ["fork", join(cwd, "runs/pilot"), "--at", "4", ...MODERATED, "--out", out];
    await runUntil(() => logBytes(out) > LOG_BYTES / KILLS, args);
    const moved = join(cwd, "my branches, κλάδοι");
    await Deno.rename(out, moved);
    await Deno.remove(join(cwd, "runs"), { recursive: true });
    const { code, stderr } = await runProgram(["run", moved, "--quiet"], { cwd });
    assert.equal(code, 0, stderr);
    assert.deepEqual(await contentsOfRun(moved), await contentsOfRun(join(cwd, "undisturbed")));
    for (const check of [["verify", moved], ["verify", "--design", moved], ["report", moved]]) {
      const { code, stdout, stderr } = await runProgram(check, { cwd });
      assert.equal(code, 0, stdout + stderr);
    }
  }));

Deno.test("fork of one discussion shows how much branches with the same past differ", () =>
  withPilot(async (cwd, fork) => {
    const { code, stderr } = await fork("--discussion", "base.r0002", "--replications", "3", "--out", "one");
    assert.equal(code, 0, stderr);
    const contents = [...(await contentsOfRun(join(cwd, "one"))).values()];
    const pasts = contents.map((text) => text.split("\n").slice(1, 6).join("\n"));
    assert.deepEqual([contents.length, new Set(pasts).size, new Set(contents).size], [3, 1, 3]);
    const { code: reported } = await runProgram(["report", "one", "--format", "markdown", "--full"], { cwd });
    assert.equal(reported, 0);
    const text = await Deno.readTextFile(join(cwd, "one", "report", "report.md"));
    assert.ok(text.includes("Replicates with the same past"));
  }));

Deno.test("fork refuses wrong input with one sentence, and writes nothing", () =>
  withPilot(async (cwd, fork) => {
    const wrong: readonly [args: string[], message: RegExp][] = [
      [[], /give either --discussion or --condition/],
      [["--condition", "base", "--discussion", "base"], /give either --discussion or --condition/],
      [["--condition", "x"], /no discussion has the condition "x"; the conditions are "base"/],
      [["--discussion", "x"], /Cannot find a discussion whose name begins with "x"/],
      [["--discussion", "base.r0001", "--at", "9"], /has only 8 turns, so it has no turn 9/],
      [
        ["--condition", "base", "--set", "moderato=gentle"],
        /Cannot set "moderato": .*; did you mean "moderator"\?/,
      ],
      [
        ["--condition", "base", "--set", "moderator=strict"],
        /^error Cannot set "moderator": there is no moderator "strict"/,
      ],
      [
        ["--condition", "base", "--at", "8"],
        /^error Cannot fork "base\.r0001\.\w+" after turn 8: turn 8 is its last turn\. Give a smaller --at\./,
      ],
      [
        ["--condition", "base", "--set", "discussion.turns=4"],
        /^error Cannot set "discussion\.turns": .*: give them more turns\n$/,
      ],
      [
        ["--condition", "base", "--set", "discussion.turns=0"],
        /^error Cannot set "discussion\.turns": expected a whole number from 1 to \d+, found 0\n$/,
      ],
      [
        ["--condition", "base", "--set", "discussion.interventions=[{ after: 0, author: Eve, text: Hm. }]"],
        /^error Cannot set "discussion\.interventions": discussion\.interventions\.0\.after: expected .*, found 0\n$/,
      ],
      [
        ["--condition", "base", "--set", "openings=[Hi]"],
        /^error Cannot use --set: "openings" cannot vary: the past decides it\n$/,
      ],
      [
        ["--condition", "base", "--set", "participants.personas=[{ name: Amara }, { name: Bruno }]"],
        /^error Cannot set "participants\.personas": .*, found none for "Chloe"\n$/,
      ],
      [
        ["--condition", "base", "--set", "participants.personas.Amara.name=Ann"],
        /^error Cannot set "participants\.personas\.Amara\.name": .*, found none for "Amara"\n$/,
      ],
      [
        ["--condition", "base", "--set", "moderator=gentle", "--set", "moderator=none"],
        /Cannot set "moderator" twice/,
      ],
      [["-d", "base.r0001", "-d", "base.r0001"], /Cannot continue the discussion "base\.r0001\.\w+" twice/],
      [["--condition", "base", "--set", "moderator=[gentle"], /Cannot set "moderator": /],
      [["--condition", "base", "--set", "moderator"], /Expected the path of a value/],
    ];
    for (const [args, message] of wrong) {
      const { code, stderr } = await fork(...args);
      assert.deepEqual([code, message.test(stderr)], [2, true], `${args.join(" ")}\n${stderr}`);
      assert.doesNotMatch(stderr, /experiment\.yaml:\d|branch is changed/);
    }
    const [log] = [...Deno.readDirSync(join(cwd, "runs/pilot/discussions"))];
    const path = join(cwd, "runs/pilot/discussions", log!.name);
    await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace('"turn":0', '"turn":1'));
    const { code, stderr } = await fork("--condition", "base");
    assert.equal(code, 2);
    assert.match(stderr, /Cannot fork "runs\/pilot": Cannot read "base\.r000\d.*is damaged/);
    assert.deepEqual([...Deno.readDirSync(join(cwd, "runs"))].map(({ name }) => name), ["pilot"]);
  }));

Deno.test("fork refuses a change that changes no discussion, and writes nothing", () =>
  withPilot(async (cwd, fork) => {
    const strict = "moderators.gentle.instructions=Be strict.";
    const wrong: readonly [changes: string[], idle: string][] = [
      [["discussion.turns=8"], "discussion.turns"],
      [["moderator=none"], "moderator"],
      [[strict], "moderators.gentle.instructions"],
      [["moderator=gentle", "discussion.history=1", "discussion.turns=8"], "discussion.turns"],
      [["discussion.history=1", strict], "moderators.gentle.instructions"],
    ];
    for (const [changes, idle] of wrong) {
      const { code, stderr } = await fork("--condition", "base", ...changes.flatMap((one) => ["--set", one]));
      assert.equal(code, 2, changes.join(" "));
      assert.ok(stderr.startsWith(`error Cannot set "${idle}": this changes no discussion.`), stderr);
    }
    assert.deepEqual([...Deno.readDirSync(join(cwd, "runs"))].map(({ name }) => name), ["pilot"]);
    // In each pair, the second change has an effect only together with the first one.
    const stern = "moderators={ stern: { model: talker, instructions: Be stern., schedule: on-demand } }";
    for (const changes of [["moderator=gentle", strict], [stern, "moderator=stern"]]) {
      const out = ["--out", changes[0]!.slice(0, 10)];
      const { code, stderr } = await fork(
        "--condition",
        "base",
        ...out,
        ...changes.flatMap((one) => ["--set", one]),
      );
      assert.equal(code, 0, stderr);
    }
  }));

Deno.test("fork refuses a condition whose discussions have not all begun", () =>
  withPilot(async (cwd, fork) => {
    const folder = join(cwd, "runs/pilot/discussions");
    const logs = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    for (const name of logs.slice(3)) await Deno.remove(join(folder, name));
    const { code, stderr } = await fork(...MODERATED);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /only 3 of 6 discussions of the condition "base" have begun\. Finish the run first, or name/,
    );
    assert.deepEqual([...Deno.readDirSync(join(cwd, "runs"))].map(({ name }) => name), ["pilot"]);
    assert.equal((await fork("--discussion", "base.r0001")).code, 0);
  }));

Deno.test("if the run has grown or moved, fork says how to resume the fork from its own copies", () =>
  withPilot(async (cwd, fork) => {
    assert.equal((await fork(...MODERATED)).code, 0);
    const before = await contentsOfRun(join(cwd, "runs/pilot-after-turn-4"));
    const pilot = join(cwd, "pilot.yaml");
    const text = (await Deno.readTextFile(pilot)).replace("replications: 6", "replications: 7");
    await Deno.writeTextFile(pilot, text);
    assert.equal((await runProgram(["run", "pilot.yaml", "--quiet"], { cwd })).code, 0);
    const hint =
      /To resume the fork in "runs\/pilot-after-turn-4" from its own copies, use:\n.* run runs\/pilot-after-turn-4\n/;
    const grown = await fork(...MODERATED);
    assert.match(grown.stderr, /another version of the experiment/);
    assert.match(grown.stderr, hint);
    await Deno.rename(join(cwd, "runs/pilot"), join(cwd, "runs/moved"));
    for (const out of [[], ["--out", "runs/pilot-after-turn-4"]]) {
      const moved = await fork(...MODERATED, ...out);
      assert.match(moved.stderr, /Cannot open the run "runs\/pilot"/);
      assert.match(moved.stderr, hint);
    }
    const elsewhere = await fork(...MODERATED, "--out", "elsewhere");
    assert.doesNotMatch(elsewhere.stderr, /To resume the fork/);
    const resumed = await runProgram(["run", "runs/pilot-after-turn-4"], { cwd });
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.deepEqual(await contentsOfRun(join(cwd, "runs/pilot-after-turn-4")), before);
  }));

Deno.test("fork of imported discussions names what an experiment file for them needs", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "comments.csv"), "discussion,author,text\na,Ann,Hi\na,Ben,Ho\n");
    assert.equal((await runProgram(["import", "comments.csv", "--out", "people"], { cwd })).code, 0);
    const { code, stderr } = await runProgram(["fork", "people", "--condition", "import", "--at", "1"], {
      cwd,
    });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /discussion\.past, and with a persona for everybody who takes part \(participants\.personas\)/,
    );
  }));
