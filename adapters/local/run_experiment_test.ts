import assert from "node:assert/strict";
import { join } from "node:path";
import type { ModelAdapter } from "../../core/ports/mod.ts";
import { readStream } from "../../core/engine/mod.ts";
import { type DiscussionEvent, eventOf } from "../../core/events/mod.ts";
import { headOf, RunError } from "../../core/run_log/mod.ts";
import { folderRun } from "../stores/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { loadExperiment, readExperiment } from "./load_experiment.ts";
import { nativeSha256 } from "../system.ts";
import { prepareRun, runExperiment } from "./run_experiment.ts";

/** A model that replies with its options. */
const telling: ModelAdapter = {
  serviceOptions: ["address"],
  create: ({ options: { weights, address } }) => ({
    generate: ({ sampling: { temperature } }) =>
      Promise.resolve({ text: `${weights} at ${address}, ${temperature}`, finishReason: "stop" }),
  }),
};

type Parts = Readonly<{ model: string; design: string; turns?: number }>;

async function load(folder: string, { model, design, turns = 2 }: Parts) {
  const file = join(folder, "experiment.yaml");
  await Deno.writeTextFile(
    file,
    `
name: local
seed: 5
models: { talker: { adapter: telling, ${model} } }
participants: { model: talker, personas: [{ name: Ada }, { name: Ben }] }
discussion: { turns: ${turns} }
design: { ${design} }
`,
  );
  return await loadExperiment(file, { adapters: { telling } });
}

async function eventsIn(folder: string): Promise<DiscussionEvent[]> {
  const { store } = await folderRun(folder).read();
  const events: DiscussionEvent[] = [];
  for await (const stream of store.streams()) {
    for await (const envelope of readStream(store, stream, nativeSha256)) events.push(eventOf(envelope));
  }
  return events;
}

async function textsIn(folder: string): Promise<string[]> {
  const texts = (await eventsIn(folder)).map((event) => event.type === "TurnTaken" ? event.data.text : "");
  return [...new Set(texts)].filter((text) => text !== "").sort();
}

Deno.test("runExperiment() asks the model that each condition describes, even if all models share a name", () =>
  inFolder(async (folder) => {
    const model = "weights: none, address: here, temperature: 0";
    const design = "factors: { models.talker.weights: [7B, 14B], models.talker.temperature: [0.2, 1] }";
    const out = join(folder, "run");
    const outcome = await runExperiment(await load(folder, { model, design }), { out });
    assert.deepEqual([outcome.ended, outcome.planned], [4, 4]);
    assert.deepEqual(await textsIn(out), [
      "14B at here, 0.2",
      "14B at here, 1",
      "7B at here, 0.2",
      "7B at here, 1",
    ]);
  }));

Deno.test("runExperiment() resumes a run when a model's address has changed, and logs of discussions contain no address", () =>
  inFolder(async (folder) => {
    const out = join(folder, "run");
    const first = await load(folder, { model: "weights: 7B, address: here", design: "replications: 1" });
    await runExperiment(first, { out });
    const second = await load(folder, { model: "weights: 7B, address: there", design: "replications: 2" });
    const { ended, endedBefore } = await runExperiment(second, { out });
    assert.deepEqual([ended, endedBefore], [2, 1]);
    assert.deepEqual(await textsIn(out), ["7B at here, undefined", "7B at there, undefined"]);
    const opened = (await eventsIn(out)).filter(({ type }) => type === "DiscussionOpened");
    assert.equal(opened.length, 2);
    assert.doesNotMatch(JSON.stringify(opened), /address/);
  }));

Deno.test("runExperiment() refuses a folder with a run of another model", () =>
  inFolder(async (folder) => {
    const out = join(folder, "run");
    await runExperiment(await load(folder, { model: "weights: 7B", design: "replications: 1" }), { out });
    const other = await load(folder, { model: "weights: 14B", design: "replications: 1" });
    await assert.rejects(runExperiment(other, { out }), (error) => {
      assert.ok(error instanceof RunError);
      assert.match(error.message, /models\.talker\.weights: "7B" → "14B"/);
      return error.kind === "other-experiment";
    });
  }));

