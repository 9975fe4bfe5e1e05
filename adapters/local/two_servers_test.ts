/** Entries of `models` that differ only in server and prices. Uses real HTTP. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readStream } from "../../core/engine/mod.ts";
import { type DiscussionEvent, eventOf } from "../../core/events/mod.ts";
import { type OpenAiStub, startOpenAiStub } from "../models/testing/openai_stub.ts";
import { folderRun } from "../stores/mod.ts";
import { priceLookUp } from "./price_look_up.ts";
import { readPrices } from "./run_prices.ts";
import { inFolder } from "../testing/in_folder.ts";
import { annotateRun } from "./annotate_run.ts";
import { openDiscussion } from "./open_discussion.ts";
import { loadAnnotation, loadExperiment } from "./load_experiment.ts";
import { nativeSha256 } from "../system.ts";
import { runExperiment } from "./run_experiment.ts";

/** A server that always sends the same reply. Each server has one model, `default`. */
function server(says: string): OpenAiStub & { asked: () => number } {
  let asked = 0;
  const stub = startOpenAiStub({
    models: ["default"],
    onRequest: () => asked++,
    fault: () => ({ kind: "choice", message: { role: "assistant", content: says } }),
  });
  return { ...stub, asked: () => asked };
}

const entry = ({ baseUrl }: OpenAiStub, price: number) =>
  `{ adapter: openai, model: default, baseUrl: "${baseUrl}", prices: { input: ${price}, output: ${price} } }`;

function experiment(
  first: OpenAiStub,
  second: OpenAiStub,
  { design = "", rest = "", turns = 2 } = {},
): string {
  return `
name: two-servers
seed: 1
models:
  first: ${entry(first, 1)}
  second: ${entry(second, 1000)}
participants: { model: first, personas: [{ name: Anna }, { name: Bob }] }
discussion: { turns: ${turns} }
design: { factors: { ${design} } }
${rest}`;
}

async function eventsOf(folder: string): Promise<DiscussionEvent[]> {
  const { store } = await folderRun(folder).read();
  const events: DiscussionEvent[] = [];
  for await (const stream of store.streams()) {
    for await (const envelope of readStream(store, stream, nativeSha256)) events.push(eventOf(envelope));
  }
  return events;
}

/** All replies, each after the name of its model in the log. */
async function saidIn(folder: string): Promise<string[]> {
  const said = (await eventsOf(folder)).flatMap(({ data }) => {
    const { generation, text, values, finding } = data as Record<string, unknown> & {
      generation?: { model: string };
    };
    return generation === undefined
      ? []
      : [`${generation.model}: ${text ?? JSON.stringify(values ?? finding)}`];
  });
  return [...new Set(said)].sort();
}

const PARTICIPANTS = "participants.model: [first, second]";

Deno.test("runExperiment() asks each participant's model at its own server", async () => {
  await using first = server("One.");
  await using second = server("Two.");
  await inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    await Deno.writeTextFile(file, experiment(first, second, { design: PARTICIPANTS }));
    const out = join(folder, "run");
    assert.equal((await runExperiment(file, { out })).ended, 2);
    assert.deepEqual(await saidIn(out), ["first: One.", "second: Two."]);
    assert.deepEqual([first.asked(), second.asked()], [2, 2]);
  });
});

Deno.test("runExperiment() asks a moderator's model at its own server", async () => {
  await using first = server("One.");
  await using second = server("Two.");
  await inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    const moderators = "moderators: { mod: { model: second, schedule: every-turn } }\nmoderator: mod";
    await Deno.writeTextFile(file, experiment(first, second, { rest: moderators }));
    const out = join(folder, "run");
    await runExperiment(file, { out });
    assert.deepEqual(await saidIn(out), ["first: One.", "second: Two."]);
  });
});

const JUDGES = `
annotators: [{ model: first }, { model: second }]
scales: { tone: { type: ordinal, min: 1, max: 5, question: How rude? } }
`;

Deno.test("runExperiment() and annotateRun() ask each annotator's model at its own server", async () => {
  await using first = server("1");
  await using second = server("5");
  await inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    const section = `annotation:${JUDGES.replaceAll("\n", "\n  ")}`;
    await Deno.writeTextFile(
      file,
      experiment(first, second, { design: PARTICIPANTS, rest: section, turns: 1 }),
    );
    const out = join(folder, "run");
    await runExperiment(file, { out });
    const annotated = ['first: {"tone":1}', 'second: {"tone":5}'];
    const judgements = async () => (await saidIn(out)).filter((text) => text.includes("tone"));
    assert.deepEqual(await judgements(), annotated);
    const annotation = join(folder, "a.yaml");
    const models = `models:\n  first: ${entry(second, 1)}\n  second: ${entry(first, 2)}`;
    await Deno.writeTextFile(annotation, `pass: turned\n${models}\n${JUDGES}`);
    await annotateRun(out, await loadAnnotation(annotation, { seed: "1" }));
    // The file of the pass swaps the servers of the two names.
    assert.deepEqual(await judgements(), [
      'first: {"tone":1}',
      'first: {"tone":5}',
      'second: {"tone":1}',
      'second: {"tone":5}',
    ]);
    const pricesFor = priceLookUp(await readPrices(await folderRun(out).read()));
    const spec = (await loadExperiment(file)).plan.at(0).models.first!;
    const priceOf = (model: string, pass: string | null) =>
      pricesFor({ model, pass, spec, usage: undefined })?.input;
    assert.deepEqual([priceOf("first", null), priceOf("second", null)], [1, 1000]);
    assert.deepEqual([priceOf("first", "turned"), priceOf("second", "turned")], [1, 2]);
  });
});

Deno.test("runExperiment() asks each model of a resumed run at the server that the file names now", async () => {
  await using first = server("One.");
  await using second = server("Two.");
  await using moved = server("Moved.");
  await inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    const out = join(folder, "run");
    await Deno.writeTextFile(file, experiment(first, second, { design: PARTICIPANTS, turns: 8 }));
    const stop = new AbortController();
    await runExperiment(file, {
      out,
      stop: stop.signal,
      notify: () => first.asked() > 0 && second.asked() > 0 && stop.abort(),
    });
    await Deno.writeTextFile(file, experiment(first, moved, { design: PARTICIPANTS, turns: 8 }));
    const log = { level: "info" } as const;
    assert.equal((await runExperiment(file, { out, log })).ended, 2);
    assert.deepEqual(await saidIn(out), ["first: One.", "second: Moved.", "second: Two."]);
    const [line] = (await Deno.readTextFile(join(out, "log.jsonl"))).split("\n");
    const { first: one, second: two } = JSON.parse(line!).models;
    assert.deepEqual([one.baseUrl, two.baseUrl], [first.baseUrl, moved.baseUrl]);
  });
});

Deno.test("openDiscussion() asks each model of a design at its own server", async () => {
  await using first = server("One.");
  await using second = server("Two.");
  await inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    await Deno.writeTextFile(file, experiment(first, second, { design: PARTICIPANTS }));
    const loaded = await loadExperiment(file);
    for (const [index, text] of ["One.", "Two."].entries()) {
      const { discussion, close } = await openDiscussion(loaded, index);
      await discussion.advance();
      assert.equal(discussion.state.window.at(-1)!.text, text);
      await close();
    }
  });
});
