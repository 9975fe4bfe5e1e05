/** The model of the quickstart, at work: what its card promises holds for text that is really generated. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { readStream } from "../../core/engine/mod.ts";
import { type DiscussionEvent, eventOf, type Sampling } from "../../core/events/mod.ts";
import type { AdapterOptions, Message } from "../../core/ports/mod.ts";
import { openDraw } from "../../core/random/mod.ts";
import { transformersAdapter } from "../models/transformers/adapter.ts";
import { readRunFolder } from "../stores/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { readExperiment } from "./load_experiment.ts";
import { nativeSha256, systemClock } from "../system.ts";
import { runExperiment } from "./run_experiment.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures", import.meta.url));
const BYTES_MAX = 4_000_000;
/** More discussions than the quickstart holds, so that chance has little say in what the test finds. */
const REPLICATIONS = 10;
const SHUFFLES = 10_000;
/** How often chance alone may do as well. */
const CHANCE = 0.01;

/** The share of random rearrangements whose statistic is at least the observed statistic; never zero. */
function shareByChance(observed: number, rearranged: (shuffle: number) => number): number {
  let asGood = 1;
  for (let shuffle = 0; shuffle < SHUFFLES; shuffle++) if (rearranged(shuffle) >= observed) asGood++;
  return asGood / (SHUFFLES + 1);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Ranks from 1, equal values share the mean of theirs. */
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

/** Asks the model everything at once, or one question after the other. */
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

Deno.test("tiny-forum answers in a batch as it answers alone, with and without reused prefixes", async () => {
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

Deno.test("tiny-forum rates comments of sentences that it never saw better than chance", async () => {
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
  const { store } = readRunFolder(folder);
  const held: Held[] = [];
  for await (const stream of store.streams()) {
    const events: DiscussionEvent[] = [];
    for await (const envelope of readStream(store, stream, nativeSha256)) events.push(eventOf(envelope));
    const opened = events.find((event) => event.type === "DiscussionOpened")!;
    const texts = events.filter((event) => event.type === "TurnTaken").map(({ data }) => data.text);
    held.push({ ...opened.data, texts });
  }
  await store.close();
  return held;
}

/** How heated comments are, by two rules that the model had no part in. */
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
  // Were the moderator without effect, each pair's gap could as well have the other sign.
  const byChance = shareByChance(mean(gaps), (shuffle) => {
    const draw = openDraw(name, "signs", shuffle);
    return mean(gaps.map((gap) => draw.below(2) === 0 ? gap : -gap));
  });
  assert.ok(byChance < CHANCE, `${name}: chance alone does as well with a probability of ${byChance}`);
}

/** What the model can have learnt: the words of its corpus, with their plurals, and the words of the experiment's files. */
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
    // What is said is looked at; what its annotators make of it is not.
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

Deno.test("tiny-forum is small enough to be kept in the repository", async () => {
  const { size } = await Deno.stat(join(FIXTURES, "models/tiny-forum/onnx/model.onnx"));
  assert.ok(size <= BYTES_MAX, `${size} bytes`);
});
