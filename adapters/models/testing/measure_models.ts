/**
 * Measures local models with requests as discussions send them. All models take turns in one run, so that other
 * programs disturb all of them alike. It measures:
 *
 * - the tokens written in a second with several discussions at once, as multiples of PyTorch's (one request at a time,
 *   bfloat16), and as shares of the processor's limit;
 * - the time of the first token with a new and a known prompt;
 * - the memory.
 *
 *     deno run -A --lock=deno.lock adapters/models/testing/measure_models.ts \
 *       [--gguf FILE] [--onnx FOLDER] [--pytorch FOLDER] …
 *
 * Without --pytorch, there is no comparison and no limit. `PYTHON` names a Python with torch and transformers.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { AdapterOptions, Model, ModelAdapter } from "../../../core/ports/model.ts";
import { llamaAdapter } from "../llama/adapter.ts";
import { transformersAdapter } from "../transformers/adapter.ts";
import { weightsFile } from "../transformers/model_files.ts";
import type { Dtype } from "../transformers/options.ts";
import { patientClock } from "../transformers/testing/local_models.ts";
import { ask, discuss, promptOf, textOf, type Work } from "./asked_discussions.ts";
import { type Limits, PyTorch } from "./pytorch.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    gguf: { type: "string" },
    gpu: { type: "string" },
    onnx: { type: "string" },
    dtype: { type: "string", default: "q8" },
    pytorch: { type: "string" },
    threads: { type: "string", default: String(navigator.hardwareConcurrency) },
    at: { type: "string", default: "1,4,16" },
    turns: { type: "string", default: "4" },
    rounds: { type: "string", default: "3" },
    requests: { type: "string", default: "0" },
  },
});
/** How often a known prompt is sent again to measure its first token. The median counts. */
const FIRST_TOKENS = 5;

/** For the time of the first token: how many comments the prompts have. */
const COMMENTS = [2, 30];

/** Requests at once, while memory is measured. */
const TOGETHER = 16;

const PYTORCH = "PyTorch bfloat16";

const threads = Number(options.threads);
const turns = Number(options.turns);
const rounds = Number(options.rounds);
const requests = Number(options.requests);
const at = options.at.split(",").map(Number);

/** `bytes` is the size of the weights. `prompts` are the prompts that the model has had. */
type Measured = Readonly<{ name: string; model: Model; bytes: number; isFloat: boolean; prompts: string[] }>;

const measured: Measured[] = [];
if (options.gguf !== undefined) {
  const gpu = options.gpu ?? false;
  const name = `llama${gpu ? ` (${gpu})` : ""}`;
  // On the processor, a context with one thread is the fastest.
  const own = { model: resolve(options.gguf), gpu, ...gpu === false ? { contexts: threads } : {} };
  measured.push(await opened(llamaAdapter, name, own, options.gguf));
}
if (options.onnx !== undefined) {
  const [folder, dtype] = [resolve(options.onnx), options.dtype as Dtype];
  const file = `${folder}/${weightsFile(dtype)}`;
  measured.push(await opened(transformersAdapter, `transformers ${dtype}`, { model: folder, dtype }, file));
}
const torch = options.pytorch === undefined
  ? null
  : new PyTorch(resolve(options.pytorch), "bfloat16", threads);

async function opened(
  adapter: ModelAdapter,
  name: string,
  own: AdapterOptions,
  weights: string,
): Promise<Measured> {
  const spec = { adapter: name, sampling: {}, options: { threads, batch: Math.max(...at), ...own } };
  const env = (variable: string) => Deno.env.get(variable);
  const model = await adapter.create(spec, { env, clock: patientClock, folder: "/" });
  const prompt = promptOf(0, 0);
  await ask(model, prompt, 2);
  const { size: bytes } = await Deno.stat(weights);
  return { name, model, bytes, isFloat: own.dtype === "fp32", prompts: [textOf(prompt)] };
}

/** The sums of all work of one model with one number of discussions at once. */
type Sum = Omit<Work, "turns">;
const sums = new Map<string, Sum>();
function add(name: string, { read, unknown, written, seconds, cpu }: Sum): void {
  const sum = sums.get(name) ?? { read: 0, unknown: 0, written: 0, seconds: 0, cpu: 0 };
  sums.set(name, {
    read: sum.read + read,
    unknown: sum.unknown + unknown,
    written: sum.written + written,
    seconds: sum.seconds + seconds,
    cpu: sum.cpu + cpu,
  });
}

let limits: Limits | null = null;
async function compareWithPyTorch(work: Work): Promise<void> {
  for (const [messages, tokens] of work.turns) {
    const { seconds, cpu, promptTokens } = await torch!.reply(messages, tokens, true);
    add(PYTORCH, { seconds, cpu, read: promptTokens, unknown: promptTokens, written: tokens });
  }
}
if (torch !== null) await torch.reply(promptOf(0, 0), 4, true); // The first reply is slower.

