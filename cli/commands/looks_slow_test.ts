/** Looks at results are recorded, and growth after a look is reported. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { folderRun } from "../../adapters/stores/mod.ts";
import { mountSmallDisk, NO_SMALL_DISK } from "../../adapters/stores/testing/small_disk.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { judgedExperiment, moderatedExperiment } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

const ANALYSIS = "analysis: { outcomes: [words], effects: [moderator], test: permutation }\n";

const withLooks = (looks: string) => ANALYSIS.replace(" }", `, looks: ${looks} }`);

const experiment = (replications: number, analysis = ANALYSIS) => moderatedExperiment(replications, analysis);

async function called(cwd: string, ...args: string[]) {
  const ended = await runProgram(args, { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  return ended;
}

async function run(cwd: string, text: string): Promise<void> {
  await Deno.writeTextFile(join(cwd, "e.yaml"), text);
  await called(cwd, "run", "e.yaml", "--out", "run", "--quiet");
}

async function looksOf(path: string) {
  const { log } = await folderRun(path).read();
  assert.ok(log.kind === "kept");
  return log.log.entries.flatMap(({ type, data }) => type === "ResultsViewed" ? [data] : []);
}

Deno.test("report, query, export and power record each look once, also while another process uses the run", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), judgedExperiment("{ adapter: scripted }"));
    await called(cwd, "run", "e.yaml", "--out", "run", "--quiet");
    await called(cwd, "annotate", "run", "--with", "e.yaml", "--quiet");
    const folder = join(cwd, "run");
    const logs = () => Deno.readTextFile(join(folder, "run.jsonl"));
    const writer = await folderRun(folder).reopen();
    await called(cwd, "query", "run", "select count(*) from participants");
    await called(cwd, "export", "run", "--format", "csv", "--tables", "participants", "--to", "replies");
    assert.deepEqual(await looksOf(folder), []);
    const commands = [
      ["report", "run", "--format", "csv"],
      ["query", "run", "SELECT avg(value_number) FROM Annotations"],
      ["query", "run", "select count(*) from generations"],
      ["export", "run", "--format", "csv", "--to", "exported", "--force"],
      ["power", "run", "--outcome", "mood", "--effect", "0.8", "--replications", "5"],
    ];
    for (const args of commands) assert.equal((await called(cwd, ...args)).stderr, "");
    const once = await logs();
    for (const args of commands) await called(cwd, ...args);
    assert.equal(await logs(), once);
    await writer.close();
    assert.deepEqual(
      (await looksOf(folder)).map(({ command, outcomes }) => [command, outcomes?.at(0) ?? null]),
      [
        ["report", null],
        ["query", null],
        ["query", "diversity"],
        ["export", null],
        ["power", "mood"],
      ],
    );
    assert.ok((await looksOf(folder)).every(({ finished, planned }) => finished === 12 && planned === 12));
    assert.deepEqual((await folderRun(folder).read()).problems, []);
    assert.equal((await called(cwd, "verify", "run")).code, 0);
  }));

Deno.test("report says which results were seen before the sample grew, and no longer calls them confirmatory", () =>
  inFolder(async (cwd) => {
    await run(cwd, experiment(3));
    const first = await called(cwd, "report", "run", "--full");
    assert.match(first.stdout, /; 1 declared test, /);
    assert.match((await called(cwd, "report", "run", "--full")).stdout, /; 1 declared test, /);
    await run(cwd, experiment(4));
    const { stdout } = await called(cwd, "report", "run", "--full");
    assert.match(stdout, /; 1 test declared, but the sample changed after results were seen, /);
    assert.match(
      stdout,
      /^NOT CONFIRMATORY: words \(last seen by report on .*, when 6 of 6 planned discussions had ended; the plan grew from 6 to 8 /m,
    );
    const folder = join(cwd, "run", "report");
    const note = JSON.parse((await called(cwd, "report", "run", "--full", "--json")).stdout);
    assert.deepEqual([note.confirmatory, note.sampleChanged.length, note.seenBeforeChange.length], [
      [],
      1,
      1,
    ]);
    const page = await Deno.readTextFile(join(folder, "report.html"));
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    const forest = await Deno.readTextFile(join(folder, "data", "effects-words-forest.csv"));
    for (const text of [page, markdown, forest]) {
      assert.match(text, /[Dd]eclared, but the sample changed after results were seen/);
    }
    assert.match(markdown, /so tests of these outcomes are not confirmatory/);
  }));

Deno.test("a report on one condition says which results were seen before the sample grew", () =>
  inFolder(async (cwd) => {
    const text = (replications: number) =>
      experiment(replications, "analysis: { outcomes: [words] }\n")
        .replace(/^moderators: .*\n/m, "").replace(/, factors: .* \}(?= \}\n)/, "");
    await run(cwd, text(2));
    await called(cwd, "report", "run", "--full", "--format", "csv");
    await run(cwd, text(3));
    const { stdout } = await called(cwd, "report", "run", "--full", "--format", "markdown");
    assert.match(stdout, /^NOT CONFIRMATORY: words \(last seen by report on .*; the plan grew from 2 to 3 /m);
  }));

Deno.test("a repair after results were seen makes declared tests of these results no longer confirmatory", () =>
  inFolder(async (cwd) => {
    await run(cwd, experiment(3));
    const folder = join(cwd, "run");
    const remake = async () => {
      const names = [...Deno.readDirSync(join(folder, "discussions"))].map(({ name }) => name);
      await Deno.remove(join(folder, "discussions", names.sort()[0]!));
      await called(cwd, "verify", "run", "--repair");
      await called(cwd, "run", "e.yaml", "--out", "run", "--quiet");
    };
    await remake();
    const first = await called(cwd, "report", "run", "--full");
    assert.match(first.stdout, /; 1 declared test, /);
    const markdown = () => Deno.readTextFile(join(folder, "report", "report.md"));
    assert.match(await markdown(), /a repair of \S+ shortened 1 log: /);
    await remake();
    const { stdout } = await called(cwd, "report", "run", "--full");
    assert.match(stdout, /; 1 test declared, but the sample changed after results were seen, /);
    assert.match(
      stdout,
      /^NOT CONFIRMATORY: words \(last seen by report on .*; a repair shortened 1 log on /m,
    );
    assert.match(await markdown(), /so tests of these outcomes are not confirmatory/);
    const page = await Deno.readTextFile(join(folder, "report", "report.html"));
    const forest = await Deno.readTextFile(join(folder, "report", "data", "effects-words-forest.csv"));
    for (const text of [page, forest]) {
      assert.match(text, /[Dd]eclared, but the sample changed after results were seen/);
    }
    const note = JSON.parse((await called(cwd, "report", "run", "--full", "--json")).stdout);
    assert.deepEqual([note.confirmatory, note.sampleChanged.length, note.seenBeforeChange.length], [
      [],
      1,
      1,
    ]);
  }));

Deno.test("run resumes a run without its manifest from the run's folder, and writes the manifest again", () =>
  inFolder(async (cwd) => {
    await run(cwd, experiment(3));
    await Deno.remove(join(cwd, "e.yaml"));
    const file = join(cwd, "run", "manifest.json");
    for (const args of [["run", "run"], ["run", "run/experiment.yaml", "--out", "run"]]) {
      await Deno.remove(file);
      const { code, stdout } = await runProgram(["verify", "run"], { cwd });
      assert.deepEqual([code, /"manifest\.json" is missing/.test(stdout)], [1, true]);
      await called(cwd, ...args, "--quiet");
      assert.equal((await called(cwd, "verify", "run")).code, 0);
      assert.equal(JSON.parse(await Deno.readTextFile(file)).plan.discussions, 6);
    }
  }));

Deno.test("a report on an unfinished run says how many of the planned discussions have ended", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(4));
    await called(cwd, "run", "e.yaml", "--out", "run", "--quiet", "--shard", "1/2");
    const { stdout } = await called(cwd, "report", "run", "--format", "markdown");
    const [, some] = /^not complete: (\d) of 8 planned discussions of run ended$/m.exec(stdout)!;
    assert.match(
      await Deno.readTextFile(join(cwd, "run", "report", "report.md")),
      new RegExp(`The run is not complete: ${some} of 8 planned discussions have ended\\.`),
    );
    // The plan was fixed before the look, and is now complete.
    await called(cwd, "run", "e.yaml", "--out", "run", "--quiet");
    assert.match(
      (await called(cwd, "report", "run")).stdout,
      /^8 discussions, 8 of them complete; 1 declared test, /,
    );
  }));

Deno.test("a run with declared looks can grow to its maximum, and its tests allow for the looks that happened", () =>
  inFolder(async (cwd) => {
    await run(cwd, experiment(3, withLooks("[6, 12]")));
    await called(cwd, "report", "run");
    await run(cwd, experiment(6, withLooks("[6, 12]")));
    const { confirmatory: [test], sampleChanged } = JSON.parse(
      (await called(cwd, "report", "run", "--json")).stdout,
    );
    assert.deepEqual([sampleChanged, test.confirmatory], [[], true]);
    assert.ok(test.repeated >= test.figures.p && test.adjusted === test.repeated);
    assert.equal(test.figures.interval.level.toFixed(4), "0.9510");
    const looks = await Deno.readTextFile(join(cwd, "run", "report", "data", "effects-looks.csv"));
    assert.match(looks, /words,6,0\.5,yes,0\.00305\d*\s+words,12,1,yes,0\.04899/);
    const { stdout } = await called(cwd, "plan", "e.yaml");
    assert.match(stdout.replaceAll(/\s+/g, " "), /looks at 6 \(p < 0\.0031\), 12 \(p < 0\.049\) discussions/);
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(7, withLooks("[6, 12]")));
    const larger = await runProgram(["run", "e.yaml", "--out", "run"], { cwd });
    assert.match(larger.stderr, /the design plans 14 discussions, but the last look is at 12/);
    await run(cwd, experiment(7, withLooks("[6, 14]")));
    for (const out of ["a", "b"]) await called(cwd, "run", "e.yaml", "--out", out, "--quiet");
    const both = await runProgram(["report", "a", "b", "--out", "both"], { cwd });
    assert.equal(both.code, 2);
    assert.match(both.stderr, /their analysis declares looks, .* Report each run by itself/);
    const beyond = JSON.parse((await called(cwd, "report", "run", "--json")).stdout);
    assert.deepEqual([beyond.confirmatory, beyond.sampleChanged.length], [[], 1]);
  }));

Deno.test({
  name: "report of a run on a read-only disk says in one line that it could not record the look" +
    (NO_SMALL_DISK === null ? "" : ` (skipped: ${NO_SMALL_DISK})`),
  ignore: NO_SMALL_DISK !== null,
  fn: () =>
    inFolder(async (cwd) => {
      using disk = mountSmallDisk(1024 * 1024);
      const folder = join(disk.path, "run");
      await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(2));
      await called(cwd, "run", "e.yaml", "--out", folder, "--quiet");
      disk.makeReadOnly();
      const { stdout, stderr } = await called(cwd, "report", folder, "--out", "report");
      assert.match(
        stderr,
        /^Cannot record in the log of "[^\n]*" that "report" shows its results: [^\n]*\n$/,
      );
      assert.match(stdout, /1 declared test/);
      disk.makeWritable();
      await called(cwd, "report", folder, "--out", "report");
      disk.makeReadOnly();
      // There is no new look to record.
      assert.equal((await called(cwd, "report", folder, "--out", "report")).stderr, "");
    }),
});
