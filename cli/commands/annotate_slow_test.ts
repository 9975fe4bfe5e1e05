import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import {
  annotatedExperiment,
  ANNOTATION,
  annotationFile,
  experiment,
  filesIn,
  jsonLines,
  JUDGE,
} from "../testing/experiments.ts";
import { contentsOfRun, runProgram } from "../testing/processes.ts";

/** The number of questions: three discussions, four comments each, two annotators, two scales. */
const QUESTIONS = 3 * 4 * 2 * 2;
const SCRIPTED = "{ adapter: scripted }";

/** A finished run in `runs/tiny`, and an annotation file `a.yaml`. */
async function inRun(test: (cwd: string) => Promise<void>, judge = JUDGE): Promise<void> {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(SCRIPTED));
    await Deno.writeTextFile(join(cwd, "a.yaml"), annotationFile(judge));
    const { code, stderr } = await runProgram(["run", "e.yaml", "--quiet"], { cwd });
    assert.equal(code, 0, stderr);
    await test(cwd);
  });
}

async function summaryOf(args: readonly string[], cwd: string, expectedCode = 0) {
  const { code, stdout, stderr } = await runProgram([...args, "--json"], { cwd });
  assert.equal(code, expectedCode, stdout + stderr);
  return jsonLines(stdout).at(-1)!;
}

const judgementsOf = (contents: ReadonlyMap<string, string>) =>
  [...contents.values()].flatMap((text) => text.split("\n")).filter((line) =>
    /"Comment?Annotated/.test(line)
  );

Deno.test("annotate asks each question once, and a second start asks nothing", () =>
  inRun(async (cwd) => {
    const discussions = await contentsOfRun(join(cwd, "runs/tiny"));
    const first = await summaryOf(["annotate", "runs/tiny", "--with", "a.yaml"], cwd);
    assert.deepEqual([first.type, first.pass, first.exitCode, first.cutShort], [
      "annotated",
      "annotation",
      0,
      null,
    ]);
    assert.deepEqual([first.discussions.ended, first.judgements.asked], [3, QUESTIONS]);
    const contents = await contentsOfRun(join(cwd, "runs/tiny"));
    for (const [stream, text] of contents) assert.ok(text.startsWith(discussions.get(stream)!));
    const unparsed = [...contents.values()].join("").match(/"AnnotationUnparsed"/g)?.length ?? 0;
    assert.equal(unparsed, first.judgements.unread);
    assert.ok(unparsed > 0);
    const kept = join(cwd, "runs/tiny/annotations/annotation.yaml");
    assert.equal(await Deno.readTextFile(kept), annotationFile());

    const second = await summaryOf(["annotate", "runs/tiny", "--with", "a.yaml"], cwd);
    assert.deepEqual([second.discussions.endedBefore, second.judgements.asked], [3, 0]);
    assert.deepEqual(await contentsOfRun(join(cwd, "runs/tiny")), contents);
    const verified = await runProgram(["verify", "runs/tiny"], { cwd });
    assert.equal(verified.code, 0, verified.stdout);
  }));

Deno.test("annotate accepts a single log, and adds another pass under another name", () =>
  inRun(async (cwd) => {
    const [log] = [...(await contentsOfRun(join(cwd, "runs/tiny"))).keys()];
    const file = `runs/tiny/discussions/${log}.jsonl`;
    const one = await summaryOf(["annotate", file, "-w", "a.yaml", "--pass", "first"], cwd);
    assert.deepEqual([one.pass, one.discussions.planned, one.judgements.asked], ["first", 1, QUESTIONS / 3]);
    const rest = await summaryOf(["annotate", "runs/tiny", "-w", "a.yaml", "--pass", "first"], cwd);
    assert.deepEqual([rest.discussions.endedBefore, rest.judgements.asked], [1, QUESTIONS * 2 / 3]);
    const second = await summaryOf(["annotate", "runs/tiny", "-w", "a.yaml", "--pass", "second"], cwd);
    assert.equal(second.judgements.asked, QUESTIONS);
    const contents = await contentsOfRun(join(cwd, "runs/tiny"));
    for (const text of contents.values()) {
      assert.equal(text.match(/"AnnotationPassCompleted"/g)!.length, 2);
    }
    assert.ok(judgementsOf(contents).length > QUESTIONS);
  }));

