/** A model of a GGUF file in memory: its weights, its tokens, and its chat template. */
import { ModelError } from "../../../core/ports/model.ts";
import { type LlamaLibrary, MODEL_FIELDS, nativeText, textAt } from "./llama_library.ts";

/** Tells llama.cpp to put all layers of the model on the graphics processor. */
const ALL_LAYERS = -1;

/** Attributes of tokens in llama.cpp. */
const UNKNOWN = 1;
const CONTROL = 8;

/** The number of the type "text" in the header of a GGUF file. */
const TEXT = 8;

/** llama.cpp returns this number if the model has no such token. */
const NONE = -1;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export type Pointer = NonNullable<Deno.PointerValue>;

/**
 * Reads the weights, which takes as long as reading the files. Throws a `ModelError` if they cannot be used.
 *
 * @param paths All files of the model. llama.cpp gets the first one, and finds the others.
 */
export function openModel(library: LlamaLibrary, paths: readonly string[], usesGpu: boolean): GgufModel {
  const model = loaded(library, paths[0]!, { usesGpu, vocabularyOnly: false });
  if (model === null) throw loadFailure(library, paths);
  return new GgufModel(library, model);
}

function loaded(
  { call }: LlamaLibrary,
  path: string,
  { usesGpu, vocabularyOnly }: Readonly<{ usesGpu: boolean; vocabularyOnly: boolean }>,
): Deno.PointerValue {
  const params = call.llama_model_default_params();
  const view = new DataView(params.buffer, params.byteOffset);
  view.setInt32(MODEL_FIELDS.gpuLayers, usesGpu ? ALL_LAYERS : 0, true);
  view.setUint8(MODEL_FIELDS.vocabularyOnly, vocabularyOnly ? 1 : 0);
  return call.llama_model_load_from_file(nativeText(path), params);
}

/** Finds out why a model cannot be loaded: llama.cpp writes the reason only to its log. */
function loadFailure(library: LlamaLibrary, paths: readonly string[]): ModelError {
  const headers = paths.map((path) => headerOf(library, path));
  for (const [index, header] of headers.entries()) {
    const path = paths[index]!;
    if (header === null) return unloadable(path, "its header is damaged; copy or download the file again");
    const { size } = Deno.statSync(path);
    if (size < header.bytes) {
      return unloadable(path, `the file has ${size} of ${header.bytes} bytes; copy or download it again`);
    }
  }
  const first = paths[0]!;
  const vocabulary = loaded(library, first, { usesGpu: false, vocabularyOnly: true });
  if (vocabulary === null) {
    return unloadable(
      first,
      `this version of llama.cpp does not know the model's architecture "${
        headers[0]!.architecture
      }" or its tokens; ` +
        "use another model",
    );
  }
  library.call.llama_model_free(vocabulary);
  return unloadable(
    first,
    "the memory does not suffice, or its weights do not match its header; use a smaller model, or download the file again",
  );
}

function unloadable(path: string, reason: string): ModelError {
  return new ModelError("unknown-model", `Cannot load the model in ${path}: ${reason}`);
}

/** The architecture, and the size that the file must have in bytes; `null` if the file has no valid header. */
function headerOf(
  { base }: LlamaLibrary,
  path: string,
): Readonly<{ architecture: string; bytes: number }> | null {
  // The two fields of the last argument say: do not read the weights, and make no list of them.
  const header = base.gguf_init_from_file(nativeText(path), new Uint8Array(BigUint64Array.of(1n, 0n).buffer));
  if (header === null) return null;
  const key = base.gguf_find_key(header, nativeText("general.architecture"));
  // llama.cpp ends the whole program if it is asked for the text of a value that is not a text.
  const isDamaged = key >= 0n && base.gguf_get_kv_type(header, key) !== TEXT;
  const architecture = key < 0n || isDamaged ? "" : textAt(base.gguf_get_val_str(header, key));
  const ends = Array.from({ length: Number(base.gguf_get_n_tensors(header)) }, (_, index) => {
    const tensor = BigInt(index);
    return Number(base.gguf_get_tensor_offset(header, tensor) + base.gguf_get_tensor_size(header, tensor));
  });
  const bytes = ends.reduce((most, end) => Math.max(most, end), 0) +
    Number(base.gguf_get_data_offset(header));
  base.gguf_free(header);
  return isDamaged ? null : { architecture, bytes };
}

