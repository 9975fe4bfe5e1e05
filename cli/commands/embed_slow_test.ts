import assert from "node:assert/strict";
import { join } from "node:path";
import { databaseTest } from "../../adapters/stores/postgres/testing/database.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { openDraw } from "../../core/random/mod.ts";
import { filesIn, jsonLines } from "../testing/experiments.ts";
import { peopledRun, SECRETS } from "../testing/people.ts";
import { ended, runHere, runProgram, startProgram } from "../testing/processes.ts";
import { succeeds } from "../testing/rated_run.ts";

const MODELS = `models:
  words: { adapter: scripted }
  others: { adapter: scripted, cut: 0.1 }
  slow: { adapter: scripted, silence: 0.1, latencyMs: [40, 80] }
  failing: { adapter: scripted, failures: [{ kind: bad-request }] }
  gguf: { adapter: llama, model: x.gguf }
`;

/** A run with 12 discussions in `run`, a corpus with 12 discussions of people in `people`, and models in `m.yaml`. */
async function inRuns(test: (cwd: string) => Promise<void>): Promise<void> {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(
      join(cwd, "e.yaml"),
      `name: tiny
seed: 1
models: { m: { adapter: scripted } }
participants: { model: m, personas: [{ name: A }, { name: B }, { name: C }] }
openings: ["Begin."]
discussion: { turns: 6 }
design: { replications: 12 }
`,
    );
    const draw = openDraw("people");
    const words = ["rain", "fountain", "bench", "garden", "cat", "library", "Sunday", "winter"];
    const rows = Array.from({ length: 48 }, (_, row) => {
      const text = Array.from({ length: 6 }, () => draw.pick(words)).join(" ");
      return `d${row % 12},p${row % 2},"${text} ${row}",${Math.floor(row / 12)}`;
    });
    await Deno.writeTextFile(
      join(cwd, "people.csv"),
      `discussion,author,text,position\n${rows.join("\n")}\n`,
    );
    await Deno.writeTextFile(join(cwd, "m.yaml"), MODELS);
    for (
      const line of [
        ["run", "e.yaml", "--out", "run", "--quiet"],
        ["import", "people.csv", "--out", "people", "--format", "csv"],
      ]
    ) {
      const { code, stdout, stderr } = await runProgram(line, { cwd });
      assert.equal(code, 0, stdout + stderr);
    }
    await test(cwd);
  });
}

async function embedded(cwd: string, run: string, ...words: readonly string[]) {
  const args = ["embed", run, "--with", "m.yaml", "-c", "1", "--json", ...words];
  const { code, stdout, stderr } = await runProgram(args, { cwd });
  assert.equal(code, 0, stdout + stderr);
  return jsonLines(stdout).at(-1)!;
}

/** Hash → vector, of all vectors in a folder. */
async function vectorsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const [name, text] of await filesIn(join(folder, "vectors"))) {
    if (!name.endsWith(".jsonl")) continue;
    for (const { sha256, vectors } of jsonLines(text)) {
      const bytes = Uint8Array.fromBase64(vectors);
      const size = bytes.length / sha256.length;
      for (const [at, hash] of sha256.entries()) {
        assert.ok(!found.has(hash), "a text has two vectors");
        found.set(hash, bytes.slice(at * size, (at + 1) * size).toHex());
      }
    }
  }
  return found;
}

async function sectionOf(cwd: string, ...words: readonly string[]): Promise<string> {
  const out = join(cwd, "report");
  await succeeds(
    "report",
    join(cwd, "run"),
    "--human",
    join(cwd, "people"),
    "--out",
    out,
    "--full",
    ...words,
  );
  const text = await Deno.readTextFile(join(out, "report.md"));
  return text.slice(text.indexOf("Comparison with people"));
}

