/** A context of llama.cpp: the keys and values of several sequences of tokens, and the steps that extend them. */
import { ModelError } from "../../../core/ports/model.ts";
import type { GgufModel, Pointer } from "./gguf_model.ts";
import { CONTEXT_FIELDS } from "./llama_library.ts";

/**
 * Flash attention takes half the time, but it is on only with one thread. With several threads, llama.cpp divides
 * the attention of a token among them if the step has no other sequence. This rounds differently, so that a reply
 * would depend on the other requests in work.
 */
const FLASH_ATTENTION_OFF = 0;

/** As the end of a range of positions: up to the last one. */
const ANY = -1;

const BYTES_PER_NUMBER = 4;

export type ContextSize = Readonly<{
  sequences: number;
  /** The most tokens of one sequence. */
  tokens: number;
  /** The most tokens of one step. */
  stepTokens: number;
  threads: number;
}>;

/** Tokens that extend a sequence. */
export type Extension = Readonly<{
  sequence: number;
  /** The position of the first token. */
  position: number;
  tokens: readonly number[];
  /** Which logits are wanted: after each token, after the last one, or none. */
  logits: "all" | "last" | "none";
}>;

/** The arrays of `llama_batch`. They are in native memory, because a step reads them while JavaScript runs. */
type Batch = Readonly<{
  struct: Uint8Array<ArrayBuffer>;
  token: Int32Array;
  position: Int32Array;
  sequenceCount: Int32Array;
  sequence: readonly Int32Array[];
  logits: Int8Array;
}>;

export class LlamaContext {
  readonly #model: GgufModel;
  readonly #pointer: Pointer;
  readonly #memory: Pointer;
  readonly #batch: Batch;
  /** Whether a sequence can forget only its last tokens. If not, it can only forget all of them. */
  readonly canForget: boolean;

  /** Throws a `ModelError` if the memory does not suffice. */
  constructor(model: GgufModel, { sequences, tokens, stepTokens, threads }: ContextSize) {
    const { call } = model.library;
    const params = call.llama_context_default_params();
    const view = new DataView(params.buffer, params.byteOffset);
    view.setUint32(CONTEXT_FIELDS.tokens, tokens * sequences, true);
    view.setUint32(CONTEXT_FIELDS.batch, stepTokens, true);
    view.setUint32(CONTEXT_FIELDS.microBatch, stepTokens, true);
    view.setUint32(CONTEXT_FIELDS.sequences, sequences, true);
    view.setInt32(CONTEXT_FIELDS.threads, threads, true);
    view.setInt32(CONTEXT_FIELDS.batchThreads, threads, true);
    if (threads > 1) view.setInt32(CONTEXT_FIELDS.flashAttention, FLASH_ATTENTION_OFF, true);
    // Each sequence has keys and values of its own, so that other sequences do not change their order.
    view.setUint8(CONTEXT_FIELDS.isUnified, 0);
    const pointer = call.llama_init_from_model(model.pointer, params);
    if (pointer === null) {
      throw new ModelError(
        "unknown-model",
        `Cannot make room for ${sequences} requests of up to ${tokens} tokens: the memory does not suffice; ` +
          "lower contextTokens or batch",
      );
    }
    this.#model = model;
    this.#pointer = pointer;
    this.#memory = call.llama_get_memory(pointer)!;
    this.#batch = batchOf(call.llama_batch_init(stepTokens, 0, 1), stepTokens);
    this.canForget = !call.llama_model_is_recurrent(model.pointer) &&
      !call.llama_model_is_hybrid(model.pointer);
  }

  /**
   * Computes one step.
   *
   * @returns For each extension, the logits that it wants. They are valid until the next step.
   */
  async step(extensions: readonly Extension[]): Promise<readonly (readonly Float32Array[])[]> {
    const { call } = this.#model.library;
    const { struct, token, position, sequence, sequenceCount, logits } = this.#batch;
    let end = 0;
    const wanted = extensions.map((extension) => {
      const last = extension.tokens.length - 1;
      return extension.tokens.flatMap((one, index) => {
        const isWanted = extension.logits === "all" || (extension.logits === "last" && index === last);
        token[end] = one;
        position[end] = extension.position + index;
        sequenceCount[end] = 1;
        sequence[end]![0] = extension.sequence;
        logits[end] = isWanted ? 1 : 0;
        end++;
        return isWanted ? [end - 1] : [];
      });
    });
    new DataView(struct.buffer).setInt32(0, end, true);
    const code = await call.llama_decode(this.#pointer, struct);
    if (code !== 0) throw new Error(`llama.cpp could not compute a step of ${end} tokens (code ${code})`);
    return wanted.map((indices) => indices.map((index) => this.#logitsAt(index)));
  }

  #logitsAt(index: number): Float32Array {
    const pointer = this.#model.library.call.llama_get_logits_ith(this.#pointer, index)!;
    return new Float32Array(
      Deno.UnsafePointerView.getArrayBuffer(pointer, this.#model.tokens * BYTES_PER_NUMBER),
    );
  }

  /**
   * Removes a sequence's tokens from a position on.
   *
   * @returns `false` if the model can only forget all of them.
   */
  forget(sequence: number, from: number): boolean {
    return this.#model.library.call.llama_memory_seq_rm(this.#memory, sequence, from, ANY);
  }

  /** Copies a sequence's keys and values. */
  save(sequence: number): Uint8Array<ArrayBuffer> {
    const { call } = this.#model.library;
    const state = new Uint8Array(Number(call.llama_state_seq_get_size(this.#pointer, sequence)));
    call.llama_state_seq_get_data(this.#pointer, state, BigInt(state.length), sequence);
    return state;
  }

  /**
   * Replaces a sequence by a saved one.
   *
   * @returns `false` if llama.cpp cannot read the saved one.
   */
  restore(sequence: number, state: Uint8Array<ArrayBuffer>): boolean {
    const { call } = this.#model.library;
    return call.llama_state_seq_set_data(this.#pointer, state, BigInt(state.length), sequence) !== 0n;
  }

  close(): void {
    this.#model.library.call.llama_batch_free(this.#batch.struct);
    this.#model.library.call.llama_free(this.#pointer);
  }
}

/** Makes views of the arrays of a batch. The structure holds their addresses, in the order of `llama.h`. */
function batchOf(struct: Uint8Array<ArrayBuffer>, tokens: number): Batch {
  const [, token, , position, sequenceCount, sequence, logits] = new BigUint64Array(struct.buffer);
  const view = (address: bigint, bytes: number) =>
    Deno.UnsafePointerView.getArrayBuffer(Deno.UnsafePointer.create(address)!, bytes);
  const numbers = (address: bigint, count: number) => new Int32Array(view(address, count * BYTES_PER_NUMBER));
  const addresses = new BigUint64Array(view(sequence!, tokens * BigUint64Array.BYTES_PER_ELEMENT));
  return {
    struct,
    token: numbers(token!, tokens),
    position: numbers(position!, tokens),
    sequenceCount: numbers(sequenceCount!, tokens),
    sequence: Array.from(addresses, (address) => numbers(address, 1)),
    logits: new Int8Array(view(logits!, tokens)),
  };
}
