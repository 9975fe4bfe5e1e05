/** Loads a model with Transformers.js. Apart from tests, this file is only loaded in the worker. */
import { join } from "node:path";
import {
  AutoModelForCausalLM,
  AutoTokenizer,
  env,
  LogLevel,
  type PreTrainedTokenizer,
  Processor,
} from "npm:@huggingface/transformers@4.3.1";
import { type Message, ModelError } from "../../../core/ports/model.ts";
import { isMissing } from "../../path_info.ts";
import type { LoadedModel } from "../shared/model_service.ts";
import { reasonOf } from "../shared/protocol.ts";
import type { Forward } from "./forward.ts";
import { SMALL_FILES, TEMPLATE_FILES, weightsFile } from "./model_files.ts";
import type { LoadOrder } from "./options.ts";

/** The context of a model that does not state its own, in tokens of prompt and reply together. */
const CONTEXT_DEFAULT = 2048;

const CONTEXT_NAMES = ["max_position_embeddings", "n_positions", "max_seq_len", "n_ctx"];

/** A loaded model without the function that answers requests. */
export type OnnxModel = Omit<LoadedModel, "answer"> & Readonly<{ forward: Forward }>;

export type Fields = Readonly<Record<string, unknown>>;

/** Loads a model and its tokenizer. Throws a `ModelError` if the model cannot be used. */
export async function loadModel(order: LoadOrder): Promise<OnnxModel> {
  try {
    return await load(order);
  } catch (error) {
    throw await loadFailure(error, order);
  }
}

/** Tells the library where models are, and to be silent: its own log would contain whole prompts. */
export function prepareLibrary({ isLocal, cacheFolder }: LoadOrder): void {
  env.logLevel = LogLevel.NONE;
  env.allowLocalModels = isLocal;
  env.allowRemoteModels = !isLocal;
  env.localModelPath = "";
  env.cacheDir = cacheFolder;
  env.useFSCache = !isLocal;
}

/** Where weights are, and how they are run. */
export function weightSource({ isLocal, revision, dtype, device, threads }: LoadOrder) {
  return {
    revision,
    local_files_only: isLocal,
    dtype,
    device,
    // ONNX Runtime finds external data without the library's help.
    ...(isLocal ? { use_external_data_format: false } : {}),
    session_options: {
      logSeverityLevel: 4 as const,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    },
  };
}

