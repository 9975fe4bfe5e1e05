/** A decoder with random weights as an ONNX graph. Its replies mean nothing, but it works like a language model. */
import { create, type MessageInitShape, toBinary } from "npm:@bufbuild/protobuf@2.10.2";
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "npm:onnx-buf@1.20.0-1";
import { openDraw } from "../../../../core/random/mod.ts";

/** The version of ONNX's operators that the graphs use: the first that has LayerNormalization. */
const OPSET = 17n;

const IR_VERSION = 8n;

/** A dimension: a size, or a name if the size differs between calls. */
type Dimension = number | string;

const ELEMENT_TYPES = { float: TensorProto_DataType.FLOAT, int64: TensorProto_DataType.INT64 } as const;

/** A graph under construction: a list of nodes with named outputs. */
export class OnnxGraph {
  readonly #nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  readonly #constants: MessageInitShape<typeof TensorProtoSchema>[] = [];
  readonly #inputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = [];
  readonly #outputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = [];
  #named = 0;

  input(name: string, type: keyof typeof ELEMENT_TYPES, shape: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Gives a value the name of an output. */
  output(value: string, name: string, shape: readonly Dimension[]): void {
    this.#nodes.push({ opType: "Identity", input: [value], output: [name] });
    this.#outputs.push(valueInfo(name, "float", shape));
  }

  floats(data: Float32Array, shape: readonly number[]): string {
    return this.#constant(TensorProto_DataType.FLOAT, new Uint8Array(data.buffer as ArrayBuffer), shape);
  }

  /** A list of whole numbers; a single number is a scalar. */
  integers(values: number | readonly number[]): string {
    const data = BigInt64Array.from([values].flat().map(BigInt));
    return this.#constant(
      TensorProto_DataType.INT64,
      new Uint8Array(data.buffer),
      Array.isArray(values) ? [values.length] : [],
    );
  }

  op(
    opType: string,
    input: readonly string[],
    attributes: Record<string, number | readonly number[]> = {},
  ): string {
    const name = `v${this.#named++}`;
    const attribute = Object.entries(attributes).map(([name, value]) =>
      typeof value === "number"
        ? { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) }
        : { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) }
    ) satisfies MessageInitShape<typeof AttributeProtoSchema>[];
    this.#nodes.push({ opType, input: [...input], output: [name], attribute });
    return name;
  }

  toBytes(): Uint8Array {
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: IR_VERSION,
        opsetImport: [{ domain: "", version: OPSET }],
        graph: {
          name: "graph",
          node: this.#nodes,
          initializer: this.#constants,
          input: this.#inputs,
          output: this.#outputs,
        },
      }),
    );
  }

  #constant(
    dataType: TensorProto_DataType,
    rawData: Uint8Array<ArrayBuffer>,
    shape: readonly number[],
  ): string {
    const name = `c${this.#named++}`;
    this.#constants.push({ name, dataType, rawData, dims: shape.map(BigInt) });
    return name;
  }
}

function valueInfo(
  name: string,
  type: keyof typeof ELEMENT_TYPES,
  shape: readonly Dimension[],
): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = shape.map((size) =>
    typeof size === "number"
      ? { value: { case: "dimValue" as const, value: BigInt(size) } }
      : { value: { case: "dimParam" as const, value: size } }
  );
  return {
    name,
    type: { value: { case: "tensorType", value: { elemType: ELEMENT_TYPES[type], shape: { dim } } } },
  };
}

export type DecoderSize = Readonly<{
  layers: number;
  heads: number;
  /** How many numbers each head has. It must be even. */
  headWidth: number;
  /** Tokens of prompt and reply together. */
  context: number;
  vocabulary: number;
  /** Whether the model ignores its mask, so that attention sees empty columns, too. */
  ignoresMask?: boolean;
}>;

/** Standard deviation of the logits: enough to make some tokens likelier than others. */
const LOGIT_SPREAD = 3;

const ROTARY_BASE = 10_000;

