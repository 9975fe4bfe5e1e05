/** Reports on incomplete or damaged runs name the problem, and show the rest. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startOpenAiStub, type StubFault } from "../../adapters/models/testing/openai_stub.ts";
import { JsonlEventStore } from "../../adapters/stores/mod.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { Discussion } from "../../core/engine/mod.ts";
import { environmentWith } from "../../core/testing/mod.ts";
import { annotatedExperiment, experiment, JUDGE, judgedExperiment } from "../testing/experiments.ts";
import { ended, runHere, runProgram, startProgram } from "../testing/processes.ts";
import { assertSound, type WrittenReport, writtenReport } from "../testing/written_report.ts";

const GOLDEN = fileURLToPath(new URL("../../fixtures/golden/v1/", import.meta.url));

const SCRIPTED = "{ adapter: scripted }";

/** The model answers this many requests, and then no more. Every discussion has some turns by then. */
const ANSWERED = 25;

const COMPARED = judgedExperiment(SCRIPTED, 2);

/** Runs an experiment. Returns the folder of the run. */
async function held(cwd: string, text: string, code = 0): Promise<string> {
  await Deno.writeTextFile(join(cwd, "e.yaml"), text);
  const ended = await runHere("run", join(cwd, "e.yaml"), "--out", join(cwd, "run"), "--quiet");
  assert.equal(ended.code, code, ended.stderr);
  return join(cwd, "run");
}

/** Makes a report on a run. Returns the written files. */
async function reported(run: string): Promise<WrittenReport> {
  const { code, stderr } = await runHere("report", run, "--full");
  assert.equal(code, 0, stderr);
  const written = await writtenReport(join(run, "report"));
  assertSound(written);
  return written;
}

function textOf({ page }: WrittenReport): string {
  return page.querySelector("main")!.textContent.replaceAll(/\s+/g, " ");
}

async function logsOf(run: string): Promise<string[]> {
  const logs = await Array.fromAsync(Deno.readDir(join(run, "discussions")), ({ name }) => name);
  return logs.sort().map((name) => join(run, "discussions", name));
}

/** Cuts a log after this number of lines. */
async function cut(log: string, lines: number): Promise<void> {
  const text = await Deno.readTextFile(log);
  await Deno.writeTextFile(log, text.split("\n").slice(0, lines).map((line) => `${line}\n`).join(""));
}

/**
 * A kind of run → how to make it, its numbers of observed and compared discussions, and text on the report's
 * page.
 */
const DEGENERATE: Readonly<
  Record<
    string,
    Readonly<{
      made: (cwd: string) => Promise<string>;
      discussions: number;
      compared: number;
      says: RegExp;
    }>
  >