export class GgufModel {
  readonly library: LlamaLibrary;
  readonly pointer: Pointer;
  readonly #vocabulary: Pointer;
  /** How many tokens the vocabulary has. */
  readonly tokens: number;

  constructor(library: LlamaLibrary, pointer: Pointer) {
    this.library = library;
    this.pointer = pointer;
    this.#vocabulary = library.call.llama_model_get_vocab(pointer)!;
    this.tokens = library.call.llama_vocab_n_tokens(this.#vocabulary);
  }

  /** The longest texts that the model was trained with, in tokens. */
  get trainedTokens(): number {
    return this.library.call.llama_model_n_ctx_train(this.pointer);
  }

  /** Whether the model reads its prompt with an encoder, which this program does not do. */
  get hasEncoder(): boolean {
    return this.library.call.llama_model_has_encoder(this.pointer);
  }

  /** The chat template; `null` if the file has none. */
  get chatTemplate(): string | null {
    return textAt(this.library.call.llama_model_chat_template(this.pointer, null)) || null;
  }

  /** The token that begins each prompt; `null` if there is none. */
  get firstToken(): number | null {
    const { call } = this.library;
    return call.llama_vocab_get_add_bos(this.#vocabulary) ? call.llama_vocab_bos(this.#vocabulary) : null;
  }

  /** The texts of the tokens that begin and end a conversation, for chat templates. */
  get specialTexts(): Readonly<{ bos_token: string; eos_token: string }> {
    const { call } = this.library;
    const text = (token: number) => token === NONE ? "" : this.textOf(token);
    return {
      bos_token: text(call.llama_vocab_bos(this.#vocabulary)),
      eos_token: text(call.llama_vocab_eos(this.#vocabulary)),
    };
  }

  endTokens(): ReadonlySet<number> {
    return new Set(
      this.#tokensWhere((token) => this.library.call.llama_vocab_is_eog(this.#vocabulary, token)),
    );
  }

  /** The texts that become control tokens when the chat template writes them. */
  controlTexts(): readonly string[] {
    const { call } = this.library;
    const isControl = (token: number) =>
      (call.llama_vocab_get_attr(this.#vocabulary, token) & (UNKNOWN | CONTROL)) !== 0;
    return this.#tokensWhere(isControl).map((token) => this.textOf(token));
  }

  textOf(token: number): string {
    return textAt(this.library.call.llama_vocab_get_text(this.#vocabulary, token));
  }

  /** @param areControls Whether the text of a control token becomes that token. If not, it is plain text. */
  encode(text: string, areControls: boolean): readonly number[] {
    const bytes = encoder.encode(text);
    let tokens = new Int32Array(bytes.length + 1);
    const encoded = () =>
      this.library.call.llama_tokenize(
        this.#vocabulary,
        bytes,
        bytes.length,
        tokens,
        tokens.length,
        false,
        areControls,
      );
    let length = encoded();
    if (length < 0) {
      tokens = new Int32Array(-length);
      length = encoded();
    }
    return [...tokens.subarray(0, length)];
  }

  /** The text of tokens, without control tokens. */
  decode(tokens: readonly number[]): string {
    const given = Int32Array.from(tokens);
    let bytes = new Uint8Array(16 * tokens.length + 16);
    const decoded = () =>
      this.library.call.llama_detokenize(
        this.#vocabulary,
        given,
        given.length,
        bytes,
        bytes.length,
        false,
        false,
      );
    let length = decoded();
    if (length < 0) {
      bytes = new Uint8Array(-length);
      length = decoded();
    }
    return decoder.decode(bytes.subarray(0, length));
  }

  close(): void {
    this.library.call.llama_model_free(this.pointer);
  }

  #tokensWhere(test: (token: number) => boolean): number[] {
    return Array.from({ length: this.tokens }, (_, token) => token).filter(test);
  }
}
