import assert from "node:assert/strict";
import { join } from "node:path";
import { forgetEnds } from "../../adapters/stores/testing/forget_ends.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { annotatedExperiment, annotationFile, filesIn, jsonLines } from "../testing/experiments.ts";
import { contentsOfRun, runProgram } from "../testing/processes.ts";

/**
 * Here, the scale `toxicity` accepts only a bare answer, so the value of the reply "I would say 3." is lost.
 */
const EXACT = annotationFile().replace(
  "toxicity: { type: ordinal,",
  "toxicity: { type: ordinal, grammar: exact,",
);

/** Makes an annotated run in `runs/tiny`, the same annotation in `a.yaml`, and a stricter annotation in `exact.yaml`. */
async function inAnnotatedRun(test: (cwd: string) => Promise<void>): Promise<void> {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), annotatedExperiment());
    await Deno.writeTextFile(join(cwd, "a.yaml"), annotationFile());
    await Deno.writeTextFile(join(cwd, "exact.yaml"), EXACT);
    const { code, stderr } = await runProgram(["run", "e.yaml", "--quiet"], { cwd });
    assert.equal(code, 0, stderr);
    await test(cwd);
  });
}

type Data = Readonly<{
  pass: string;
  comment: number;
  annotator: string;
  raw: string;
  values?: Readonly<Record<string, number>>;
  scales?: readonly string[];
}>;

/** The number of toxicity values that were read from a sentence. The stricter grammar must lose them. */
async function readAmongWords(cwd: string): Promise<number> {
  const lines = [...(await contentsOfRun(join(cwd, "runs/tiny"))).values()].join("").trimEnd().split("\n");
  const read = lines.map((line) => JSON.parse(line) as { type: string; data: Data })
    .filter(({ type, data }) => type === "CommentAnnotated" && data.pass === "annotation");
  return read.filter(({ data }) => data.values!.toxicity !== undefined && data.raw.length > 5).length;
}

Deno.test("reparse shows the values that a changed grammar changes, and writes nothing", () =>
  inAnnotatedRun(async (cwd) => {
    const before = await filesIn(cwd);
    const expected = await readAmongWords(cwd);
    assert.ok(expected > 0);
    const { code, stdout, stderr } = await runProgram(["reparse", "runs/tiny", "-w", "exact.yaml"], { cwd });
    assert.equal(code, 0, stderr);
    const lines = stdout.trimEnd().split("\n");
    const lost = lines.filter((line) =>
      /^base\.r000\d\.\w+ comment \d, (Rita|Sam), toxicity: 3 → unparsed$/.test(line)
    );
    assert.equal(lost.length, expected);
    assert.equal(
      lines.at(-2),
      `3 discussions: ${48 - expected} values unchanged, 0 changed, 0 gained, ${expected} lost`,
    );
    assert.equal(lines.at(-1), "Nothing was written; --as NAME records the result as a pass");
    const json = jsonLines(
      (await runProgram(["reparse", "runs/tiny", "-w", "exact.yaml", "--json"], { cwd })).stdout,
    );
    const { type, pass, as, changed, gained, discussions } = json.at(-1)!;
    assert.deepEqual({ type, pass, as, changed, gained, discussions, lost: json.at(-1)!.lost }, {
      type: "reparsed",
      pass: "annotation",
      as: null,
      changed: 0,
      gained: 0,
      discussions: 3,
      lost: expected,
    });
    assert.equal(json.length, expected + 1);
    assert.deepEqual(await filesIn(cwd), before);
  }));

Deno.test("reparse reports no changes for the same scales, for a run and for one log", () =>
  inAnnotatedRun(async (cwd) => {
    const same = await runProgram(["reparse", "runs/tiny", "-w", "e.yaml"], { cwd });
    assert.match(
      same.stdout,
      /^3 discussions: 48 values unchanged, 0 changed, 0 gained, 0 lost\n/,
    );
    const [log] = [...(await contentsOfRun(join(cwd, "runs/tiny"))).keys()];
    const one = await runProgram(["reparse", `runs/tiny/discussions/${log}.jsonl`, "-w", "a.yaml"], { cwd });
    assert.match(one.stdout, /^1 discussion: 16 values unchanged/);
  }));

Deno.test("reparse --as records a pass once, and completes a pass that a kill interrupted", () =>
  inAnnotatedRun(async (cwd) => {
    const run = join(cwd, "runs/tiny");
    const before = await contentsOfRun(run);
    const record = async () => {
      const args = ["reparse", "runs/tiny", "-w", "exact.yaml", "--as", "strict"];
      const { code, stdout, stderr } = await runProgram(args, { cwd });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /\nRecorded as the pass strict\n$/);
      assert.equal((await runProgram(["verify", "runs/tiny"], { cwd })).code, 0);
      return await contentsOfRun(run);
    };
    const recorded = await record();
    for (const [stream, text] of recorded) {
      assert.ok(text.startsWith(before.get(stream)!));
      const added = text.slice(before.get(stream)!.length).trimEnd().split("\n").map((line) =>
        JSON.parse(line)
      );
      assert.deepEqual([added[0].type, added.at(-1).type], [
        "AnnotationPassStarted",
        "AnnotationPassCompleted",
      ]);
      assert.equal(added[0].data.reparsedFrom, "annotation");
      assert.equal(added.length, 18);
    }
    assert.equal(await Deno.readTextFile(join(run, "annotations/strict.yaml")), EXACT);
    assert.deepEqual(await record(), recorded);

    // The log is cut before the new pass, within an event, after the start of the pass, and near the end.
    const [stream] = recorded.keys();
    const file = join(run, `discussions/${stream}.jsonl`);
    const whole = await Deno.readTextFile(file);
    const start = whole.lastIndexOf("\n", whole.indexOf('"reparsedFrom"')) + 1;
    const cuts = [start, start + 30, whole.indexOf("\n", start) + 1, whole.length - 700, whole.length - 1];
    for (const cut of cuts) {
      await Deno.writeTextFile(file, whole.slice(0, cut));
      forgetEnds(run, "reparse");
      assert.deepEqual(await record(), recorded, `cut after ${cut - start} of ${whole.length - start}`);
    }
  }));

