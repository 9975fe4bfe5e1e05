/** Reports that compare runs with discussions of people. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { folderRun } from "../../adapters/stores/mod.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { BrokenWorker } from "../testing/broken_worker.ts";
import { judgedExperiment } from "../testing/experiments.ts";
import { peopledRun } from "../testing/people.ts";
import { runHere } from "../testing/processes.ts";
import { assertSound, writtenReport } from "../testing/written_report.ts";

/** In the discussion `mixed`, a model answers a person and another model moderates; `people` has only people. */
const MIXED = `discussion,author,text,order,model,is_moderator
mixed,ann,One two three,1,,no
mixed,bot,a b c d e f g h i j,2,qwen,no
mixed,ann,Four five,3,human,no
mixed,host,Keep the peace please,4,qwen,yes
people,cleo,Six,1,,no
people,dan,Seven eight nine ten,2,unknown,no
people,eve,Calm down,3,,yes
`;

async function succeeded(...args: readonly string[]) {
  const ended = await runHere(...args);
  assert.equal(ended.code, 0, ended.stderr);
  return ended;
}

/** Makes a run of models, and imports a table as a corpus. */
async function withCorpus(
  test: (places: Readonly<{ cwd: string; run: string; corpus: string }>) => Promise<void>,
  table: string,
): Promise<void> {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), judgedExperiment("{ adapter: scripted }", 2));
    await Deno.writeTextFile(join(cwd, "table.csv"), table);
    const [run, corpus] = [join(cwd, "run"), join(cwd, "corpus")];
    await succeeded("run", join(cwd, "e.yaml"), "--out", run, "--quiet");
    await succeeded("import", join(cwd, "table.csv"), "--out", corpus);
    await test({ cwd, run, corpus });
  });
}

Deno.test("report --human counts only comments of people, and says how many comments of models it leaves out", () =>
  withCorpus(async ({ cwd, run, corpus }) => {
    const out = join(cwd, "compared");
    const analysis = join(cwd, "analysis.yaml");
    for (const [comments, count, mean] of [["participants", "4", 2.5], ["all", "5", 2.4]] as const) {
      await Deno.writeTextFile(analysis, `comments: ${comments}\n`);
      await succeeded("report", run, "--human", corpus, "--out", out, "--analysis", analysis);
      const written = await writtenReport(out);
      assertSound(written);
      const { data, page } = written;
      const [lengths] = data("human-distances").filter(({ measure }) => measure === "words of a comment");
      assert.deepEqual([lengths!.people_values, Number(lengths!.people_mean)], [count, mean]);
      assert.match(
        page.querySelector("#section-human-corpus")!.textContent,
        /2 discussions of people in corpus\. Only comments of people count there: 2 comments of models are left out\./,
      );
    }
  }, MIXED));

Deno.test("report --human says for the corpus, too, if workers fail", () =>
  withCorpus(async ({ cwd, run, corpus }) => {
    const { Worker } = globalThis;
    globalThis.Worker = BrokenWorker as unknown as typeof Worker;
    try {
      const { stderr } = await succeeded("report", run, "--human", corpus, "--out", join(cwd, "compared"));
      assert.match(stderr, /^Measured texts of "run" without .*\nMeasured texts of "corpus" without .*$/m);
    } finally {
      globalThis.Worker = Worker;
    }
  }, MIXED));

Deno.test("report --human on a run with people records in the run's log which outcomes of these people it shows", () =>
  withCorpus(async ({ cwd, run }) => {
    const { run: peopled } = await peopledRun(cwd);
    const out = join(cwd, "compared");
    await succeeded("report", run, "--human", peopled, "--out", out);
    const { log } = await folderRun(peopled).read();
    assert.ok(log.kind === "kept");
    const looks = log.log.entries.flatMap(({ type, data }) => type === "ResultsViewed" ? [data] : []);
    // Only the run has mood, and only the people have toxicity, so the report compares no scale. One person speaks in one
    // of the two discussions, so the corpus has no evenness.
    const outcomes = ["words", "diversity", "distinct-2", "participation-rate", "respond-rate"];
    assert.deepEqual(looks.map((look) => [look.command, look.outcomes, look.finished]), [[
      "report",
      outcomes,
      2,
    ]]);
    const text = (await writtenReport(out)).page.querySelector("#section-human-corpus")!.textContent;
    assert.match(text, /Only comments of people count there: \d+ comments of models are left out\./);
  }, MIXED));

Deno.test("report --human refuses runs of models, and the run itself or a copy of it", () =>
  withCorpus(async ({ cwd, run, corpus }) => {
    const refused = async (human: string, reason: RegExp) => {
      const { code, stderr } = await runHere("report", run, "--human", human, "--out", join(cwd, "no"));
      assert.equal(code, 2, stderr);
      assert.match(stderr, reason);
    };
    await Deno.symlink(run, join(cwd, "link"));
    for (const same of [run, `${run}/`, join(run, "..", "run"), join(cwd, "link")]) {
      await refused(
        same,
        /^error Cannot compare the run ".*" with itself: --human names a run of the report\. /,
      );
    }
    await succeeded("run", join(cwd, "e.yaml"), "--out", join(cwd, "other"), "--quiet");
    await refused(
      join(cwd, "other"),
      /as discussions of people: it is a run in which models wrote all comments/,
    );
    await refused(corpus, /as discussions of people: it is a run in which models wrote all comments/);
    assert.deepEqual([...Deno.readDirSync(cwd)].filter(({ name }) => name === "no"), []);
  }, "discussion,author,text,model\nd,ann,One,qwen\nd,ben,Two,qwen\n"));

Deno.test("report --human refuses a copy of the run's logs", () =>
  withCorpus(async ({ cwd, corpus }) => {
    const copy = join(cwd, "copy");
    await new Deno.Command("cp", { args: ["-r", corpus, copy] }).output();
    const { code, stderr } = await runHere("report", corpus, "--human", copy, "--out", join(cwd, "no"));
    assert.equal(code, 3, stderr);
    assert.match(stderr, /are logs of the same discussion\. Leave out the run that is a copy/);
  }, MIXED));

Deno.test("report --human says if a corpus has people, but no comment of theirs", () =>
  withCorpus(async ({ cwd, run, corpus }) => {
    const { code, stderr } = await runHere("report", run, "--human", corpus, "--out", join(cwd, "no"));
    assert.equal(code, 2, stderr);
    assert.match(
      stderr,
      /as discussions of people: no comment of a person in it can be read\. Import a corpus/,
    );
  }, "discussion,author,text,order\nd,ann,,1\nd,ben,,2\n"));