Deno.test("loadExperiment() refuses conditions that reach one model in two ways", () =>
  inFolder(async (folder) => {
    const design = "factors: { models.talker.address: [here, there] }";
    await assert.rejects(
      load(folder, { model: "weights: 7B, address: here", design }),
      /experiment\.yaml:4:11: models\.talker: the conditions reach the model "talker" in different ways/,
    );
  }));

Deno.test("runExperiment() runs exactly its part of the replicates, and the parts together give the whole run", () =>
  inFolder(async (folder) => {
    const loaded = await load(folder, {
      model: "weights: 7B",
      design: "factors: { discussion.history: [0, 1] }, replications: 5",
    });
    const whole = join(folder, "whole");
    const parts = join(folder, "parts");
    await runExperiment(loaded, { out: whole });
    const sizes: number[] = [];
    for (const index of [1, 2, 3]) {
      const { planned, ended } = await runExperiment(loaded, { out: parts, shard: { index, count: 3 } });
      assert.equal(ended, planned);
      sizes.push(planned);
    }
    assert.deepEqual(sizes, [4, 4, 2]);
    const sorted = async (path: string) =>
      (await eventsIn(path)).map((event) => JSON.stringify(event)).sort();
    assert.deepEqual(await sorted(parts), await sorted(whole));
  }));

Deno.test("runExperiment() writes nothing when a model cannot be created", () =>
  inFolder(async (folder) => {
    const file = join(folder, "experiment.yaml");
    await Deno.writeTextFile(
      file,
      `
name: keyless
seed: 1
models: { far: { adapter: openai, model: m, apiKeyEnv: SYNDISCO_TEST_KEY_THAT_IS_NOT_SET } }
participants: { model: far, personas: [{ name: Ada }, { name: Ben }] }
discussion: { turns: 1 }
`,
    );
    const out = join(folder, "run");
    await assert.rejects(runExperiment(file, { out }), /SYNDISCO_TEST_KEY_THAT_IS_NOT_SET/);
    await assert.rejects(Deno.stat(out), Deno.errors.NotFound);
  }));

Deno.test("runExperiment() warns when a researcher's own code file has changed since the run began", () =>
  inFolder(async (folder) => {
    const file = join(folder, "experiment.yaml");
    const rule = join(folder, "always_first.mjs");
    const out = join(folder, "run");
    const run = async (replications: number, comment: string) => {
      await Deno.writeTextFile(rule, `export default { name: "first", select: () => 0 }; // ${comment}`);
      await Deno.writeTextFile(
        file,
        `
name: own-file
seed: 1
models: { m: { adapter: scripted } }
participants: { model: m, personas: [{ name: Ada }] }
discussion: { turns: 1, turnTaking: ./always_first.mjs }
design: { replications: ${replications} }
`,
      );
      const warnings: string[] = [];
      await runExperiment(file, { out, warn: (message) => warnings.push(message) });
      return warnings;
    };
    assert.deepEqual(await run(1, "then"), []);
    assert.deepEqual(await run(2, "then"), []);
    const [warning, ...others] = await run(3, "now");
    assert.match(warning!, /^\.\/always_first\.mjs has changed since this run began/);
    assert.deepEqual(others, []);
    const { copy } = (await folderRun(out).read()).manifest.code!["./always_first.mjs"]!;
    assert.match(await Deno.readTextFile(join(out, copy)), /then$/);
  }));

Deno.test("runExperiment() resumes a run when the options of its model are in another order", () =>
  inFolder(async (folder) => {
    const parts = { design: "replications: 1", turns: 3 };
    const out = join(folder, "run");
    const stopping = new AbortController();
    const begun = await runExperiment(await load(folder, { ...parts, model: "weights: { a: 1, b: 2 }" }), {
      out,
      stop: stopping.signal,
      notify: ({ kind }) => kind === "recorded" && stopping.abort(),
    });
    assert.equal(begun.ended, 0);
    const turned = await runExperiment(await load(folder, { ...parts, model: "weights: { b: 2, a: 1 }" }), {
      out,
    });
    assert.deepEqual([turned.ended, turned.setAside, turned.cutShort], [1, 0, null]);
  }));

