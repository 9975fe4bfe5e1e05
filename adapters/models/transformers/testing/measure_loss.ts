/**
 * Measures how much worse a model is in each number format than in fp32. The model reads a fixed text in each
 * format that its folder has. Prints a table: the size of the weights, the share of positions where the likeliest
 * next token is the same as in fp32, and the perplexity.
 *
 *     deno run -A --lock=deno.lock adapters/models/transformers/testing/measure_loss.ts FOLDER
 */
import { join, resolve } from "node:path";
import { type Logits, step } from "../forward.ts";
import { type Dtype, DTYPE_SUFFIXES } from "../options.ts";
import { weightsFile } from "../model_files.ts";
import { loadModel } from "../load.ts";

/** The text is read in separate parts of this length, because the logits of all positions take much memory. */
const PART_TOKENS = 256;

type Reading = Readonly<{ likeliest: readonly number[]; perplexity: number }>;

const text = await Deno.readTextFile(join(import.meta.dirname!, "fixed_text.txt"));
const folder = resolve(Deno.args[0]!);
let reference: Reading | null = null;
write("| dtype | weights | same next token as fp32 | perplexity |");
write("| ----- | ------- | ----------------------- | ---------- |");
for (const dtype of Object.keys(DTYPE_SUFFIXES) as Dtype[]) {
  const megabytes = await sizeOf(dtype) / 1e6;
  if (megabytes === 0) continue;
  const found = await read(dtype).catch(({ message }: Error) => message);
  if (typeof found === "string") {
    write(`| ${dtype} | ${megabytes.toFixed(0)} MB | cannot be loaded: ${found} | |`);
    continue;
  }
  if (dtype === "fp32") reference = found;
  const same = found.likeliest.filter((token, index) => token === reference?.likeliest[index]).length;
  const share = reference === null ? "" : `${(100 * same / found.likeliest.length).toFixed(1)} %`;
  write(`| ${dtype} | ${megabytes.toFixed(0)} MB | ${share} | ${found.perplexity.toFixed(2)} |`);
}

async function read(dtype: Dtype): Promise<Reading> {
  const model = await loadModel({
    model: folder,
    isLocal: true,
    cacheFolder: folder,
    revision: "main",
    dtype,
    device: "cpu",
    batch: 1,
    prefixMegabytes: 0,
    pooling: "mean",
  });
  const tokens = model.vocabulary.encodeText(text);
  const likeliest: number[] = [];
  let loss = 0;
  for (let start = 0; start < tokens.length - 1; start += PART_TOKENS) {
    const part = tokens.slice(start, start + PART_TOKENS + 1);
    const ids = part.slice(0, -1);
    const { logits } = await step(model.forward, {
      ids: [ids],
      masks: [ids.map(() => 1)],
      past: null,
      all: true,
    });
    for (const [position, next] of part.slice(1).entries()) {
      const { best, logShare } = readPosition(logits, position, next);
      likeliest.push(best);
      loss -= logShare;
    }
  }
  await model.dispose();
  return { likeliest, perplexity: Math.exp(loss / likeliest.length) };
}

/** The likeliest token after a position, and the natural logarithm of the probability of `next`. */
function readPosition({ data, tokens }: Logits, position: number, next: number) {
  const logits = data.subarray(position * tokens, (position + 1) * tokens);
  let best = 0;
  for (let token = 1; token < tokens; token++) if (logits[token]! > logits[best]!) best = token;
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - logits[best]!);
  return { best, logShare: logits[next]! - logits[best]! - Math.log(total) };
}

/** The bytes of the weights, with their external data; 0 if there are none. */
async function sizeOf(dtype: Dtype): Promise<number> {
  const path = join(folder, weightsFile(dtype));
  const sizes = await Promise.all(
    [path, `${path}_data`, `${path}.data`].map((file) => Deno.stat(file).then(({ size }) => size, () => 0)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function write(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
