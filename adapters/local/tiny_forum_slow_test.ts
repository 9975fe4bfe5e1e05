/** Checks the promises of the quickstart model's card with text that the model generates. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { readStream } from "../../core/engine/mod.ts";
import { type DiscussionEvent, eventOf, type Sampling } from "../../core/events/mod.ts";
import type { AdapterOptions, Message } from "../../core/ports/mod.ts";
import { openDraw } from "../../core/random/mod.ts";
import { transformersAdapter } from "../models/transformers/adapter.ts";
import { folderRun } from "../stores/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { readExperiment } from "./load_experiment.ts";
import { nativeSha256, systemClock } from "../system.ts";
import { runExperiment } from "./run_experiment.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures", import.meta.url));
const BYTES_MAX = 4_000_000;
/** More replications than the quickstart has, so that chance has little effect on the test. */
const REPLICATIONS = 10;
const SHUFFLES = 10_000;
/** The largest probability that chance alone gives such a result. */
const CHANCE = 0.01;

/** The share of random rearrangements with at least the observed statistic; never zero. */
function shareByChance(observed: number, rearranged: (shuffle: number) => number): number {
  let asGood = 1;
  for (let shuffle = 0; shuffle < SHUFFLES; shuffle++) if (rearranged(shuffle) >= observed) asGood++;
  return asGood / (SHUFFLES + 1);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Ranks from 1. Equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) =>
    values.filter((other) => other < value).length +
    (values.filter((other) => other === value).length + 1) / 2
  );
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const products = (x: readonly number[], y: readonly number[], meanX: number, meanY: number) =>
    x.reduce((sum, value, index) => sum + (value - meanX) * (y[index]! - meanY), 0);
  const spread = Math.sqrt(products(a, a, meanA, meanA) * products(b, b, meanB, meanB));
  return spread === 0 ? 0 : products(a, b, meanA, meanB) / spread;
}

type Rated = Readonly<{ messages: readonly Message[]; toxicity: number }>;

/** Asks the model all questions at once, or one question after the other. */
async function repliesTo(
  questions: readonly (readonly Message[])[],
  { sampling, options = {}, atOnce = true }: Readonly<{
    sampling: Sampling;
    options?: AdapterOptions;
    atOnce?: boolean;
  }>,
): Promise<string[]> {
  const spec = { adapter: "transformers", sampling: {}, options: { model: "models/tiny-forum", ...options } };
  const model = await transformersAdapter.create(spec, {
    env: () => undefined,
    clock: systemClock,
    folder: FIXTURES,
  });
  const origin = { discussion: "held out", turn: 0, speaker: "Robin", role: "participant" } as const;
  const ask = async (messages: readonly Message[], seed: number) => {
    const request = { messages, sampling, seed, origin };
    return (await model.generate(request, new AbortController().signal)).text;
  };
  try {
    if (atOnce) return await Promise.all(questions.map(ask));
    const texts: string[] = [];
    for (const [seed, messages] of questions.entries()) texts.push(await ask(messages, seed));
    return texts;
  } finally {
    await model.close!();
  }
}

const ratings = (lines: readonly Rated[]) =>
  repliesTo(lines.map(({ messages }) => messages), { sampling: { temperature: 0, maxTokens: 4 } });

Deno.test("tiny-forum gives the same replies in a batch as one by one, with and without reused prefixes", async () => {
  const questions = Array.from({ length: 32 }, (_, index): Message[] => [
    { role: "system", content: `You are taking part in an online discussion.\n\nYou are Vera.` },
    {
      role: "user",
      content: "The last comments of the discussion:\n\n" +
        `Mia: The market square should be free of cars.\n\nSven: Number ${index}. ${
          "No, never. ".repeat(index % 7)
        }\n\n` +
        "It is your turn, Vera. Write only your own comment.",
    },
  ]);
  const sampling = { temperature: 0.8, topP: 0.95, maxTokens: 30 };
  const alone = await repliesTo(questions, { sampling, options: { prefixMegabytes: 0 }, atOnce: false });
  for (const prefixMegabytes of [0, 64]) {
    assert.deepEqual(await repliesTo(questions, { sampling, options: { prefixMegabytes } }), alone);
  }
});

