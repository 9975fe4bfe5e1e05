/** Loading a model with Transformers.js. Runs in the worker alone. */
import {
  AutoModelForCausalLM,
  AutoTokenizer,
  env,
  LogLevel,
  type PreTrainedTokenizer,
} from "@huggingface/transformers";
import type { Message } from "../../../core/ports/model.ts";
import type { Forward } from "./batch.ts";
import { setChatTemplate, tryChatTemplate } from "./chat_template.ts";
import { loadFailure } from "./load_failure.ts";
import type { LoadOrder } from "./protocol.ts";
import type { Vocabulary } from "./row.ts";
import type { SamplerSettings } from "./sampler.ts";

/** Tokens of prompt and reply together, for models that do not say what they were trained for. */
const CONTEXT_DEFAULT = 2048;

/** Where models of different families say how long their context is. */
const CONTEXT_NAMES = ["max_position_embeddings", "n_positions", "max_seq_len", "n_ctx"];

/** A model that is ready. */
export type LoadedModel = Readonly<{
  forward: Forward;
  vocabulary: Vocabulary;
  /** Tokens of prompt and reply together, at most. */
  context: number;
  /** How tokens are drawn where a request does not say. */
  sampler: SamplerSettings;
  /** The tokens of a whole prompt, by the model's chat template. */
  encodePrompt: (messages: readonly Message[]) => readonly number[];
  /** The tokens of a text that stands alone, none of them special. */
  encodeText: (text: string) => readonly number[];
  dispose: () => Promise<void>;
}>;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Loads a model and its tokenizer.
 *
 * @param order Which, and how.
 * @throws {ModelError} When it cannot be used.
 */
export async function loadModel(order: LoadOrder): Promise<LoadedModel> {
  try {
    return await load(order);
  } catch (error) {
    throw await loadFailure(error, order);
  }
}

async function load(order: LoadOrder): Promise<LoadedModel> {
  const { model: name, isLocal, cacheFolder, revision, dtype, device, threads } = order;
  // Errors of the library are told by the library's callers; its own log would hold whole prompts.
  env.logLevel = LogLevel.NONE;
  env.allowLocalModels = isLocal;
  env.allowRemoteModels = !isLocal;
  env.localModelPath = "";
  env.cacheDir = cacheFolder;
  env.useFSCache = !isLocal;
  const source = { revision, local_files_only: isLocal };
  const tokenizer = await AutoTokenizer.from_pretrained(name, source);
  await setChatTemplate(tokenizer, order);
  tryChatTemplate((messages) => encodePrompt(tokenizer, messages), order);
  const model = await AutoModelForCausalLM.from_pretrained(name, {
    ...source,
    dtype,
    device,
    // ONNX Runtime finds what lies beside a file by itself; the library would only see whether it is there.
    ...(isLocal ? { use_external_data_format: false } : {}),
    session_options: {
      logSeverityLevel: 4,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    },
  });
  const config = model.config as unknown as Fields;
  const generation = (model.generation_config ?? {}) as unknown as Fields;
  return {
    forward: (inputs) => model.forward(inputs),
    vocabulary: {
      endTokens: endTokensOf([config, generation], tokenizer),
      decode: (tokens) =>
        tokens.length === 0 ? "" : tokenizer.decode([...tokens], { skip_special_tokens: true }),
    },
    context: contextOf(config, tokenizer),
    sampler: {
      temperature: numberOr(generation.temperature, 1),
      topK: order.topK ?? numberOr(generation.top_k, 0),
      topP: numberOr(generation.top_p, 1),
      minP: order.minP ?? numberOr(generation.min_p, 0),
      repetitionPenalty: order.repetitionPenalty ?? numberOr(generation.repetition_penalty, 1),
    },
    encodePrompt: (messages) => encodePrompt(tokenizer, messages),
    encodeText: (text) =>
      text === "" ? [] : tokenizer.encode(withoutSpecial(text, tokenizer), { add_special_tokens: false }),
    dispose: async () => void await model.dispose(),
  };
}

function encodePrompt(tokenizer: PreTrainedTokenizer, messages: readonly Message[]): readonly number[] {
  const harmless = messages.map(({ role, content }) => ({
    role,
    content: withoutSpecial(content, tokenizer),
  }));
  const encode = (conversation: Message[]) =>
    tokenizer.apply_chat_template(conversation, {
      add_generation_prompt: true,
      tokenize: true,
      return_tensor: false,
      return_dict: false,
    }) as number[];
  try {
    return encode(harmless);
  } catch (error) {
    // Some templates know no system message: it then goes in front of what the user says.
    const [system, user, ...rest] = harmless;
    if (system?.role !== "system" || user?.role !== "user") throw error;
    return encode([{ role: "user", content: `${system.content}\n\n${user.content}` }, ...rest]);
  }
}

/** Comments are hostile text: what a model takes for the end of a message must not come from within one. */
function withoutSpecial(content: string, tokenizer: PreTrainedTokenizer): string {
  let harmless = content;
  for (const token of tokenizer.all_special_tokens) {
    if (token.length > 1) harmless = harmless.replaceAll(token, `${token[0]} ${token.slice(1)}`);
  }
  return harmless;
}

function endTokensOf(configs: readonly Fields[], tokenizer: PreTrainedTokenizer): ReadonlySet<number> {
  const own = tokenizer.eos_token === undefined
    ? []
    : tokenizer.encode(tokenizer.eos_token, { add_special_tokens: false });
  const named = configs.flatMap(({ eos_token_id: id }) => Array.isArray(id) ? id : [id]);
  return new Set([...own, ...named].filter((id) => typeof id === "number"));
}

function contextOf(config: Fields, { model_max_length: tokens }: PreTrainedTokenizer): number {
  const learnt = CONTEXT_NAMES.map((name) => config[name]).find((length) => typeof length === "number");
  return Math.min(numberOr(learnt, CONTEXT_DEFAULT), numberOr(tokens, Infinity));
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" && !Number.isNaN(value) ? value : otherwise;
}
