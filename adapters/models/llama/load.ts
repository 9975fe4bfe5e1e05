/** Loads a model of a GGUF file. Apart from tests, this file is only loaded in the worker. */
import { ModelError } from "../../../core/ports/model.ts";
import type { LoadedModel } from "../shared/model_service.ts";
import { promptEncoder } from "./chat_prompt.ts";
import { fetchModel } from "./fetch_model.ts";
import { openModel } from "./gguf_model.ts";
import { CHUNK_TOKENS } from "./lane.ts";
import { Lanes } from "./lanes.ts";
import { findLibrary } from "./library_files.ts";
import { LlamaContext } from "./llama_context.ts";
import { openLibrary } from "./llama_library.ts";
import type { LoadOrder } from "./options.ts";
import { PromptStates } from "./prompt_states.ts";

const BYTES_PER_MEGABYTE = 1_000_000;

/** Loads a model. Throws a `ModelError` if it cannot be used. */
export async function loadModel(order: LoadOrder): Promise<LoadedModel> {
  const { place, gpu, topK, minP, repetitionPenalty } = order;
  await fetchModel(place);
  const files = await findLibrary(gpu);
  const model = openModel(openLibrary(files), place.paths, files.usesGpu);
  const contexts: LlamaContext[] = [];
  const close = () => {
    for (const context of contexts) context.close();
    model.close();
  };
  try {
    if (model.hasEncoder) {
      throw new ModelError(
        "unknown-model",
        `Cannot use the model "${place.model}": it has an encoder; use a model that only continues texts`,
      );
    }
    const encodePrompt = promptEncoder(model, place.model);
    const tokens = Math.min(order.contextTokens, model.trainedTokens);
    // A thread on a core that other programs use slows down all threads of a step. So by default, half of the cores
    // stay free.
    const threads = order.threads ?? Math.max(1, Math.floor(navigator.hardwareConcurrency / 2));
    const count = Math.min(order.contexts, order.batch, threads);
    const sequences = Math.ceil(order.batch / count);
    while (contexts.length < count) {
      contexts.push(
        new LlamaContext(model, {
          sequences,
          tokens,
          stepTokens: Math.max(CHUNK_TOKENS, sequences),
          threads: Math.floor(threads / count),
        }),
      );
    }
    const states = new PromptStates(order.prefixMegabytes * BYTES_PER_MEGABYTE);
    const lanes = new Lanes(contexts.map((context) => ({ context, sequences, states })));
    return {
      vocabulary: {
        endTokens: model.endTokens(),
        decode: (tokens) => tokens.length === 0 ? "" : model.decode(tokens),
        encodeText: (text) => text === "" ? [] : model.encode(text, false),
      },
      context: tokens,
      sampler: { temperature: 1, topK, topP: 1, minP, repetitionPenalty },
      encodePrompt,
      answer: (row) => lanes.answer(row),
      dispose() {
        close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    // When the worker ends, native memory is not freed.
    close();
    throw error;
  }
}