Deno.test("reparse reads a pass that reparse recorded", () =>
  inAnnotatedRun(async (cwd) => {
    const expected = await readAmongWords(cwd);
    await runProgram(["reparse", "runs/tiny", "-w", "exact.yaml", "--as", "strict"], { cwd });
    const back = await runProgram(["reparse", "runs/tiny", "-w", "a.yaml", "--pass", "strict", "--json"], {
      cwd,
    });
    const { gained, lost } = jsonLines(back.stdout).at(-1)!;
    assert.deepEqual([gained, lost], [expected, 0]);
  }));

Deno.test("reparse skips a damaged log, reads the others, and exits with 1", () =>
  inAnnotatedRun(async (cwd) => {
    const [stream] = (await contentsOfRun(join(cwd, "runs/tiny"))).keys();
    const file = join(cwd, `runs/tiny/discussions/${stream}.jsonl`);
    const damaged = (await Deno.readTextFile(file)).replace('"turn":1', '"turn":2');
    await Deno.writeTextFile(file, damaged);
    const args = ["reparse", "runs/tiny", "-w", "a.yaml", "--as", "again"];
    const { code, stdout, stderr } = await runProgram(args, { cwd });
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^failed ${stream}: Cannot read .* line 3 .* is damaged`));
    assert.match(
      stdout,
      /^2 discussions: 32 values unchanged.*\n1 damaged log skipped: "verify --repair" /,
    );
    assert.equal(await Deno.readTextFile(file), damaged);
  }));

Deno.test("reparse refuses wrong files and names, says what to do, and writes nothing", () =>
  inAnnotatedRun(async (cwd) => {
    const other = annotationFile().replace("toxicity:", "wit:").replace("calm:", "charm:");
    await Deno.writeTextFile(join(cwd, "other.yaml"), other);
    await Deno.writeTextFile(join(cwd, "wrong.yaml"), annotationFile().replace("min: 1", "min: one"));
    await runProgram(["reparse", "runs/tiny", "-w", "exact.yaml", "--as", "strict"], { cwd });
    // Only the last log has a pass named "last" already. The command refuses the name before it changes any
    // log.
    const last = [...(await contentsOfRun(join(cwd, "runs/tiny"))).keys()].at(-1)!;
    const log = `runs/tiny/discussions/${last}.jsonl`;
    assert.equal((await runProgram(["reparse", log, "-w", "exact.yaml", "--as", "last"], { cwd })).code, 0);
    const before = await filesIn(cwd);
    for (
      const [args, code, said] of [
        [
          ["-w", "a.yaml", "--as", "annotation"],
          2,
          /Cannot record "annotation" as itself: give another name with --as/,
        ],
        [
          ["-w", "a.yaml", "--pass", "x"],
          2,
          /Cannot read the pass "x" again: no discussion has completed it/,
        ],
        [
          ["-w", "a.yaml", "--pass", "x", "--as", "y"],
          2,
          /Cannot read the pass "x" again: no discussion has completed it/,
        ],
        [["-w", "a.yaml", "--as", "../y"], 2, /Expected a name of at most 100 letters/],
        [
          ["-w", "other.yaml", "--as", "y"],
          2,
          /it asked for toxicity, calm, and the codebook has none of these/,
        ],
        [
          ["-w", "wrong.yaml", "--as", "y"],
          2,
          /^wrong\.yaml:6:35: scales\.toxicity\.min: expected a whole number/m,
        ],
        [
          ["-w", "a.yaml", "--as", "strict"],
          3,
          /the annotation pass "strict".*give the new pass another name/,
        ],
        [["-w", "a.yaml", "--as", "last"], 3, /the annotation pass "last".*give the new pass another name/],
        [["--as", "y"], 2, /--with/],
      ] as const
    ) {
      const result = await runProgram(["reparse", "runs/tiny", ...args], { cwd });
      assert.equal(result.code, code, `${args}: ${result.stdout}${result.stderr}`);
      assert.match(result.stderr, said);
      assert.doesNotMatch(result.stderr, /\n +at |bug in the program/);
      assert.deepEqual(await filesIn(cwd), before, String(args));
    }
    const absent = await runProgram(["reparse", "runs/none", "-w", "a.yaml"], { cwd });
    assert.equal(absent.code, 3);
  }));