Deno.test("annotate prints a summary of discussions and annotations", () =>
  inRun(async (cwd) => {
    const { code, stdout, stderr } = await runProgram(["annotate", "runs/tiny", "-w", "a.yaml"], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^Annotation pass annotation\n {2}discussions {2}3 of 3 annotated\n {2}annotations {2}\d+; \d+ unparsed replies/,
    );
    const [, given, unanswered] = /annotations +(\d+); .*, (\d+) questions? without/.exec(stdout)!;
    assert.equal(Number(given) + Number(unanswered), QUESTIONS);
    const { passes } = jsonLines((await runProgram(["status", "runs/tiny", "--json"], { cwd })).stdout)[0];
    assert.equal(passes.annotation.annotated, Number(given));
    assert.match(stderr, /^annotated 0\/3/);
    const quiet = await runProgram(["annotate", "runs/tiny", "-w", "a.yaml", "-q"], { cwd });
    assert.deepEqual([quiet.code, quiet.stdout, quiet.stderr], [0, "", ""]);
  }));

Deno.test("annotate refuses wrong files and options, says what to do, and writes nothing", () =>
  inRun(async (cwd) => {
    await runProgram(["annotate", "runs/tiny", "-w", "a.yaml"], { cwd });
    const write = (name: string, text: string) => Deno.writeTextFile(join(cwd, name), text);
    await write("wrong.yaml", annotationFile().replace("ordinal", "ordnal"));
    await write("empty.yaml", "");
    await write("bad.yaml", "models: [");
    await write("changed.yaml", annotationFile().replace("max: 5", "max: 7"));
    await write("none.yaml", experiment(SCRIPTED));
    await write(
      "keyless.yaml",
      annotationFile(
        "{ adapter: openai, model: x, baseUrl: http://localhost:1/v1, apiKeyEnv: NO_SUCH_KEY_ }",
        `pass: keyless\n${ANNOTATION}`,
      ),
    );
    await Deno.copyFile(
      join(
        cwd,
        `runs/tiny/discussions/${[...(await contentsOfRun(join(cwd, "runs/tiny"))).keys()][0]}.jsonl`,
      ),
      join(cwd, "alone.jsonl"),
    );
    const before = await filesIn(cwd);
    for (
      const [args, code, said] of [
        [
          ["runs/tiny", "-w", "wrong.yaml"],
          2,
          /^wrong\.yaml:6:21: scales\.toxicity\.type: .*did you mean "ordinal"\?/m,
        ],
        [["runs/tiny", "-w", "empty.yaml"], 2, /^empty\.yaml:1:1: expected an annotation: keys and values/m],
        [["runs/tiny", "-w", "bad.yaml"], 2, /^bad\.yaml:1:\d+: /m],
        [["runs/tiny", "-w", "none.yaml"], 2, /^none\.yaml:1:1: the experiment has no section annotation/m],
        [["runs/tiny", "-w", "absent.yaml"], 2, /Cannot read the annotation "absent\.yaml"/],
        [["runs/tiny"], 2, /--with/],
        [["runs/tiny", "-w", "a.yaml", "--pass", "../x"], 2, /Expected a name of at most 100 letters/],
        [["runs/other", "-w", "a.yaml"], 3, /Cannot open the run "runs\/other": it does not exist/],
        [["a.yaml", "-w", "a.yaml"], 2, /Cannot read "a\.yaml" as a log: expected a run's folder/],
        [
          ["alone.jsonl", "-w", "a.yaml"],
          2,
          /lies outside a run's folder\. Give a run's folder, or a log in a run's folder/,
        ],
        [
          ["runs/tiny", "-w", "changed.yaml"],
          3,
          /the annotation pass "annotation".*give the new pass another name/,
        ],
        [["runs/tiny", "-w", "keyless.yaml"], 3, /NO_SUCH_KEY_/],
      ] as const
    ) {
      const result = await runProgram(["annotate", ...args], { cwd });
      assert.equal(result.code, code, `${args}: ${result.stdout}${result.stderr}`);
      assert.match(result.stderr, said);
      assert.doesNotMatch(result.stderr, /\n +at |bug in the program/);
      assert.deepEqual(await filesIn(cwd), before, String(args));
    }
  }));

Deno.test("annotate reports failed discussions, exits with 1, and says how to resume", () =>
  inRun(async (cwd) => {
    const failing = JUDGE.replace("}", ", failures: [{ kind: bad-request, turns: [3] }] }");
    await Deno.writeTextFile(join(cwd, "a.yaml"), annotationFile(failing));
    const { code, stdout } = await runProgram(["annotate", "runs/tiny", "-w", "a.yaml"], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /0 of 3 annotated \(3 failed\)/);
    assert.match(stdout, /\nTo resume:\n {2}.*annotate runs\/tiny -w a\.yaml\n$/);
    // When no request is answered, the cause is the model, not a discussion: the exit code is 3.
    const again = await summaryOf(["annotate", "runs/tiny", "-w", "a.yaml"], cwd, 3);
    assert.deepEqual([again.failures, again.judgements.asked, again.firstSetAside.length], [3, 0, 3]);
  }));

Deno.test("run asks each question about its comments once, and a second start asks nothing", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), annotatedExperiment());
    const first = await summaryOf(["run", "e.yaml"], cwd);
    assert.deepEqual([first.type, first.discussions.ended, first.annotation.pass], [
      "finished",
      3,
      "annotation",
    ]);
    assert.deepEqual([first.annotation.discussions.ended, first.annotation.judgements.asked], [3, QUESTIONS]);
    const contents = await contentsOfRun(join(cwd, "runs/tiny"));
    const second = await runProgram(["run", "e.yaml"], { cwd });
    assert.match(second.stdout, /3 of 3 ended \(3 had ended before\)/);
    assert.match(second.stdout, /3 of 3 annotated \(3 had been annotated before\)\n {2}annotations {2}0\n/);
    // `annotate` reads the section `annotation` of the experiment file as the same pass.
    const third = await summaryOf(["annotate", "runs/tiny", "-w", "e.yaml"], cwd);
    assert.deepEqual([third.discussions.endedBefore, third.judgements.asked], [3, 0]);
    assert.deepEqual(await contentsOfRun(join(cwd, "runs/tiny")), contents);
  });
});

