/** The functions of llama.cpp that this program calls, as its header `llama.h` declares them. */
import { ModelError } from "../../../core/ports/model.ts";
import { reasonOf } from "../shared/protocol.ts";
import type { LibraryFiles } from "./library_files.ts";

/** The layouts below come from the header of this version of llama.cpp. No other version may be called with them. */
const VERSION = "0.4.0";

/**
 * A structure of 64-bit words that is passed by value. If it has more than two words, only its size and alignment
 * matter.
 */
const words = (count: number) => ({ struct: new Array<"u64">(count).fill("u64") });

const MODEL_PARAMS = words(10);
const CONTEXT_PARAMS = words(20);
const BATCH = words(7);

/** Where the fields of `llama_model_params` and `llama_context_params` are, in bytes. */
export const MODEL_FIELDS = { gpuLayers: 16, vocabularyOnly: 72 } as const;
export const CONTEXT_FIELDS = {
  tokens: 0,
  batch: 4,
  microBatch: 8,
  sequences: 12,
  threads: 28,
  batchThreads: 32,
  flashAttention: 52,
  isUnified: 133,
} as const;

const P = "pointer";

const LLAMA = {
  llama_version: { parameters: [], result: P },
  llama_log_set: { parameters: [P, P], result: "void" },
  /** A function without effects. llama.cpp gets its address as the function to call for each line of its log. */
  ignore: { name: "llama_supports_mmap", type: P },
  llama_model_default_params: { parameters: [], result: MODEL_PARAMS },
  llama_model_load_from_file: { parameters: ["buffer", MODEL_PARAMS], result: P },
  llama_model_free: { parameters: [P], result: "void" },
  llama_model_n_ctx_train: { parameters: [P], result: "i32" },
  llama_model_chat_template: { parameters: [P, P], result: P },
  llama_model_has_encoder: { parameters: [P], result: "bool" },
  llama_model_is_recurrent: { parameters: [P], result: "bool" },
  llama_model_is_hybrid: { parameters: [P], result: "bool" },
  llama_model_get_vocab: { parameters: [P], result: P },
  llama_vocab_n_tokens: { parameters: [P], result: "i32" },
  llama_vocab_is_eog: { parameters: [P, "i32"], result: "bool" },
  llama_vocab_get_text: { parameters: [P, "i32"], result: P },
  llama_vocab_get_attr: { parameters: [P, "i32"], result: "i32" },
  llama_vocab_bos: { parameters: [P], result: "i32" },
  llama_vocab_eos: { parameters: [P], result: "i32" },
  llama_vocab_get_add_bos: { parameters: [P], result: "bool" },
  llama_tokenize: { parameters: [P, "buffer", "i32", "buffer", "i32", "bool", "bool"], result: "i32" },
  llama_detokenize: { parameters: [P, "buffer", "i32", "buffer", "i32", "bool", "bool"], result: "i32" },
  llama_context_default_params: { parameters: [], result: CONTEXT_PARAMS },
  llama_init_from_model: { parameters: [P, CONTEXT_PARAMS], result: P },
  llama_free: { parameters: [P], result: "void" },
  llama_batch_init: { parameters: ["i32", "i32", "i32"], result: BATCH },
  llama_batch_free: { parameters: [BATCH], result: "void" },
  llama_decode: { parameters: [P, BATCH], result: "i32", nonblocking: true },
  llama_get_logits_ith: { parameters: [P, "i32"], result: P },
  llama_get_memory: { parameters: [P], result: P },
  llama_memory_seq_rm: { parameters: [P, "i32", "i32", "i32"], result: "bool" },
  llama_state_seq_get_size: { parameters: [P, "i32"], result: "usize" },
  llama_state_seq_get_data: { parameters: [P, "buffer", "usize", "i32"], result: "usize" },
  llama_state_seq_set_data: { parameters: [P, "buffer", "usize", "i32"], result: "usize" },
} as const;

const GGML = {
  ggml_backend_load_all_from_path: { parameters: ["buffer"], result: "void" },
  ggml_backend_dev_by_type: { parameters: ["i32"], result: P },
  ggml_backend_reg_count: { parameters: [], result: "usize" },
} as const;

/** Functions that read the header of a GGUF file. */
const BASE = {
  gguf_init_from_file: { parameters: ["buffer", words(2)], result: P },
  gguf_free: { parameters: [P], result: "void" },
  gguf_find_key: { parameters: [P, "buffer"], result: "i64" },
  gguf_get_kv_type: { parameters: [P, "i64"], result: "i32" },
  gguf_get_val_str: { parameters: [P, "i64"], result: P },
  gguf_get_data_offset: { parameters: [P], result: "usize" },
  gguf_get_n_tensors: { parameters: [P], result: "i64" },
  gguf_get_tensor_offset: { parameters: [P, "i64"], result: "usize" },
  gguf_get_tensor_size: { parameters: [P, "i64"], result: "usize" },
} as const;

/** The kinds of ggml's devices that are graphics processors: those with memory of their own, and those without. */
const GPU_KINDS = [1, 2];

/** The native code. All workers of this process share it. */
export type LlamaLibrary = Readonly<{
  call: Deno.DynamicLibrary<typeof LLAMA>["symbols"];
  base: Deno.DynamicLibrary<typeof BASE>["symbols"];
}>;

/** Loads the native code. Throws a `ModelError` if that fails. */
export function openLibrary({ folder, llama, ggml, base, usesGpu }: LibraryFiles): LlamaLibrary {
  // Each library needs the ones before it. Windows finds them only if they are loaded already.
  const { symbols: ofFiles } = opened(base, BASE);
  const { symbols: backends } = opened(ggml, GGML);
  const { symbols: call } = opened(llama, LLAMA);
  const version = textAt(call.llama_version());
  if (!version.startsWith(VERSION)) {
    throw new ModelError(
      "unknown-model",
      `Cannot use llama.cpp in ${folder}: its version is ${version}, expected ${VERSION}; remove that folder, and start again`,
    );
  }
  // llama.cpp logs to standard error by default. It must not call a JavaScript function instead: threads of other
  // workers would call it, too.
  call.llama_log_set(call.ignore, null);
  alone(ggml, () => {
    if (backends.ggml_backend_reg_count() === 0n) {
      backends.ggml_backend_load_all_from_path(nativeText(folder));
    }
  });
  if (usesGpu && GPU_KINDS.every((kind) => backends.ggml_backend_dev_by_type(kind) === null)) {
    throw new ModelError(
      "unknown-model",
      "Cannot use the graphics processor: llama.cpp finds none; install its driver, or set gpu: false",
    );
  }
  return { call, base: ofFiles };
}

/** Does work that no other worker may do at the same time. */
function alone(path: string, work: () => void): void {
  using file = Deno.openSync(path);
  try {
    file.lockSync(true);
  } catch {
    // Some network file systems cannot lock a file that is open only for reading.
  }
  work();
}

function opened<Symbols extends Deno.ForeignLibraryInterface>(
  path: string,
  symbols: Symbols,
): Deno.DynamicLibrary<Symbols> {
  try {
    return Deno.dlopen(path, symbols);
  } catch (error) {
    const remedy = error instanceof Deno.errors.NotCapable
      ? "start Deno with --allow-ffi"
      : "use a machine with the libraries that it needs, or a model server";
    throw new ModelError("unknown-model", `Cannot load ${path}: ${reasonOf(error)}; ${remedy}`);
  }
}

export function textAt(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

/** A text in the form that C needs: UTF-8 with a zero at its end. */
export function nativeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