/** Builds an ONNX file with rotary positions and a key-value cache. Equal seeds give equal weights. */
export function randomDecoder(size: DecoderSize, seed = "decoder"): Uint8Array {
  const { layers, heads, headWidth, vocabulary } = size;
  const width = heads * headWidth;
  const graph = new OnnxGraph();
  const draw = openDraw(seed, "weights");
  const random = (rows: number, columns: number, spread: number) =>
    // A uniform draw from −√3 to √3 has the standard deviation 1.
    graph.floats(
      Float32Array.from({ length: rows * columns }, () => (draw.uniform() * 2 - 1) * Math.sqrt(3) * spread),
      [rows, columns],
    );
  const weights = (rows: number, columns: number) => random(rows, columns, 1 / Math.sqrt(rows));

  const ids = graph.input("input_ids", "int64", ["batch_size", "sequence_length"]);
  const mask = graph.input("attention_mask", "int64", ["batch_size", "total_sequence_length"]);
  const positions = graph.input("position_ids", "int64", ["batch_size", "sequence_length"]);
  const rotation = rotations(graph, size, positions);
  const bias = attentionBias(graph, size, { ids, mask });

  const ones = graph.floats(new Float32Array(width).fill(1), [width]);
  const normalised = (x: string) => graph.op("LayerNormalization", [x, ones], { axis: -1 });
  const byHead = graph.integers([0, 0, heads, headWidth]);
  const joined = graph.integers([0, 0, width]);
  const scale = graph.floats(Float32Array.of(1 / Math.sqrt(headWidth)), []);

  let x = graph.op("Gather", [random(vocabulary, width, 1), ids]);
  for (let layer = 0; layer < layers; layer++) {
    const input = normalised(x);
    const projected = () =>
      graph.op(
        "Transpose",
        [graph.op("Reshape", [graph.op("MatMul", [input, weights(width, width)]), byHead])],
        { perm: [0, 2, 1, 3] },
      );
    const cached = (kind: "key" | "value", value: string) => {
      const past = graph.input(`past_key_values.${layer}.${kind}`, "float", [
        "batch_size",
        heads,
        "past_sequence_length",
        headWidth,
      ]);
      const all = graph.op("Concat", [past, value], { axis: 2 });
      graph.output(all, `present.${layer}.${kind}`, [
        "batch_size",
        heads,
        "total_sequence_length",
        headWidth,
      ]);
      return all;
    };
    const query = rotation(projected());
    const key = cached("key", rotation(projected()));
    const value = cached("value", projected());
    const scores = graph.op("MatMul", [query, graph.op("Transpose", [key], { perm: [0, 1, 3, 2] })]);
    const biased = graph.op("Add", [graph.op("Mul", [scores, scale]), bias]);
    const attended = graph.op("MatMul", [graph.op("Softmax", [biased], { axis: -1 }), value]);
    const flat = graph.op("Reshape", [graph.op("Transpose", [attended], { perm: [0, 2, 1, 3] }), joined]);
    x = graph.op("Add", [x, graph.op("MatMul", [flat, weights(width, width)])]);
    const inner = graph.op("MatMul", [normalised(x), weights(width, 4 * width)]);
    const activated = graph.op("Mul", [inner, graph.op("Sigmoid", [inner])]);
    x = graph.op("Add", [x, graph.op("MatMul", [activated, weights(4 * width, width)])]);
  }
  const head = random(width, vocabulary, LOGIT_SPREAD / Math.sqrt(width));
  const logits = graph.op("MatMul", [normalised(x), head]);
  graph.output(logits, "logits", ["batch_size", "sequence_length", vocabulary]);
  return graph.toBytes();
}

/** Rotary positions: turns pairs of numbers, one from each half of a head, by angles that grow with the position. */
function rotations(
  graph: OnnxGraph,
  { headWidth, context }: DecoderSize,
  positions: string,
): (x: string) => string {
  const half = headWidth / 2;
  const table = (of: (angle: number) => number) => {
    const data = new Float32Array(context * headWidth);
    for (let position = 0; position < context; position++) {
      for (let index = 0; index < headWidth; index++) {
        const angle = position * ROTARY_BASE ** (-(index % half) / half);
        data[position * headWidth + index] = of(angle);
      }
    }
    const turned = graph.op("Gather", [graph.floats(data, [context, headWidth]), positions]);
    return graph.op("Unsqueeze", [turned, graph.integers([1])]);
  };
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const part = (x: string, from: number, to: number) =>
    graph.op("Slice", [x, graph.integers([from]), graph.integers([to]), graph.integers([3])]);
  return (x) => {
    const swapped = graph.op("Concat", [graph.op("Neg", [part(x, half, headWidth)]), part(x, 0, half)], {
      axis: 3,
    });
    return graph.op("Add", [graph.op("Mul", [x, cos]), graph.op("Mul", [swapped, sin])]);
  };
}

/** The numbers that are added to attention scores: zero for visible tokens, far below zero for all others. */
function attentionBias(
  graph: OnnxGraph,
  { ignoresMask = false }: DecoderSize,
  { ids, mask }: Readonly<{ ids: string; mask: string }>,
): string {
  const lengthOf = (x: string) =>
    graph.op("Gather", [graph.op("Shape", [x]), graph.integers(1)], { axis: 0 });
  const [total, fresh] = [lengthOf(mask), lengthOf(ids)];
  const one = graph.integers(1);
  const keys = graph.op("Range", [graph.integers(0), total, one]);
  const queries = graph.op("Range", [graph.op("Sub", [total, fresh]), total, one]);
  const earlier = graph.op("LessOrEqual", [keys, graph.op("Unsqueeze", [queries, graph.integers([1])])]);
  const shown = graph.op("Greater", [
    graph.op("Unsqueeze", [mask, graph.integers([1, 2])]),
    graph.integers(ignoresMask ? -1 : 0),
  ]);
  const zero = graph.floats(Float32Array.of(0), []);
  return graph.op("Where", [
    graph.op("And", [earlier, shown]),
    zero,
    graph.floats(Float32Array.of(-1e9), []),
  ]);
}