Deno.test("run annotates a finished run after the section `annotation` is added to its file", () =>
  inRun(async (cwd) => {
    const before = await contentsOfRun(join(cwd, "runs/tiny"));
    await Deno.writeTextFile(join(cwd, "judges.json"), '[{ "name": "Rita", "age": 50 }]');
    await Deno.writeTextFile(join(cwd, "own.ts"), OWN_ADAPTER);
    await Deno.writeTextFile(
      join(cwd, "e.yaml"),
      annotatedExperiment("{ adapter: ./own.ts }").replace(
        /personas: \[\{ name: Rita.*\] \}/,
        "personas: judges.json }",
      ),
    );
    const { discussions, turns, annotation } = await summaryOf(["run", "e.yaml"], cwd);
    assert.deepEqual([discussions.endedBefore, turns.ended - turns.endedBefore], [3, 0]);
    assert.deepEqual([annotation.discussions.ended, annotation.judgements.asked], [3, QUESTIONS / 2]);
    const after = await contentsOfRun(join(cwd, "runs/tiny"));
    for (const [stream, text] of after) assert.ok(text.startsWith(before.get(stream)!));
    assert.match(await Deno.readTextFile(join(cwd, "runs/tiny/annotations/annotation.yaml")), /own\.ts/);
  }));

Deno.test("run refuses an annotator without its key before the discussions begin, and writes nothing", async () => {
  await inFolder(async (cwd) => {
    const keyless = "{ adapter: openai, model: x, baseUrl: http://localhost:1/v1, apiKeyEnv: NO_SUCH_KEY_ }";
    await Deno.writeTextFile(join(cwd, "e.yaml"), annotatedExperiment(keyless));
    const { code, stderr } = await runProgram(["run", "e.yaml"], { cwd });
    assert.equal(code, 3);
    assert.match(stderr, /NO_SUCH_KEY_/);
    assert.deepEqual([...(await filesIn(cwd)).keys()], [`${cwd}/e.yaml`]);
  });
});

const OWN_ADAPTER = `export default {
  create: () => ({ generate: () => Promise.resolve({ text: "2", finishReason: "stop" }) }),
};
`;
