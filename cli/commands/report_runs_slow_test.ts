/** Reports on several runs, and reports with --analysis or --declared. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { judgedExperiment } from "../testing/experiments.ts";
import { runHere } from "../testing/processes.ts";
import { assertSound, writtenReport } from "../testing/written_report.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));

const ANNOTATED = judgedExperiment("{ adapter: scripted }", 3);
const DECLARING = `${ANNOTATED}analysis: { outcomes: [mood], effects: [moderator] }\n`;

/** Runs an experiment. Returns the folder of the run. */
async function held(cwd: string, name: string, text: string): Promise<string> {
  const file = join(cwd, `${name}.yaml`);
  await Deno.writeTextFile(file, text);
  const { code, stderr } = await runHere("run", file, "--out", join(cwd, name), "--quiet");
  assert.equal(code, 0, stderr);
  return join(cwd, name);
}

Deno.test("report compares runs with the same declaration, and the run can be a factor", () =>
  inFolder(async (cwd) => {
    const first = await held(cwd, "first", DECLARING);
    const second = await held(cwd, "second", DECLARING.replace("seed: 2026", "seed: 2027"));
    const out = join(cwd, "report");
    const { code, stdout, stderr } = await runHere("report", first, second, "--out", out);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^12 discussions, 12 of them complete; 1 declared test, /);
    const written = await writtenReport(out);
    assertSound(written);
    assert.deepEqual(written.note.runs, ["first", "second"]);
    const counts = Object.groupBy(written.data("discussions"), ({ run, condition }) => `${run} ${condition}`);
    assert.deepEqual(Object.keys(counts).sort(), ["first host", "first none", "second host", "second none"]);

    const analysis = join(cwd, "analysis.yaml");
    await Deno.writeTextFile(analysis, "{ outcomes: [mood], effects: [run, run:moderator] }");
    const asked = await runHere("report", first, second, "--out", out, "--analysis", analysis);
    assert.equal(asked.code, 0, asked.stderr);
    const { note, data } = await writtenReport(out);
    assert.deepEqual(note.confirmatory, []);
    assert.ok(
      data("effects-exploratory").some(({ outcome, comparison }) =>
        outcome === "mood" && comparison!.startsWith("run: second − first")
      ),
    );
  }));

Deno.test("report says on the terminal that runs repeat each other, and which outcomes lack values", () =>
  inFolder(async (cwd) => {
    const first = await held(cwd, "first", ANNOTATED);
    const again = await held(cwd, "again", ANNOTATED);
    const { code, stdout, stderr } = await runHere("report", first, again, "--out", join(cwd, "report"));
    assert.equal(code, 0, stderr);
    // Half of the six discussions of each run have no moderator.
    assert.match(
      stdout,
      /^CAUTION: 6 discussions of again and first have the same name and the same seed, /m,
    );
    assert.match(stdout, /^missing values: .*intervention-rate 6 of 12 \(50\.0 %\)/m);
    const { files } = await writtenReport(join(cwd, "report"));
    assert.match(
      files.get("report.md")!,
      /\*\*Runs that repeat each other:\*\* 6 discussions of again and first/,
    );
  }));

Deno.test("report refuses the same run twice, and runs with different declared analyses", () =>
  inFolder(async (cwd) => {
    const first = await held(cwd, "first", DECLARING);
    const other = await held(cwd, "other", ANNOTATED);
    const out = ["--out", join(cwd, "report")];
    await Deno.symlink(first, join(cwd, "link"));
    for (const again of [first, `${first}/`, join(other, "..", "first"), join(cwd, "link")]) {
      const { code, stderr } = await runHere("report", first, again, ...out);
      assert.equal(code, 2);
      assert.match(stderr, /Cannot read the run ".*" twice: name each run once/);
    }
    const differing = await runHere("report", first, other, ...out);
    assert.equal(differing.code, 2);
    assert.match(
      differing.stderr,
      /they declare different analyses\. Give one with --analysis FILE; its results count as exploratory/,
    );
    assert.equal((await runHere("report", first, other, ...out, "--analysis", `${first}.yaml`)).code, 0);
  }));

