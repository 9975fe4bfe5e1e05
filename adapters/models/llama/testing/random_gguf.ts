/** GGUF files of random weights, for tests. The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
import { openDraw } from "../../../../core/random/mod.ts";

const VERSION = 3;
const ALIGNMENT = 32;
const F32 = 0;

/** The types of values. */
const TYPES = { u32: 4, i32: 5, f32: 6, bool: 7, text: 8, list: 9 } as const;

const NORMAL = 1;
const CONTROL = 3;

/** Ends each message, and so each reply. */
const END_TOKEN = "<|im_end|>";

const SPECIAL_TOKENS = ["<|endoftext|>", "<|im_start|>", END_TOKEN];

const CHAT_TEMPLATE =
  "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n" +
  "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

const WIDTH = 64;
const HEADS = 4;
const LAYERS = 2;
const INNER_WIDTH = 96;
const SCALE = 0.4;

/** One token for each byte, and the special ones. */
export const VOCABULARY: number = 256 + SPECIAL_TOKENS.length;

export type GgufChanges = Readonly<{
  context?: number;
  /** By default a text. A number makes an invalid header. */
  architecture?: string | number;
  chatTemplate?: string | null;
}>;

/** A model in the form of Llama, whose tokens are bytes. */
export function randomGguf(
  { context = 2048, architecture = "llama", chatTemplate = CHAT_TEMPLATE }: GgufChanges = {},
): Uint8Array<ArrayBuffer> {
  const file = new Writer();
  const tensors = tensorsOf();
  const values: readonly (readonly [string, keyof typeof TYPES, unknown])[] = [
    ["general.architecture", typeof architecture === "number" ? "u32" : "text", architecture],
    [`${architecture}.context_length`, "u32", context],
    [`${architecture}.embedding_length`, "u32", WIDTH],
    [`${architecture}.block_count`, "u32", LAYERS],
    [`${architecture}.feed_forward_length`, "u32", INNER_WIDTH],
    [`${architecture}.attention.head_count`, "u32", HEADS],
    [`${architecture}.attention.head_count_kv`, "u32", HEADS],
    [`${architecture}.attention.layer_norm_rms_epsilon`, "f32", 1e-5],
    [`${architecture}.rope.dimension_count`, "u32", WIDTH / HEADS],
    ["tokenizer.ggml.model", "text", "gpt2"],
    ["tokenizer.ggml.pre", "text", "default"],
    ["tokenizer.ggml.tokens", "list", { type: "text", items: [...byteLetters(), ...SPECIAL_TOKENS] }],
    ["tokenizer.ggml.token_type", "list", {
      type: "i32",
      items: [...new Array(256).fill(NORMAL), ...SPECIAL_TOKENS.map(() => CONTROL)],
    }],
    ["tokenizer.ggml.merges", "list", { type: "text", items: [] }],
    ["tokenizer.ggml.bos_token_id", "u32", 256],
    ["tokenizer.ggml.eos_token_id", "u32", 256 + SPECIAL_TOKENS.indexOf(END_TOKEN)],
    ["tokenizer.ggml.add_bos_token", "bool", false],
    ...(chatTemplate === null ? [] : [["tokenizer.chat_template", "text", chatTemplate] as const]),
  ];
  file.bytes(new TextEncoder().encode("GGUF"));
  file.number("u32", VERSION);
  file.long(tensors.length);
  file.long(values.length);
  for (const [name, type, value] of values) {
    file.value("text", name);
    file.number("u32", TYPES[type]);
    file.value(type, value);
  }
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    file.value("text", name);
    file.number("u32", shape.length);
    for (const size of shape) file.long(size);
    file.number("u32", F32);
    file.long(offset);
    offset += padded(data.byteLength);
  }
  file.pad();
  for (const { data } of tensors) {
    file.bytes(new Uint8Array(data.buffer));
    file.pad();
  }
  return file.whole();
}

type Tensor = Readonly<{ name: string; shape: readonly number[]; data: Float32Array<ArrayBuffer> }>;

function tensorsOf(): Tensor[] {
  const draw = openDraw("random-gguf", "weights");
  const ones = (name: string) => ({ name, shape: [WIDTH], data: new Float32Array(WIDTH).fill(1) });
  const random = (name: string, columns: number, rows: number) => ({
    name,
    shape: [columns, rows],
    data: Float32Array.from({ length: columns * rows }, () => (draw.uniform() - 0.5) * SCALE),
  });
  const layers = Array.from({ length: LAYERS }, (_, layer) => [
    ones(`blk.${layer}.attn_norm.weight`),
    ...["q", "k", "v", "output"].map((part) => random(`blk.${layer}.attn_${part}.weight`, WIDTH, WIDTH)),
    ones(`blk.${layer}.ffn_norm.weight`),
    random(`blk.${layer}.ffn_gate.weight`, WIDTH, INNER_WIDTH),
    random(`blk.${layer}.ffn_up.weight`, WIDTH, INNER_WIDTH),
    random(`blk.${layer}.ffn_down.weight`, INNER_WIDTH, WIDTH),
  ]);
  return [
    random("token_embd.weight", WIDTH, VOCABULARY),
    ...layers.flat(),
    ones("output_norm.weight"),
    random("output.weight", WIDTH, VOCABULARY),
  ];
}

class Writer {
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;

  bytes(chunk: Uint8Array<ArrayBuffer>): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  number(type: "u32" | "i32" | "f32", value: number): void {
    const view = new DataView(new ArrayBuffer(4));
    if (type === "f32") view.setFloat32(0, value, true);
    else view.setInt32(0, value, true);
    this.bytes(new Uint8Array(view.buffer));
  }

  long(value: number): void {
    this.bytes(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  }

  value(type: keyof typeof TYPES, value: unknown): void {
    switch (type) {
      case "bool":
        return this.bytes(Uint8Array.of(value ? 1 : 0));
      case "text": {
        const text = new TextEncoder().encode(String(value));
        this.long(text.length);
        return this.bytes(text);
      }
      case "list": {
        const { type, items } = value as { type: keyof typeof TYPES; items: readonly unknown[] };
        this.number("u32", TYPES[type]);
        this.long(items.length);
        for (const item of items) this.value(type, item);
        return;
      }
      default:
        return this.number(type, Number(value));
    }
  }

  pad(): void {
    this.bytes(new Uint8Array(padded(this.#length) - this.#length));
  }

  whole(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#length);
    let end = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, end);
      end += chunk.length;
    }
    return whole;
  }
}

function padded(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
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