Deno.test("tiny-forum rates comments that were not in its training data better than chance", async () => {
  const file = await Deno.readTextFile(join(FIXTURES, "models/tiny-forum/held_out.jsonl"));
  const lines: Rated[] = file.trim().split("\n").map((line) => JSON.parse(line));
  const answers = await ratings(lines);
  for (const answer of answers) assert.match(answer, /^[1-5]$/);
  const rated = ranks(answers.map(Number));
  const toxicity = ranks(lines.map(({ toxicity }) => toxicity));
  const byChance = shareByChance(
    correlation(rated, toxicity),
    (shuffle) =>
      correlation(rated, openDraw("ratings", "shuffle", shuffle).sample(toxicity, toxicity.length)),
  );
  assert.ok(byChance < CHANCE, `chance alone does as well with a probability of ${byChance}`);
});

type Held = Readonly<{ condition: string; replicate: number; texts: readonly string[] }>;

async function heldIn(folder: string): Promise<Held[]> {
  const { store } = await folderRun(folder).read();
  const held: Held[] = [];
  for await (const stream of store.streams()) {
    const events: DiscussionEvent[] = [];
    for await (const envelope of readStream(store, stream, nativeSha256)) events.push(eventOf(envelope));
    const opened = events.find((event) => event.type === "DiscussionOpened")!;
    const texts = events.filter((event) => event.type === "TurnTaken").map(({ data }) => data.text);
    held.push({ ...opened.data, texts });
  }
  return held;
}

/** Two rules that measure how heated a comment is, without the model. */
const HEAT: Readonly<Record<string, (text: string) => number>> = {
  "exclamation marks": (text) => text.split("!").length - 1,
  "rude words": (text) =>
    text.match(/\b(?:stupid|ridiculous|dumb|idiot|moron|fool|liar|nonsense|rubbish|shut up|hate)/gi)
      ?.length ?? 0,
};

function assertCalmer(held: readonly Held[], name: string, heat: (text: string) => number): void {
  const gaps = held.filter(({ condition }) => condition === "none").map(({ replicate, texts }) => {
    const moderated = held.find((other) => other.condition === "gentle" && other.replicate === replicate)!;
    return mean(texts.map(heat)) - mean(moderated.texts.map(heat));
  });
  assert.ok(mean(gaps) > 0, `${name}: ${mean(gaps)}`);
  // If the moderator has no effect, both signs of a pair's gap are equally likely.
  const byChance = shareByChance(mean(gaps), (shuffle) => {
    const draw = openDraw(name, "signs", shuffle);
    return mean(gaps.map((gap) => draw.below(2) === 0 ? gap : -gap));
  });
  assert.ok(byChance < CHANCE, `${name}: chance alone does as well with a probability of ${byChance}`);
}

/** The words that the model can know: the words of its corpus and of the experiment's files, with their plurals. */
async function knownWords(): Promise<ReadonlySet<string>> {
  const files = ["topics.py", "phrases.py", "people.py"].map((name) => `models/make/${name}`);
  const own = ["openings.yaml", "personas.json", "experiment.yaml"].map((name) => `quickstart/${name}`);
  const texts = await Promise.all([...files, ...own].map((name) => Deno.readTextFile(join(FIXTURES, name))));
  return new Set(texts.flatMap(wordsOf).flatMap((word) => [word, `${word}s`]));
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}']+/gu) ?? [];

Deno.test("the quickstart's discussions are readable, and calmer with a moderator", () =>
  inFolder(async (folder) => {
    const out = join(folder, "run");
    const path = join(FIXTURES, "quickstart/experiment.yaml");
    // This test checks only comments, so it removes the annotation.
    const text = (await Deno.readTextFile(path)).replace(
      /replications: \d+/,
      `replications: ${REPLICATIONS}`,
    ).replace(/^annotation:[^]*/m, "");
    const outcome = await runExperiment(await readExperiment({ path, text, folder: dirname(path) }), { out });
    assert.equal(outcome.planned, 2 * REPLICATIONS);
    assert.equal(outcome.ended, outcome.planned);
    const held = await heldIn(out);
    for (const [name, heat] of Object.entries(HEAT)) assertCalmer(held, name, heat);

    const texts = held.flatMap(({ texts }) => texts);
    assert.equal(texts.length, held.length * 10);
    const known = await knownWords();
    const unreadable = texts.filter((text) =>
      !/^\p{Lu}[^]*[.!?]$/u.test(text) || wordsOf(text).some((word) => !known.has(word))
    );
    assert.ok(unreadable.length <= 0.1 * texts.length, unreadable.join("\n"));
  }));

Deno.test("tiny-forum's model file has at most 4 MB", async () => {
  const { size } = await Deno.stat(join(FIXTURES, "models/tiny-forum/onnx/model.onnx"));
  assert.ok(size <= BYTES_MAX, `${size} bytes`);
});