async function load(order: LoadOrder): Promise<OnnxModel> {
  const { model: name, isLocal, revision } = order;
  prepareLibrary(order);
  const tokenizer = await AutoTokenizer.from_pretrained(name, { revision, local_files_only: isLocal });
  await setChatTemplate(tokenizer, order);
  const model = await AutoModelForCausalLM.from_pretrained(name, weightSource(order));
  const config = model.config as unknown as Fields;
  const generation = (model.generation_config ?? {}) as unknown as Fields;
  return {
    forward: (inputs) => model.forward(inputs),
    vocabulary: {
      endTokens: endTokensOf([config, generation], tokenizer),
      decode: (tokens) =>
        tokens.length === 0 ? "" : tokenizer.decode([...tokens], { skip_special_tokens: true }),
      encodeText: (text) =>
        text === "" ? [] : tokenizer.encode(withoutSpecial(text, tokenizer), { add_special_tokens: false }),
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
    // Some templates refuse system messages. Then the system message's text goes before the first user message.
    const [system, user, ...rest] = harmless;
    if (system?.role !== "system" || user?.role !== "user") throw error;
    return encode([{ role: "user", content: `${system.content}\n\n${user.content}` }, ...rest]);
  }
}

/** Breaks special tokens up, so that a comment cannot end its own message. */
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

export function contextOf(config: Fields, { model_max_length: tokens }: PreTrainedTokenizer): number {
  const trained = CONTEXT_NAMES.map((name) => config[name]).find((length) => typeof length === "number");
  return Math.min(numberOr(trained, CONTEXT_DEFAULT), numberOr(tokens, Infinity));
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" && !Number.isNaN(value) ? value : otherwise;
}

/**
 * Sets the chat template, and tests it. Newer models keep the template in a separate file, but Transformers.js
 * alone reads only `tokenizer_config.json`. In a folder, the separate file takes precedence, as in Hugging Face's
 * Python library. On the hub, a separate file is looked for only if `tokenizer_config.json` has no template.
 */
async function setChatTemplate(tokenizer: PreTrainedTokenizer, order: LoadOrder): Promise<void> {
  const own = order.isLocal
    ? await templateInFolder(order.model)
    : tokenizer.chat_template
    ? null
    : await templateOnHub(order);
  if (own !== null) tokenizer.chat_template = own;
  const template = tokenizer.chat_template as unknown;
  const unusable = (reason: string) =>
    new ModelError("unknown-model", `Cannot use the model "${order.model}": ${reason}`);
  if (typeof template === "object" && template !== null && !("default" in template)) {
    throw unusable(`none of its chat templates (${Object.keys(template).join(", ")}) is named default`);
  }
  if (!template) {
    throw unusable("it has no chat template; use a model that is trained to follow instructions");
  }
  try {
    encodePrompt(tokenizer, [{ role: "user", content: "Hello." }]);
  } catch (error) {
    throw unusable(`its chat template fails: ${reasonOf(error)}`);
  }
}

async function templateInFolder(folder: string): Promise<string | null> {
  const [asText, asJson] = await Promise.all(TEMPLATE_FILES.map((name) => textOf(join(folder, name))));
  if (asText != null) return asText;
  if (asJson == null) return null;
  const template: unknown = JSON.parse(asJson)?.chat_template;
  return typeof template === "string" ? template : null;
}

export async function textOf(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Transformers.js downloads a template file only for a `Processor`, so this is a minimal one. */
class TemplateFile extends Processor {
  static override uses_chat_template_file = true;
}

/** The template file of a model on the hub; `null` if the download fails. The caller reports a missing template. */
async function templateOnHub({ model, revision }: LoadOrder): Promise<string | null> {
  return await TemplateFile.from_pretrained(model, { revision }).then(
    ({ chat_template: template }) => template,
    () => null,
  );
}

export async function loadFailure(error: unknown, order: LoadOrder): Promise<ModelError> {
  if (error instanceof ModelError) return error;
  const reason = reasonOf(error);
  return order.isLocal ? await localFailure(reason, order) : hubFailure(error, reason, order);
}

async function localFailure(reason: string, { model, device, dtype }: LoadOrder): Promise<ModelError> {
  const because = (cause: string) =>
    new ModelError("unknown-model", `Cannot load the model in "${model}": ${cause}`);
  const [, data] = /External data path does not exist: "([^"]+)"/.exec(reason) ?? [];
  if (data !== undefined) {
    return because(`the file ${data} is missing; it holds weights; copy it next to ${weightsFile(dtype)}`);
  }
  const damaged = await damagedJson(model);
  if (damaged !== null) return because(`the file ${damaged} is not JSON; copy it again`);
  if (/protobuf parsing failed/i.test(reason)) {
    return because(`the file ${weightsFile(dtype)} is not a complete ONNX model; copy it again`);
  }
  if (/^Unsupported model type/.test(reason)) {
    return because(`${reason}; use a model that this version of Transformers.js supports`);
  }
  const remedy = device === "cpu" ? "" : `; if there is no device ${device}, set device: cpu`;
  return because(`${reason}${remedy}`);
}

async function damagedJson(folder: string): Promise<string | null> {
  for (const name of SMALL_FILES.filter((name) => name.endsWith(".json"))) {
    try {
      JSON.parse(await Deno.readTextFile(join(folder, name)));
    } catch (error) {
      if (error instanceof SyntaxError) return name;
    }
  }
  return null;
}

function hubFailure(error: unknown, reason: string, { model }: LoadOrder): ModelError {
  const failed =
    `Cannot fetch the model "${model}" from the Hugging Face hub (there is no folder with that name)`;
  if (error instanceof Deno.errors.NotCapable) {
    return new ModelError("unknown-model", `${failed}: Deno was started without permission`);
  }
  if (/could not locate|unauthorized|forbidden|not found/i.test(reason)) {
    return new ModelError("unknown-model", `${failed}: ${reason}`);
  }
  return new ModelError(
    "unreachable",
    `${failed}: ${reason}; without a connection, give the folder of a model that you have`,
  );
}
