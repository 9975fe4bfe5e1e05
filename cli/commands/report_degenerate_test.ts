/** Reports on runs that something is missing from, or wrong with: they say so, and whatever else they can. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StubFault } from "../../adapters/models/testing/faults.ts";
import { startOpenAiStub } from "../../adapters/models/testing/openai_stub.ts";
import { JsonlEventStore } from "../../adapters/stores/mod.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { Discussion } from "../../core/engine/mod.ts";
import { environmentWith } from "../../core/testing/mod.ts";
import { annotatedExperiment, experiment, JUDGE, judgedExperiment } from "../testing/experiments.ts";
import { runHere } from "../testing/in_process.ts";
import { logBytes, runUntil } from "../testing/killed_runs.ts";
import { assertSound, type WrittenReport, writtenReport } from "../testing/written_report.ts";

const GOLDEN = fileURLToPath(new URL("../../fixtures/golden/v1/", import.meta.url));

const SCRIPTED = "{ adapter: scripted }";
const SLOW = "{ adapter: scripted, latencyMs: [50, 60] }";

const COMPARED = judgedExperiment(SCRIPTED, 2);

/** Holds an experiment; gives the folder of its run. */
async function held(cwd: string, text: string, code = 0): Promise<string> {
  await Deno.writeTextFile(join(cwd, "e.yaml"), text);
  const ended = await runHere("run", join(cwd, "e.yaml"), "--out", join(cwd, "run"), "--quiet");
  assert.equal(ended.code, code, ended.stderr);
  return join(cwd, "run");
}

/** Reports on a run, and gives what was written. */
async function reported(run: string, ...args: string[]): Promise<WrittenReport & { stdout: string }> {
  const { code, stdout, stderr } = await runHere("report", run, ...args);
  assert.equal(code, 0, stderr);
  const written = await writtenReport(join(run, "report"));
  assertSound(written);
  return { ...written, stdout };
}

function textOf({ page }: WrittenReport): string {
  return page.querySelector("main")!.textContent.replaceAll(/\s+/g, " ");
}

async function logsOf(run: string): Promise<string[]> {
  const logs = await Array.fromAsync(Deno.readDir(join(run, "discussions")), ({ name }) => name);
  return logs.sort().map((name) => join(run, "discussions", name));
}

/** The first so many lines of a log. */
async function cut(log: string, lines: number): Promise<void> {
  const text = await Deno.readTextFile(log);
  await Deno.writeTextFile(log, text.split("\n").slice(0, lines).map((line) => `${line}\n`).join(""));
}

/** What a run lacks → how it comes about, how many discussions are observed and compared, and what the page says. */
const DEGENERATE: Readonly<
  Record<
    string,
    Readonly<{
      made: (cwd: string) => Promise<string>;
      discussions: number;
      compared: number;
      says: RegExp;
      saysNot?: RegExp;
    }>
  >
> = {
  "one discussion": {
    made: (cwd) => held(cwd, experiment(SCRIPTED).replace("replications: 3", "replications: 1")),
    discussions: 1,
    compared: 1,
    says: /1 discussion/,
  },
  "one condition, and nobody who judges": {
    made: (cwd) => held(cwd, experiment(SCRIPTED)),
    discussions: 3,
    compared: 3,
    says: /3 discussions/,
  },
  "one discussion of each condition": {
    made: (cwd) => held(cwd, judgedExperiment(SCRIPTED, 1)),
    discussions: 2,
    compared: 2,
    says: /there is one|two are needed|at least two/,
  },
  "silence alone": {
    made: (cwd) => held(cwd, judgedExperiment('{ adapter: scripted, replies: ["PASS"] }', 2)),
    discussions: 4,
    compared: 4,
    says: /silent/i,
  },
  "not one reply of annotators that can be read": {
    made: (cwd) => held(cwd, annotatedExperiment('{ adapter: scripted, annotatorReplies: ["No idea."] }')),
    discussions: 3,
    compared: 3,
    says: /24 of 24 questions|48 of 48 questions/,
  },
  "one annotator": {
    made: (cwd) => held(cwd, annotatedExperiment(JUDGE).replace(", { name: Sam, age: 20 }", "")),
    discussions: 3,
    compared: 3,
    says: /one annotator|single annotator|1 annotator/,
  },
  "its end": {
    async made(cwd) {
      const run = await held(cwd, COMPARED);
      const [first, second] = await logsOf(run);
      await cut(first!, 5);
      await cut(second!, 1);
      return run;
    },
    discussions: 4,
    compared: 2,
    says: /Of 4 discussions, 2 were analysed; 2 were not finished\./,
  },
  "the end of a line": {
    async made(cwd) {
      const run = await held(cwd, COMPARED);
      const [log] = await logsOf(run);
      const text = await Deno.readTextFile(log!);
      await Deno.writeTextFile(log!, text.slice(0, text.length / 2));
      return run;
    },
    discussions: 4,
    compared: 3,
    says: /Of 4 discussions, 3 were analysed; 1 was not finished\./,
  },
  "half of an annotation pass": {
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
    says: /./,
  },
  "its end, which was given up": {
    async made(cwd) {
      const run = await held(cwd, COMPARED);
      const [log] = await logsOf(run);
      await cut(log!, 5);
      const [opened] = (await Deno.readTextFile(log!)).split("\n");
      const store = new JsonlEventStore(join(run, "discussions"), { durable: false });
      const discussion = await Discussion.open(JSON.parse(opened!).data, environmentWith({ store }));
      await discussion.abort("<b>Nobody</b> came.");
      await store.close();
      return run;
    },
    discussions: 4,
    compared: 3,
    says: /Of 4 discussions, 3 were analysed; 1 was aborted\./,
  },
  "answers of its models": {
    async made(cwd) {
      const fault: StubFault = { kind: "answer", status: 400, body: { error: { message: "<b>no</b>" } } };
      await using stub = startOpenAiStub({ fault: () => fault });
      return await held(cwd, experiment(`{ adapter: openai, model: m, baseUrl: "${stub.baseUrl}" }`), 3);
    },
    discussions: 3,
    compared: 0,
    says: /Of 3 discussions, 0 were analysed; 3 were not finished\./,
  },
  "no section analysis in its manifest, as older versions made them": {
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
  "logs of other experiments, one of them forked": {
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
    says: /fork/,
  },
  "scales of every type, two passes, and a scale that is called like a figure of discussions": {
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

/** Scales that are answered now validly, now not. */
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

for (const [lack, { made, discussions, compared, says, saysNot }] of Object.entries(DEGENERATE)) {
  Deno.test(`report says what it can of a run with ${lack}`, () =>
    inFolder(async (cwd) => {
      const written = await reported(await made(cwd));
      assert.deepEqual([written.note.discussions, written.note.compared], [discussions, compared]);
      assert.match(textOf(written), says);
      if (saysNot !== undefined) assert.doesNotMatch(textOf(written), saysNot);
    }));
}