Deno.test("embed makes each vector once, and report --human compares what comments mean", () =>
  inRuns(async (cwd) => {
    assert.match(
      await sectionOf(cwd),
      /is not compared: no run has vectors of its comments.*embed .*run \\--with FILE/,
    );
    const first = await embedded(cwd, "run", "--model", "words");
    const { known } = first.comments;
    assert.deepEqual([first.discussions.ended, first.exitCode], [12, 0]);
    // Equal comments have one vector.
    assert.equal(first.comments.kept + first.comments.embedded, known);
    assert.equal((await vectorsIn(join(cwd, "run"))).size, first.comments.embedded);
    assert.match(await sectionOf(cwd), /people has no vectors of its comments.*embed .*people \\--with FILE/);

    const again = await embedded(cwd, "run", "--model", "words");
    assert.deepEqual([again.comments.known, again.comments.kept, again.comments.embedded], [known, known, 0]);
    await embedded(cwd, "people", "--model", "others");
    assert.match(await sectionOf(cwd), /no embedding model made vectors of all runs.*words.*others/s);

    const people = await embedded(cwd, "people", "--model", "words");
    assert.deepEqual(people.comments.embedded, 48);
    const section = await sectionOf(cwd);
    assert.match(section, /How far the comments are from people/);
    const table = await Deno.readTextFile(join(cwd, "report/data/human-meaning.csv"));
    const [header, row] = table.trim().split("\r\n").map((line) => line.split(","));
    const cell = (name: string) => Number(row![header!.indexOf(name)]);
    assert.deepEqual([cell("models"), cell("people"), cell("people_comments")], [12, 12, 48]);
    // The corpora share no words.
    assert.ok(cell("between") > cell("within") && cell("between") > cell("people_within"));
    assert.equal(cell("p"), 0.001);
    const classifier = await Deno.readTextFile(join(cwd, "report/data/human-meaning-classifier.csv"));
    assert.match(classifier, /^all discussions,32,1,/m);
    assert.doesNotMatch(section, /Comments without vectors/);
    await succeeds("verify", join(cwd, "run"));
  }));

Deno.test("embed resumes after SIGKILLs without asking again for vectors that the run has", () =>
  inRuns(async (cwd) => {
    const undisturbed = join(cwd, "undisturbed");
    await succeeds("copy", join(cwd, "run"), undisturbed);
    const { comments } = await embedded(cwd, "undisturbed", "--model", "slow");
    const args = ["embed", "run", "--with", "m.yaml", "--model", "slow", "-c", "1"];
    const draw = openDraw("kills");
    let kills = 0;
    for (;; kills++) {
      const before = kills === 0 ? 0 : (await vectorsIn(join(cwd, "run")).catch(() => new Map())).size;
      const child = startProgram([...args, "--json"], { cwd });
      const timer = setTimeout(() => kills < 10 && child.kill("SIGKILL"), 450 + draw.below(500));
      const { code, signal, stdout, stderr } = await ended(child);
      clearTimeout(timer);
      if (signal !== null) continue;
      assert.equal(code, 0, stderr);
      const last = jsonLines(stdout).at(-1)!.comments;
      assert.equal(last.embedded, comments.embedded - before);
      break;
    }
    assert.ok(kills >= 2, `only ${kills} kills hit the command: it is too short for this test`);
    assert.deepEqual(
      [...await vectorsIn(join(cwd, "run"))].sort(),
      [...await vectorsIn(undisturbed)].sort(),
    );
  }));