Deno.test("report refuses a run with only damaged logs or without discussions", () =>
  inFolder(async (cwd) => {
    const run = await held(cwd, "run", ANNOTATED);
    const logs = [...Deno.readDirSync(join(run, "discussions"))].map(({ name }) =>
      join(run, "discussions", name)
    );
    for (const log of logs) await Deno.writeTextFile(log, "{}\n");
    const damaged = await runHere("report", run);
    assert.equal(damaged.code, 2);
    assert.match(damaged.stderr, /none of its logs can be read\. Check them with verify\n$/);
    for (const log of logs) await Deno.remove(log);
    const empty = await runHere("report", run, "--check");
    assert.equal(empty.code, 2);
    assert.match(
      empty.stderr,
      /^error Cannot report on the run ".*": none of its discussions has begun\. Run some first/,
    );
    assert.equal([...Deno.readDirSync(run)].some(({ name }) => name.includes("report")), false);
  }));

Deno.test("report calls an analysis from a file exploratory, and lists all problems of the file", () =>
  inFolder(async (cwd) => {
    const run = await held(cwd, "run", DECLARING);
    const file = join(cwd, "analysis.yaml");
    const out = join(run, "report");
    await Deno.writeTextFile(file, "{ question: Why?, outcomes: [words], correction: none, level: 0.9 }");
    const good = await runHere("report", run, "--analysis", file);
    assert.equal(good.code, 0, good.stderr);
    assert.doesNotMatch(good.stdout, /declared/);
    const { note, files, page } = await writtenReport(out);
    assert.deepEqual(note.confirmatory, []);
    assert.equal(files.has("data/effects-confirmatory.csv"), false);
    const text = page.querySelector("main")!.textContent;
    for (const said of ["Why?", "analysis.yaml", "90 %", "All results are exploratory"]) {
      assert.ok(text.includes(said), said);
    }

    await Deno.writeTextFile(
      file,
      "outcomes: [mod, silence]\neffects: [moderater]\ntset: paired\nlevel: 2\n",
    );
    const bad = await runHere("report", run, "--analysis", file);
    assert.equal(bad.code, 2);
    const places = [...bad.stderr.matchAll(/^.*analysis\.yaml:(\d+:\d+): (\S+): /gm)];
    assert.deepEqual(places.map(([, place, path]) => `${place} ${path}`), [
      "1:12 outcomes.0",
      "1:17 outcomes.1",
      "2:11 effects.0",
      "3:1 tset",
      "4:8 level",
    ]);
    assert.match(bad.stderr, /"mod".* did you mean "mood"\?/);
    assert.equal((await writtenReport(out)).files.get("report.json"), files.get("report.json"));
    for (
      const [option, gone] of [["--analysis", "none.yaml"], ["--declared", "none.yaml"], ["--analysis", ""]]
    ) {
      const { code, stderr } = await runHere("report", run, option!, join(cwd, gone!));
      assert.equal(code, 2, `${option} ${gone}`);
      assert.match(stderr, /^error Cannot read the (?:analysis|declaration) ".*": /);
    }
  }));

Deno.test("report --check exits with 1 if a check is flagged, and still writes the report", () =>
  inFolder(async (cwd) => {
    const run = await held(cwd, "run", ANNOTATED);
    const declared = join(cwd, "declared.yaml");
    await Deno.writeTextFile(declared, "{ turns: 9, schedule: every-turn }");
    assert.equal((await runHere("report", run, "--check")).code, 0);
    const flagged = await runHere("report", run, "--check", "--declared", declared);
    assert.equal(flagged.code, 1);
    assert.match(flagged.stdout, /^fidelity: FLAGGED: turn counts, moderator schedule; /m);
    const { note, data, page } = await writtenReport(join(run, "report"));
    assert.deepEqual(note.flagged, ["turn counts", "moderator schedule"]);
    assert.equal(data("fidelity").length > 0, true);
    assert.match(page.querySelector("#section-fidelity")!.textContent, /turn counts/);
    assert.equal((await runHere("report", run, "--declared", declared)).code, 0);

    const imported = join(cwd, "old");
    const { code, stderr } = await runHere("import", `${EXAMPLES}import/old_runs`, "--out", imported);
    assert.equal(code, 0, stderr);
    const asDeclared = await runHere("report", imported, "--check", "--declared", `${EXAMPLES}declared.yaml`);
    assert.equal(asDeclared.code, 1);
    assertSound(await writtenReport(join(imported, "report")));
  }));
