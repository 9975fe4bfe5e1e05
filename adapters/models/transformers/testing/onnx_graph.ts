/** Writing ONNX graphs by hand: a list of nodes whose outputs are named as they are made. */
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "onnx-buf";

/** The version of ONNX's operators that the graphs use: the first that has LayerNormalization. */
const OPSET = 17n;

/** The version of the file format that goes with it. */
const IR_VERSION = 8n;

/** Element types of inputs and outputs. */
export type ElementType = "float" | "int64";

/** A dimension: a size, or the name of a size that differs between runs. */
export type Dimension = number | string;

const ELEMENT_TYPES = { float: TensorProto_DataType.FLOAT, int64: TensorProto_DataType.INT64 } as const;

/** A graph under construction. */
export class OnnxGraph {
  readonly #nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  readonly #constants: MessageInitShape<typeof TensorProtoSchema>[] = [];
  readonly #inputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = [];
  readonly #outputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = [];
  #named = 0;

  /** Declares an input; returns its name. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Gives a value the name of an output. */
  output(value: string, name: string, shape: readonly Dimension[]): void {
    this.#nodes.push({ opType: "Identity", input: [value], output: [name] });
    this.#outputs.push(valueInfo(name, "float", shape));
  }

  /** A constant of floating-point numbers. */
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

  /** Adds an operation; returns the name of its only output. */
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

  /** The graph as the content of an ONNX file. */
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
  type: ElementType,
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