Deno.test("embed says what is wrong, and --again makes damaged vectors again", () =>
  inRuns(async (cwd) => {
    const fails = async (expected: number, message: RegExp, ...words: readonly string[]) => {
      const { code, stdout, stderr } = await runProgram(["embed", "run", "--with", "m.yaml", ...words], {
        cwd,
      });
      assert.equal(code, expected, stdout + stderr);
      assert.match(stdout + stderr, message);
    };
    await fails(2, /name one of its models with --model: words, others, slow, failing, gguf/);
    await fails(2, /Cannot choose the model "x"/, "--model", "x");
    await fails(3, /No request was answered; last error: The scripted model failed/, "--model", "failing");
    const [failed] = (await Deno.readTextFile(join(cwd, "run/log.jsonl"))).split("\n")
      .filter((line) => line.includes('"failing"') && line.includes('"attempt"')).map((line) =>
        JSON.parse(line)
      );
    // A request for vectors is about many comments, and no annotator sends it.
    for (const field of ["comment", "annotator", "turn", "speaker"]) {
      assert.ok(!Object.hasOwn(failed, field));
    }
    await embedded(cwd, "run", "--model", "words");
    await embedded(cwd, "people", "--model", "words");
    const files = [...Deno.readDirSync(join(cwd, "run/vectors"))].map(({ name }) => name).sort();
    const part = join(cwd, "run/vectors", files[0]!);
    const text = await Deno.readTextFile(part);
    await Deno.writeTextFile(part, text.replace(/"vectors":"..../, '"vectors":"AADA'));
    const problem =
      /Cannot read the vectors of the run ".*run": "vectors\/.*", line 1: .*embed with --again/s;
    await fails(3, problem, "--model", "words");
    const report = await runHere(
      "report",
      join(cwd, "run"),
      "--human",
      join(cwd, "people"),
      "--out",
      join(cwd, "r"),
    );
    assert.equal(report.code, 3, report.stderr);
    assert.match(report.stderr, problem);
    const verified = await runHere("verify", join(cwd, "run"));
    assert.equal(verified.code, 1);
    assert.match(verified.stdout, /line 1: its vector 1/);
    await embedded(cwd, "run", "--model", "words", "--again");
    assert.equal(await Deno.readTextFile(part), text);
    await succeeds("verify", join(cwd, "run"));
  }));

Deno.test("report --human says how many comments have no vectors", () =>
  inRuns(async (cwd) => {
    const [log] = [...Deno.readDirSync(join(cwd, "run/discussions"))].map(({ name }) => name).sort();
    await embedded(cwd, `run/discussions/${log}`, "--model", "words");
    await embedded(cwd, "people", "--model", "words");
    const section = await sectionOf(cwd);
    const [, missing] =
      /(\d+) comments of models and 0 of people have no vector and are left out\. To make them: embed /.exec(
        section,
      )!;
    const table = await Deno.readTextFile(join(cwd, "report/data/human-meaning.csv"));
    const [, comments] = /^all discussions,\d+,12,(\d+),48,/m.exec(table)!;
    assert.equal(Number(missing) + Number(comments), 12 * 6);
  }));

Deno.test("embed sends no words of people that logs have encrypted, and keeps no vector of them", () =>
  inRuns(async (cwd) => {
    const { run } = await peopledRun(cwd);
    const found = await embedded(cwd, run, "--model", "words", "--log-level", "trace");
    assert.ok(found.comments.ofPeople > 0 && found.comments.embedded > 0);
    const log = await Deno.readTextFile(join(run, "log.jsonl"));
    for (const secret of SECRETS) assert.ok(!log.includes(secret));

    await embedded(cwd, "run", "--model", "words");
    await succeeds("report", join(cwd, "run"), "--human", run, "--out", join(cwd, "report"), "--full");
    const text = await Deno.readTextFile(join(cwd, "report/report.md"));
    assert.match(text, /\d+ comments of people cannot have vectors: logs have their words encrypted/);
    assert.doesNotMatch(text, /Comments without vectors/);
    assert.match(
      await Deno.readTextFile(join(cwd, "report/data/human-meaning.csv")),
      /a corpus has no vectors/,
    );
  }));

databaseTest(
  "embed works in a database, and copy and pack take the vectors along",
  (database) =>
    inRuns(async (cwd) => {
      const place = `${database}/tiny`;
      await succeeds("copy", join(cwd, "run"), place);
      const { comments } = await embedded(cwd, place, "--model", "words");
      assert.equal((await embedded(cwd, place, "--model", "words")).comments.kept, comments.known);
      await succeeds("copy", place, join(cwd, "back"));
      assert.equal((await vectorsIn(join(cwd, "back"))).size, comments.embedded);
      assert.equal((await embedded(cwd, "back", "--model", "words")).comments.embedded, 0);
      await succeeds("pack", join(cwd, "back"), "--out", join(cwd, "tiny.tar.gz"));
      await succeeds("unpack", join(cwd, "tiny.tar.gz"), "--out", join(cwd, "unpacked"));
      assert.equal((await vectorsIn(join(cwd, "unpacked"))).size, comments.embedded);
    }),
);