write(
  `load ${Deno.loadavg()[0]!.toFixed(1)}, ${threads} threads, ${rounds} rounds, ${turns} turns a discussion`,
);
let first = 1;
for (let round = 0; round < rounds; round++) {
  for (const discussions of at) {
    for (const [index, { name, model, prompts }] of measured.entries()) {
      const work = await discuss(model, { first, discussions, turns }, prompts);
      add(`${name}, ${discussions}`, work);
      if (torch !== null && discussions === 1 && index === 0) await compareWithPyTorch(work);
    }
    first += discussions;
  }
  limits = larger(limits, await torch?.limits() ?? null);
}

/** Other programs can only make the processor slower, so the best figures count. */
function larger(one: Limits | null, other: Limits | null): Limits | null {
  if (one === null || other === null) return one ?? other;
  const keys = Object.keys(one) as (keyof Limits)[];
  return Object.fromEntries(keys.map((key) => [key, Math.max(one[key], other[key])])) as Limits;
}

const rateOf = ({ written, seconds }: Sum) => written / seconds;
const base = sums.get(PYTORCH);
write(
  "\n| model, discussions at once | read | not known | written | tokens/s written | × PyTorch | of the limit | processor time a token |",
);
write("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const [name, sum] of sums) {
  const times = base === undefined ? "" : (rateOf(sum) / rateOf(base)).toFixed(2);
  const { read, unknown, written, cpu } = sum;
  const share = limits === null || name === PYTORCH
    ? ""
    : `${(100 * shareOf(name, sum, limits)).toFixed(0)} %`;
  write(
    `| ${name} | ${read} | ${unknown.toFixed(0)} | ${written} | ${
      rateOf(sum).toFixed(1)
    } | ${times} | ${share} | ` +
      `${(1000 * cpu / written).toFixed(1)} ms |`,
  );
}
if (limits !== null) writeLimits(limits);

/**
 * The share of the processor's limit. Each token, read or written, needs two operations for each weight. A step of
 * writing writes one token of every discussion, and reads all weights from the memory once.
 */
function shareOf(
  name: string,
  { unknown, written, seconds }: Sum,
  { weights, floatOperations, integerOperations, bytes }: Limits,
): number {
  const [model, atOnce] = name.split(/, (?=\d+$)/);
  const { bytes: size, isFloat } = measured.find(({ name }) => name === model)!;
  const tokenSeconds = 2 * weights / (isFloat ? floatOperations : integerOperations);
  const stepSeconds = size / bytes / Number(atOnce);
  return (unknown * tokenSeconds + written * Math.max(tokenSeconds, stepSeconds)) / seconds;
}

/** A weight takes part in one multiplication and one addition for each token. */
function writeLimits({ weights, floatOperations, integerOperations, bytes }: Limits): void {
  const giga = (value: number) => (value / 1e9).toFixed(0);
  write(`\n${weights} weights, so ${(2 * weights / 1e6).toFixed(0)} million operations a token`);
  write(
    `a second: ${giga(floatOperations)} billion float operations, ${
      giga(integerOperations)
    } billion of 8-bit ` +
      `integers, ${giga(bytes)} GB of memory read`,
  );
  write(
    `so at most ${(floatOperations / 2 / weights).toFixed(0)} (float) or ${
      (integerOperations / 2 / weights).toFixed(0)
    } (8-bit) tokens a second, read and written together`,
  );
}

for (const { name, model } of measured) {
  for (const comments of COMMENTS) await writeFirstTokens(name, model, comments);
  if (requests > 0) write(`${name}, memory: ${(await memoryOver(model)).join(", ")} MB`);
}

async function writeFirstTokens(name: string, model: Model, comments: number): Promise<void> {
  const [fresh, known]: [number[], number[]] = [[], []];
  let tokens = 0;
  for (let repeat = 0; repeat < FIRST_TOKENS; repeat++) {
    // Each prompt begins differently, so that no part of it is known.
    const [system, user] = promptOf(first, comments, comments);
    const messages = [{ ...system!, content: `Forum ${first++}. ${system!.content}` }, user!];
    for (const times of [fresh, known]) {
      const before = performance.now();
      tokens = (await ask(model, messages, 1)).usage!.promptTokens;
      times.push(performance.now() - before);
    }
  }
  const [newMs, knownMs] = [median(fresh), median(known)];
  write(
    `${name}, first token after a prompt of ${tokens} tokens: ${newMs.toFixed(0)} ms, ${
      knownMs.toFixed(0)
    } ms if it is known (${(100 * knownMs / newMs).toFixed(0)} %)`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** The memory of this process after each quarter of the requests. */
async function memoryOver(model: Model): Promise<number[]> {
  const megabytes: number[] = [];
  for (let quarter = 0; quarter < 4; quarter++) {
    for (let done = 0; done < requests / 4; done += TOGETHER) {
      await Promise.all(Array.from({ length: TOGETHER }, () => ask(model, promptOf(first++, 2), 2)));
    }
    megabytes.push(Math.round(Deno.memoryUsage().rss / 1e6));
  }
  return megabytes;
}

for (const { model } of measured) await model.close!();
await torch?.close();

function write(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
