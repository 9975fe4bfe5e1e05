/** Replies of a server to an annotator: some are read as values, all others are unparsed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { startOpenAiStub, type StubFault } from "../../adapters/models/testing/openai_stub.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment } from "../testing/experiments.ts";
import { contentsOfRun, runProgram } from "../testing/processes.ts";

/** A reply of the server, and its value; `null` if it is unparsed. */
type Case = readonly [content: string, finish: string, value: number | string | null, reasoning?: string];

const RATINGS: readonly Case[] = [
  ["<think>Could be 2. But I prefer 4.</think>\n\n4", "stop", 4],
  ["<think>\nOkay, the comment makes 3 points about the buses. Let me consider", "length", null],
  ["4", "stop", 4, "It makes 3 points. Not a 2."],
  ["Could be 2.\n</think>\n4", "stop", 4],
  ["The comment deserves a 5 only if", "length", null],
  ["4", "length", null],
  ["4", "max_tokens", null],
  ["It is not a 5.", "stop", null],
  [">3", "stop", null],
  ["at least 3", "stop", null],
  ["5? No.", "stop", null],
  ["I would say 4.", "stop", 4],
];

const LABELS: readonly Case[] = [
  ["Toxic? No.", "stop", null],
  ["toxic: no", "stop", null],
  ["<think>It could be polite.</think>Toxic.", "stop", "toxic"],
  ["Toxic", "length", null],
  ["It is toxic, since it does not argue.", "stop", "toxic"],
];

const PASSES = [
  { pass: "ratings", cases: RATINGS, scale: "{ type: ordinal, min: 1, max: 5, question: How toxic is it? }" },
  {
    pass: "labels",
    cases: LABELS,
    scale: "{ type: nominal, labels: [toxic, polite], question: What is it? }",
  },
];

type Logged = Readonly<{
  type: string;
  data: Readonly<
    { pass?: string; comment: number; values?: Readonly<Record<string, unknown>>; thoughts?: string }
  >;
}>;

Deno.test("annotate reads no value from thoughts, cut replies or denials", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted }", RATINGS.length));
    assert.equal((await runProgram(["run", "e.yaml", "--quiet"], { cwd })).code, 0);
    const run = join(cwd, "runs/tiny");
    const [stream] = [...(await contentsOfRun(run)).keys()];
    const log = `runs/tiny/discussions/${stream}.jsonl`;
    for (const { pass, cases, scale } of PASSES) {
      const fault = (_: unknown, index: number): StubFault => {
        const [content, finish_reason, , reasoning_content] = cases[index % cases.length]!;
        return { kind: "choice", message: { role: "assistant", content, reasoning_content }, finish_reason };
      };
      await using stub = startOpenAiStub({ fault });
      const file = `pass: ${pass}
models: { judge: { adapter: openai, model: stub-model, baseUrl: "${stub.baseUrl}" } }
annotators: { model: judge, name: judge }
targets: participants
retries: 0
scales: { x: ${scale} }
`;
      await Deno.writeTextFile(join(cwd, "a.yaml"), file);
      const { code, stderr } = await runProgram(["annotate", log, "--with", "a.yaml", "--concurrency", "1"], {
        cwd,
      });
      assert.equal(code, 0, stderr);
      const lines = (await contentsOfRun(run)).get(stream!)!.trimEnd().split("\n");
      const annotated = lines.map((line) => JSON.parse(line) as Logged).filter(({ type, data }) =>
        data.pass === pass && (type === "CommentAnnotated" || type === "AnnotationUnparsed")
      );
      for (const [index, { data: { values } }] of annotated.entries()) {
        const [content, , value] = cases[index % cases.length]!;
        assert.equal(values?.x ?? null, value, content);
      }
      assert.equal(annotated.length, RATINGS.length);
      const again = await runProgram(["reparse", log, "--with", "a.yaml", "--json"], { cwd });
      const { changed, gained, lost } = JSON.parse(again.stdout.trimEnd().split("\n").at(-1)!);
      assert.deepEqual([changed, gained, lost], [0, 0, 0]);
    }
    assert.equal((await runProgram(["replay", log, "--verify"], { cwd })).code, 0);
  }));
