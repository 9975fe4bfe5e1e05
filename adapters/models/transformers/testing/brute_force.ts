/** Probabilities of texts from single, uncached steps of a model: what choices are checked against. */
import { Tensor } from "@huggingface/transformers";
import type { ModelRequest } from "../../../../core/ports/model.ts";
import { type LoadedModel, loadModel } from "../load.ts";

/** The bytes of a text: the random model's tokens. */
export function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

/** Loads a random model into this thread. */
export function loadHere(folder: string): Promise<LoadedModel> {
  return loadModel({
    model: `${folder}/model`,
    isLocal: true,
    cacheFolder: folder,
    revision: "main",
    dtype: "fp32",
    device: "cpu",
    threads: 1,
    batch: 1,
    prefixMegabytes: 0,
  });
}

/**
 * How likely a text is as the continuation of a prompt and of what was said already: token by token, each from a step
 * that computes everything anew.
 *
 * @param texts What was said already, and what comes then.
 */
export async function likelihood(
  { forward, encodePrompt }: LoadedModel,
  { messages }: ModelRequest,
  { said, next }: Readonly<{ said: string; next: readonly number[] }>,
): Promise<number> {
  let ids = [...encodePrompt(messages), ...bytesOf(said)];
  let product = 1;
  for (const token of next) {
    const { logits } = await forward({
      input_ids: integers(ids),
      attention_mask: integers(ids.map(() => 1)),
      position_ids: integers(ids.map((_, position) => position)),
    });
    const { data, dims } = logits!;
    const last = [...(data as Float32Array).slice(-dims.at(-1)!)].map(Math.exp);
    product *= last[token]! / last.reduce((sum, weight) => sum + weight, 0);
    ids = [...ids, token];
  }
  return product;
}

function integers(values: readonly number[]): Tensor {
  return new Tensor("int64", BigInt64Array.from(values.map(BigInt)), [1, values.length]);
}
