/** Loads a model that returns vectors of texts. Apart from tests, this file is only loaded in the worker. */
import { join } from "node:path";
import { AutoModel, AutoTokenizer } from "npm:@huggingface/transformers@4.3.1";
import { ModelError } from "../../../core/ports/model.ts";
import { contextOf, type Fields, loadFailure, prepareLibrary, textOf, weightSource } from "./load.ts";
import type { LoadOrder } from "./options.ts";
import { type HiddenStates, pooled, type Pooling } from "./pooling.ts";

/** The vectors of texts, how many texts were cut, and how many tokens the model read. */
export type EmbeddedTexts = Readonly<{ vectors: Float32Array[]; cut: number; tokens: number }>;

/** A loaded model. */
export type Embedder = Readonly<{
  embed: (texts: readonly string[]) => Promise<EmbeddedTexts>;
  dispose: () => Promise<void>;
}>;

/** Where models of the library Sentence Transformers say how their vectors are made. */
const POOLING_FILE = "1_Pooling/config.json";

type Encoded = Readonly<{ input_ids: number[][] }>;

/** Loads a model and its tokenizer. Throws a `ModelError` if the model cannot be used. */
export async function loadEmbedder(order: LoadOrder): Promise<Embedder> {
  try {
    return await load(order);
  } catch (error) {
    throw await loadFailure(error, order);
  }
}

async function load(order: LoadOrder): Promise<Embedder> {
  prepareLibrary(order);
  if (order.isLocal) await refuseOtherPooling(order);
  const tokenizer = await AutoTokenizer.from_pretrained(order.model, {
    revision: order.revision,
    local_files_only: order.isLocal,
  });
  const model = await AutoModel.from_pretrained(order.model, weightSource(order));
  const context = contextOf(model.config as unknown as Fields, tokenizer);
  return {
    async embed(texts) {
      const whole = tokenizer([...texts], { return_tensor: false }) as unknown as Encoded;
      const cut = whole.input_ids.filter((ids) => ids.length > context).length;
      const inputs = tokenizer([...texts], { padding: true, truncation: true, max_length: context });
      const output = await model(inputs) as Record<string, HiddenStates | undefined>;
      const hidden = output.last_hidden_state ?? output.token_embeddings;
      if (hidden === undefined) throw noVectors(order, Object.keys(output));
      const masks = (inputs.attention_mask.tolist() as bigint[][]).map((mask) => mask.map(Number));
      const tokens = masks.flat().reduce((sum, one) => sum + one, 0);
      return { vectors: pooled(hidden, masks, order.pooling), cut, tokens };
    },
    dispose: async () => void await model.dispose(),
  };
}

/** A wrong pooling would give vectors that look right. */
async function refuseOtherPooling({ model, pooling }: LoadOrder): Promise<void> {
  const text = await textOf(join(model, POOLING_FILE));
  if (text === null) return;
  const modes: Fields = JSON.parse(text);
  const own: Readonly<Record<Pooling, string>> = {
    mean: "pooling_mode_mean_tokens",
    cls: "pooling_mode_cls_token",
  };
  // If a model asks for several modes, its vectors are joined from the vectors of each.
  const asked = Object.keys(modes).filter((key) => key.startsWith("pooling_mode_") && modes[key] === true);
  const wanted = (Object.keys(own) as Pooling[]).find((name) => asked.length === 1 && asked[0] === own[name]);
  if (wanted === pooling) return;
  throw new ModelError(
    "unknown-model",
    `Cannot use the model in "${model}" with pooling: ${pooling}: its ${POOLING_FILE} ` +
      (wanted === undefined
        ? "asks for a pooling that is not offered; use another model"
        : `asks for ${wanted}; set pooling: ${wanted}`),
  );
}

function noVectors({ model }: LoadOrder, outputs: readonly string[]): ModelError {
  return new ModelError(
    "unknown-model",
    `Cannot make vectors of texts with the model "${model}": its outputs are ${
      outputs.join(", ")
    }; use an embedding ` +
      "model that was exported for feature extraction, with the output last_hidden_state",
  );
}