> = {
  "with one discussion": {
    made: (cwd) => held(cwd, experiment(SCRIPTED).replace("replications: 3", "replications: 1")),
    discussions: 1,
    compared: 1,
    says: /The discussions are of one condition: the report describes them and compares nothing\./,
  },
  "with one condition and no annotations": {
    made: (cwd) => held(cwd, experiment(SCRIPTED)),
    discussions: 3,
    compared: 3,
    says: /Nothing to compare/,
  },
  "with one discussion for each condition": {
    made: (cwd) => held(cwd, judgedExperiment(SCRIPTED, 1)),
    discussions: 2,
    compared: 2,
    says: /only 1 of 1 pairs have both values, and two are needed/,
  },
  "with only silent turns": {
    made: (cwd) => held(cwd, judgedExperiment('{ adapter: scripted, replies: ["PASS"] }', 2)),
    discussions: 4,
    compared: 4,
    says: /Silence 1\.000|minimum of silence-rate: 1\.000/,
  },
  "with only unparsed annotations": {
    made: (cwd) => held(cwd, annotatedExperiment('{ adapter: scripted, annotatorReplies: ["No idea."] }')),
    discussions: 3,
    compared: 3,
    says: /In pass annotation: 48 of 48 questions\./,
  },
  "with one annotator": {
    made: (cwd) => held(cwd, annotatedExperiment(JUDGE).replace(", { name: Sam, age: 20 }", "")),
    discussions: 3,
    compared: 3,
    says: /Agreement needs two annotators; these scales have one: annotation\/toxicity, annotation\/calm\./,
  },
  "with unfinished discussions": {
    async made(cwd) {
      const run = await held(cwd, COMPARED);
      const [first, second] = await logsOf(run);
      await cut(first!, 5);
      await cut(second!, 1);
      return run;
    },
    discussions: 4,
    compared: 2,
    says: /2 of 4 discussions \(left out: 2 not finished\)/,
  },
  "with a half-written line in a log": {
    async made(cwd) {
      const run = await held(cwd, COMPARED);
      const [log] = await logsOf(run);
      const text = await Deno.readTextFile(log!);
      await Deno.writeTextFile(log!, text.slice(0, text.length / 2));
      return run;
    },
    discussions: 4,
    compared: 3,
    says: /3 of 4 discussions \(left out: 1 not finished\)/,
  },
  "with an unfinished annotation": {
    async made(cwd) {
      const run = await held(cwd, COMPARED);
      const [log] = await logsOf(run);
      const text = await Deno.readTextFile(log!);
      const lines = text.trimEnd().split("\n");
      await cut(log!, lines.findIndex((line) => line.includes('"CommentAnnotated"')) + 2);
      return run;
    },
    discussions: 4,
    compared: 4,
    says: /Pass mood is complete for 3 of 4 completed discussions/,
  },
  "with an aborted discussion": {
    async made(cwd) {
      const run = await held(cwd, COMPARED);
      const [log] = await logsOf(run);
      await cut(log!, 5);
      const [opened] = (await Deno.readTextFile(log!)).split("\n");
      const store = new JsonlEventStore(join(run, "discussions"), { durable: false });
      const discussion = await Discussion.open(JSON.parse(opened!).data, environmentWith({ store }));
      await discussion.abort("<b>No one</b> came.");
      await store.close();
      return run;
    },
    discussions: 4,
    compared: 3,
    says: /3 of 4 discussions \(left out: 1 aborted\)/,
  },
  "with models that answered no request": {
    async made(cwd) {
      const fault: StubFault = { kind: "answer", status: 400, body: { error: { message: "<b>no</b>" } } };
      await using stub = startOpenAiStub({ fault: () => fault });
      return await held(
        cwd,
        experiment(`{ adapter: openai, model: stub-model, baseUrl: "${stub.baseUrl}" }`),
        3,
      );
    },
    discussions: 3,
    compared: 0,
    says: /0 of 3 discussions \(left out: 3 not finished\)/,
  },
  "with a damaged log": {
    async made(cwd) {
      const run = await held(cwd, COMPARED);
      const [log] = await logsOf(run);
      const text = await Deno.readTextFile(log!);
      await Deno.writeTextFile(log!, text.replace('"participant":"', '"participant":"X'));
      return run;
    },
    discussions: 3,
    compared: 3,
    says: /3 of 4 discussions \(left out: 1 with a damaged log\).*Damaged: 1 log/s,
  },
  "with a log that is damaged from its first line": {
    async made(cwd) {
      const run = await held(cwd, COMPARED);
      await Deno.writeTextFile((await logsOf(run))[0]!, "{}\n");
      return run;
    },
    discussions: 3,
    compared: 3,
    says: /3 of 4 discussions \(left out: 1 with a damaged log\)/,
  },
  "with an older manifest that has no analysis": {
    async made(cwd) {
      const run = await held(cwd, COMPARED);
      const manifest = JSON.parse(await Deno.readTextFile(join(run, "manifest.json")));
      delete manifest.analysis;
      await Deno.writeTextFile(join(run, "manifest.json"), JSON.stringify(manifest));
      return run;
    },
    discussions: 4,
    compared: 4,
    says: /No question was declared/,
  },
  "with logs of other experiments, one of them forked": {
    async made(cwd) {
      const run = await held(cwd, experiment(SCRIPTED));
      for (const log of await logsOf(run)) await Deno.remove(log);
      for await (const { name } of Deno.readDir(GOLDEN)) {
        await Deno.copyFile(join(GOLDEN, name), join(run, "discussions", name));
      }
      return run;
    },
    discussions: 3,
    compared: 3,
    says: /Forked from others ?1 discussion/,
  },
  "with two passes, all types of scales, and a scale with the name of a built-in outcome": {
    async made(cwd) {
      const run = await held(cwd, judgedExperiment(SCRIPTED, 2));
      for (const pass of ["first", "second"]) {
        const file = join(cwd, `${pass}.yaml`);
        await Deno.writeTextFile(file, MANY_SCALES.replace("PASS", pass));
        const { code, stderr } = await runHere("annotate", run, "--with", file, "--quiet");
        assert.equal(code, 0, stderr);
      }
      return run;
    },
    discussions: 4,
    compared: 4,
    says: /first\/words.*second\/words/,
  },
};

