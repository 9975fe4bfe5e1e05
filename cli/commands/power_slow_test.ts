import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { annotationFile, experiment, jsonLines, judgedExperiment } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

const SCRIPTED = "{ adapter: scripted }";

/** Makes an annotated run of two matched conditions, `runs/annotated`, and a run of one condition, `runs/tiny`. */
async function inPilots(test: (cwd: string) => Promise<void>): Promise<void> {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "annotated.yaml"), judgedExperiment(SCRIPTED));
    await Deno.writeTextFile(join(cwd, "tiny.yaml"), experiment(SCRIPTED));
    await Deno.writeTextFile(join(cwd, "a.yaml"), annotationFile());
    for (
      const args of [
        ["run", "annotated.yaml", "--out", "runs/annotated", "--quiet"],
        ["annotate", "runs/annotated", "--with", "annotated.yaml", "--quiet"],
        ["run", "tiny.yaml", "--quiet"],
      ]
    ) {
      const { code, stderr } = await runProgram(args, { cwd });
      assert.equal(code, 0, stderr);
    }
    await test(cwd);
  });
}

Deno.test("power estimates the needed replications, and their precision, from a pilot", () =>
  inPilots(async (cwd) => {
    const ask = (...args: readonly string[]) =>
      runProgram(["power", "runs/annotated", "--outcome", "mood", ...args], { cwd });
    const { code, stdout, stderr } = await ask("--effect", "0.8");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^mood by moderator\[host\]: an effect of 0\.8, to be found with a power of 0\.8\n/);
    assert.match(
      stdout,
      /^pilot runs\/annotated: 12 discussions\n {2}mood: \d+ values, variance .* within$/m,
    );
    const [, replications, discussions, power] =
      /^(\d+) replications in each of 2 conditions \((\d+) discussions\): power (0\.\d+), /m.exec(stdout)!;
    assert.equal(Number(discussions), 2 * Number(replications));
    assert.ok(Number(power) >= 0.8);
    assert.match(stdout, new RegExp(`^ *${replications} +${discussions} +${power} .*█.* asked for$`, "m"));
    assert.match(stdout, /Estimates from a small pilot are imprecise/);
    assert.match(stdout, /Conditions are matched, and discussions of a replicate resemble each other/);
    assert.deepEqual((await ask("--effect", "0.8")).stdout, stdout);

    // With one replication fewer, the power is too low.
    const fewer = await ask("--effect", "0.8", "--replications", String(Number(replications) - 1), "--json");
    const [found] = jsonLines(fewer.stdout);
    assert.ok(found.answer.power < 0.8, `${found.answer.power}`);
    assert.deepEqual([found.conditions, found.matched, found.level], [2, true, 0.95]);

    const [narrow] = jsonLines((await ask("--half-width", "0.4", "--json")).stdout);
    assert.ok(narrow.answer.halfWidth <= 0.4 && narrow.asked[0].effect === null);
    assert.doesNotMatch((await ask("--half-width", "0.4")).stdout, /^ *replications .* power/m);

    const through = await ask("--effect", "0.1", "--replications", "20", "--factor", "moderator[host]:turn");
    assert.match(
      through.stdout,
      /^mood by moderator\[host\]:turn: an effect of 0\.1, with 20 replications\n/,
    );
    assert.match(through.stdout, /declares 2 tests, and finds an effect if p < 0\.05 by Holm's correction/);
    assert.match(through.stdout, /also declares moderator:turn; the pilot's does not/);
    const both = ["--effect", "pilot", "--effect", "moderator:turn=0.1", "--replications", "9"];
    const several = await ask(...both, "--simulations", "100");
    assert.match(several.stdout, /^Any of these effects is found in \d+ % of the experiments/m);
    assert.match(several.stdout, /winner's curse/);
  }));

Deno.test("power draws its curve into a folder, and replaces an earlier one", () =>
  inPilots(async (cwd) => {
    const ask = (...args: readonly string[]) =>
      runProgram(["power", "runs/annotated", "--outcome", "mood", "--figures", "fig", ...args], { cwd });
    const read = (name: string) => Deno.readTextFile(join(cwd, "fig", name));
    const { code, stdout, stderr } = await ask("--effect", "0.8", "--simulations", "100");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Wrote fig: 2 figures, each as SVG and as PDF$/m);
    for (const name of ["power.pdf", "half-width.pdf"]) assert.match(await read(name), /^%PDF-/);
    const svg = await read("power.svg");
    for (const text of ["target: 0.8", "mood by moderator[host], effect 0.8", "replications (discussions"]) {
      assert.ok(svg.includes(text), text);
    }
    const captions = await read("power.md");
    assert.match(captions, /analysed by: mean difference between matched discussions; Student's t/);
    assert.match(captions, /Bars are 95 % intervals \(Wilson\)/);
    assert.match(captions, /Estimates from a small pilot are imprecise/);

    const wider = await ask("--half-width", "0.4", "--simulations", "100", "--json");
    assert.deepEqual([wider.code, jsonLines(wider.stdout)[0].figures], [0, 1], wider.stderr);
    assert.deepEqual(
      [...Deno.readDirSync(join(cwd, "fig"))].map(({ name }) => name).sort(),
      ["SHA256SUMS", "figures.json", "half-width.pdf", "half-width.svg", "power.md"],
    );
    assert.match(await read("half-width.svg"), /target: ±0\.4/);
    const report = (...args: readonly string[]) =>
      runProgram(["report", "runs/annotated", "--figures", "plots", "--format", "csv", ...args], { cwd });
    for (const args of [[], ["--json"]]) {
      const { code, stderr } = await report(...args);
      assert.equal(code, 0, stderr);
    }
  }));

Deno.test("power refuses an unsuitable pilot or question, and says what to do", () =>
  inPilots(async (cwd) => {
    const mood = ["runs/annotated", "--outcome", "mood"];
    await Deno.writeTextFile(join(cwd, "wrong.yaml"), "{ outcomes: [mood], effects: [moderater] }");
    for (
      const [args, code, said] of [
        [
          ["runs/annotated", "--outcome", "mod", "--effect", "1"],
          2,
          /outcome "mod".*; did you mean "mood"\?/,
        ],
        [[...mood, "--effect", "much"], 2, /Cannot assume the effect "much": give a number, EFFECT=NUMBER/],
        [
          [...mood, "--effect", "0"],
          2,
          /for an effect of 0 .*: only equivalence can show it. Declare its margin/,
        ],
        [
          ["runs/tiny", "--outcome", "mood", "--effect", "1"],
          2,
          /its comments have no annotations: run annotate on it first/,
        ],
        [["runs/none", "--outcome", "mood", "--effect", "1"], 3, /Cannot open the run "runs\/none"/],
        [mood, 2, /without --effect: give the difference/],
        [
          [...mood, "--effect", "1", "--power", "2"],
          2,
          /Cannot reach a power of "2": give a number between 0 and 1/,
        ],
        [[...mood, "--half-width", "-1"], 2, /half-width of "-1": give a number above 0/],
        [[...mood, "--effect", "1", "--power", "0.9", "--replications", "9"], 2, /give one of them/],
        [
          [...mood, "--effect", "1", "--factor", "moderator[hots]"],
          2,
          /no such coefficient; did you mean "moderator\[host\]"\?/,
        ],
        [
          [...mood, "--effect", "1", "--analysis", "wrong.yaml"],
          2,
          /^wrong\.yaml:1:.*did you mean "moderator"\?/m,
        ],
        [["runs/annotated", "--effect", "1"], 2, /--outcome/],
        [
          [...mood, "--effect", "0.0001", "--simulations", "100"],
          1,
          /^No number of replications is found: 1000 replications give/m,
        ],
      ] as const
    ) {
      const { code: found, stdout, stderr } = await runProgram(["power", ...args], { cwd });
      assert.equal(found, code, `${args}: ${stdout}${stderr}`);
      assert.match(stdout + stderr, said);
      assert.doesNotMatch(stderr, /\n +at /);
    }

    const annotated = await runProgram(["annotate", "runs/tiny", "-w", "a.yaml", "-q"], { cwd });
    assert.equal(annotated.code, 0, annotated.stderr);
    const one = await runProgram(["power", "runs/tiny", "--outcome", "calm", "--effect", "1"], { cwd });
    assert.equal(one.code, 2);
    assert.match(
      one.stderr,
      /all discussions of the pilot have the same condition. Give a pilot with two or more conditions/,
    );
  }));
