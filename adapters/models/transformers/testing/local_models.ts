/** Local models of random weights, for tests. */
import { dirname, join } from "node:path";
import type { Clock } from "../../../../core/ports/clock.ts";
import type { AdapterOptions, Model, ModelRequest } from "../../../../core/ports/model.ts";
import { NEVER, question as stubQuestion } from "../../testing/stub_models.ts";
import { transformersAdapter } from "../adapter.ts";
import { type DecoderSize, randomDecoder } from "./random_decoder.ts";

export { NEVER };

/** A clock on which no time passes, and a wait ends only if it is aborted. */
export const patientClock: Clock = {
  now: () => 0,
  sleep: (_ms, signal) =>
    new Promise((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
    ),
};

type LocalModel = Readonly<{ model: Model; folder: string }> & AsyncDisposable;

/** Writes a model of random weights into a temporary folder, and opens it with these options besides `model`. */
export async function localModel(
  options: AdapterOptions = {},
  changes: Changes = {},
  clock: Clock = patientClock,
): Promise<LocalModel> {
  return await modelInFolder(async (folder) => {
    await writeRandomModel(`${folder}/model`, changes);
    return await openOnnx(folder, options, clock);
  });
}

/** Opens the model in the sub-folder `model` of a folder, with these options besides `model`. */
export async function openOnnx(
  folder: string,
  options: AdapterOptions,
  clock: Clock = patientClock,
): Promise<Model> {
  const spec = { adapter: "transformers", sampling: {}, options: { model: "model", ...options } };
  return await transformersAdapter.create(spec, { env: () => undefined, clock, folder });
}

/** A model that `open` writes into a temporary folder. The folder is removed after the model is closed. */
export async function modelInFolder(open: (folder: string) => Promise<Model>): Promise<LocalModel> {
  const folder = await Deno.makeTempDir();
  const model = await open(folder);
  return {
    model,
    folder,
    async [Symbol.asyncDispose]() {
      await model.close!();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

export function question(content: string, changes: Partial<ModelRequest> = {}): ModelRequest {
  return stubQuestion(content, { sampling: { maxTokens: 24 }, ...changes });
}

/** Ends each message, and so each reply. */
const END_TOKEN = "<|im_end|>";

const SPECIAL_TOKENS = ["<|endoftext|>", "<|im_start|>", END_TOKEN];

const CHAT_TEMPLATE =
  "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n" +
  "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/** One token for each byte, and the special ones. */
export const VOCABULARY: number = 256 + SPECIAL_TOKENS.length;

export const TINY: DecoderSize = { layers: 2, heads: 2, headWidth: 8, context: 2048, vocabulary: VOCABULARY };

export type Changes = Readonly<{
  size?: Partial<DecoderSize>;
  /** The contents of changed files by name; `null` for a missing file. */
  files?: Readonly<Record<string, string | Uint8Array | null>>;
  chatTemplate?: false;
  /** Without an end token, every reply has its full length. */
  endToken?: false;
}>;

export async function writeRandomModel(
  folder: string,
  { size, files = {}, chatTemplate, endToken }: Changes = {},
): Promise<void> {
  const whole = { ...TINY, ...size };
  const written: Record<string, string | Uint8Array | null> = {
    "config.json": JSON.stringify(configOf(whole)),
    "generation_config.json": JSON.stringify(
      endToken === false ? {} : { eos_token_id: 256 + SPECIAL_TOKENS.indexOf(END_TOKEN) },
    ),
    "tokenizer.json": JSON.stringify(tokenizer()),
    "tokenizer_config.json": JSON.stringify({
      tokenizer_class: "PreTrainedTokenizerFast",
      ...(endToken === false ? {} : { eos_token: END_TOKEN }),
      pad_token: SPECIAL_TOKENS[0],
      ...(chatTemplate === false ? {} : { chat_template: CHAT_TEMPLATE }),
    }),
    "onnx/model.onnx": randomDecoder(whole),
    ...files,
  };
  for (const [name, content] of Object.entries(written)) {
    await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(join(folder, name), content);
    else if (content !== null) await Deno.writeFile(join(folder, name), content);
  }
}

function configOf({ layers, heads, headWidth, context, vocabulary }: DecoderSize) {
  return {
    model_type: "llama",
    architectures: ["LlamaForCausalLM"],
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: heads,
    head_dim: headWidth,
    hidden_size: heads * headWidth,
    max_position_embeddings: context,
    vocab_size: vocabulary,
  };
}

function tokenizer() {
  const vocab = Object.fromEntries([...byteLetters(), ...SPECIAL_TOKENS].map((token, id) => [token, id]));
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false };
  return {
    version: "1.0",
    added_tokens: SPECIAL_TOKENS.map((content, index) => ({
      id: 256 + index,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: { type: "BPE", vocab, merges: [], unk_token: null, fuse_unk: false, byte_fallback: false },
  };
}

/** GPT-2's characters for bytes: a printable byte stands for itself, and the others get characters from U+0100 on. */
function byteLetters(): string[] {
  const isPrintable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  let others = 0;
  return Array.from(
    { length: 256 },
    (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : 256 + others++),
  );
}