/** Scales that get valid and invalid answers. */
const MANY_SCALES = `
models: { judge: { adapter: scripted, annotatorReplies: ["1", "for", "yes", "3", "no", "against", "hm"] } }
pass: PASS
annotators: { model: judge, personas: [{ name: Rita }, { name: Sam }] }
scales:
  mood: { type: ordinal, min: 1, max: 3, question: How friendly? }
  words: { type: interval, min: 0, max: 10, question: How many words? }
  stance: { type: nominal, labels: [for, against], question: Which side? }
  rude: { type: boolean, question: Is it rude? }
  why: { type: text, maxLength: 20, question: Why? }
`;

for (const [what, { made, discussions, compared, says }] of Object.entries(DEGENERATE)) {
  Deno.test(`report describes a run ${what}`, () =>
    inFolder(async (cwd) => {
      const written = await reported(await made(cwd));
      assert.deepEqual([written.note.discussions, written.note.compared], [discussions, compared]);
      assert.match(textOf(written), says);
    }));
}

Deno.test("report describes a run in progress, and a killed run", () =>
  inFolder(async (cwd) => {
    const { promise: isStuck, resolve: stuck } = Promise.withResolvers<void>();
    const fault = (_: unknown, index: number): StubFault | null => {
      if (index < ANSWERED) return null;
      stuck();
      return { kind: "silence" };
    };
    await using stub = startOpenAiStub({ fault });
    const model = `{ adapter: openai, model: stub-model, baseUrl: "${stub.baseUrl}" }`;
    await Deno.writeTextFile(join(cwd, "e.yaml"), judgedExperiment(model, 2));
    const child = startProgram(["run", "e.yaml", "--out", "run"], { cwd });
    await Promise.race([isStuck, child.status]);
    const says = /0 of 4 discussions \(left out: 4 not finished\)/;
    const sofar = reported(join(cwd, "run"));
    await sofar.finally(() => child.kill("SIGKILL"));
    assert.equal((await ended(child)).signal, "SIGKILL");
    assert.match(textOf(await sofar), says);
    assert.match(textOf(await reported(join(cwd, "run"))), says);
  }));

Deno.test("report needs neither the models of a run nor the code of their adapters", () =>
  inFolder(async (cwd) => {
    const adapter =
      `export default { create: () => ({ generate: () => Promise.resolve({ text: "Yes.", finishReason: "stop" }) }) };`;
    await Deno.writeTextFile(join(cwd, "mine.ts"), adapter);
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: ./mine.ts }"));
    // The run is made by a separate process, because this process would remember the loaded file.
    const { code, stderr } = await runProgram(["run", "e.yaml", "--out", "run", "--quiet"], { cwd });
    assert.equal(code, 0, stderr);
    await Deno.remove(join(cwd, "mine.ts"));
    const { note, files } = await reported(join(cwd, "run"));
    assert.equal(note.compared, 3);
    assert.match(files.get("report.md")!, /without its code \.\/mine\\\.ts/);
  }));