Deno.test("runExperiment() reports an adapter's error as a ModelError", () =>
  inFolder(async (folder) => {
    const experiment = await load(folder, { model: "weights: none", design: "replications: 1" });
    const broken: ModelAdapter = {
      create() {
        throw new TypeError("weights is not a function");
      },
    };
    const out = join(folder, "run");
    await assert.rejects(
      runExperiment({ ...experiment, adapters: new Map([["telling", broken]]) }, { out }),
      {
        name: "ModelError",
        kind: "broken-model",
        message: 'Cannot create the model "talker": its adapter failed: weights is not a function',
      },
    );
  }));

/** An experiment with a used and an unused model. Their adapter identifies their parts. */
function withIdentity(folder: string) {
  const text = `
name: identity
seed: 1
models: { m: { adapter: mine, model: used }, idle: { adapter: mine, model: unused } }
participants: { model: m, personas: [{ name: Ada }] }
discussion: { turns: 1 }
design: { replications: REPLICATIONS }
`;
  const asked: unknown[] = [];
  const run = async (replications: number, weights: string) => {
    const adapter: ModelAdapter = {
      create: () => ({ generate: () => Promise.resolve({ text: "Yes.", finishReason: "stop" }) }),
      identify({ options }) {
        asked.push(options.model);
        return Promise.resolve({ [`${options.model}/weights`]: weights });
      },
    };
    const source = { path: "e.yaml", text: text.replace("REPLICATIONS", String(replications)), folder };
    const out = join(folder, "run");
    await runExperiment(await readExperiment(source, { adapters: { mine: adapter } }), { out });
    return (await folderRun(out).read()).manifest;
  };
  return { run, asked };
}

Deno.test("runExperiment() records the parts of the models that participants use", () =>
  inFolder(async (folder) => {
    const { run, asked } = withIdentity(folder);
    assert.deepEqual((await run(1, "a")).models, { "used/weights": "a" });
    assert.deepEqual(asked, ["used"]);
  }));

Deno.test("runExperiment() refuses to resume a run whose model has changed", () =>
  inFolder(async (folder) => {
    const { run } = withIdentity(folder);
    await run(1, "a");
    await assert.rejects(run(2, "b"), {
      name: "RunError",
      kind: "other-experiment",
      message: /a model has changed since the run began:\n {2}used\/weights\nRestore/,
    });
    const { plan, models } = await run(2, "a");
    assert.deepEqual([plan.replications, models], [2, { "used/weights": "a" }]);
  }));

Deno.test("prepareRun() asks no model, and runExperiment() then runs what it recorded", () =>
  inFolder(async (folder) => {
    const out = join(folder, "run");
    const loaded = await load(folder, { model: "weights: a", design: "replications: 2" });
    const { log, planned } = await prepareRun(loaded, { out });
    assert.equal(planned, 2);
    assert.deepEqual(log.entries.map(({ type }) => type), ["RunCreated"]);
    const prepared = await folderRun(out).read();
    assert.deepEqual(await Array.fromAsync(prepared.store.streams()), []);
    const { ended } = await runExperiment(loaded, { out });
    assert.equal(ended, 2);
    const run = await folderRun(out).read();
    assert.ok(run.log.kind === "kept");
    assert.equal(run.log.log.entries[0]!.hash, headOf(log));
    const changed = await load(folder, { model: "weights: a", design: "replications: 2", turns: 3 });
    await assert.rejects(prepareRun(changed, { out }), RunError);
  }));

const RATED = `
name: rated
seed: 1
models: { m: { adapter: scripted }, person: { adapter: human } }
participants: { model: m, personas: [{ name: Ada }, { name: Ben }] }
discussion: { turns: 2 }
annotation:
  annotators: [{ name: judge, model: m }, { name: Rita, model: person }]
  scales: { toxicity: { type: ordinal, min: 1, max: 5, question: How toxic? } }
`;

Deno.test("runExperiment() refuses a part with an annotator who is a person, and writes nothing", () =>
  inFolder(async (folder) => {
    const loaded = await readExperiment({ path: "rated.yaml", text: RATED, folder });
    const out = join(folder, "parts");
    await assert.rejects(
      runExperiment(loaded, { out, shard: { index: 1, count: 2 } }),
      /Cannot run a part: the annotator "Rita" is a person/,
    );
    await assert.rejects(Deno.stat(out), Deno.errors.NotFound);
  }));
