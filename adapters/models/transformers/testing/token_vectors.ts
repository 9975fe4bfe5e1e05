/** An embedding model whose vectors can be computed by hand: each token has a fixed vector. */
import { OnnxGraph } from "./random_decoder.ts";
import { VOCABULARY, writeRandomModel } from "./local_models.ts";

/** The most tokens of a text. */
export const CONTEXT = 12;

/** The letter with the code c has the vector (c − 97, 1, 0): a is (0, 1, 0), b is (1, 1, 0). */
export async function writeTokenVectors(
  folder: string,
  { output = "last_hidden_state", files = {} }: Readonly<
    { output?: string; files?: Record<string, string> }
  > = {},
): Promise<void> {
  const table = new Float32Array(VOCABULARY * 3);
  for (let token = 0; token < VOCABULARY; token++) table.set([token - 97, 1, 0], token * 3);
  const graph = new OnnxGraph();
  const ids = graph.input("input_ids", "int64", ["texts", "tokens"]);
  graph.output(graph.op("Gather", [graph.floats(table, [VOCABULARY, 3]), ids]), output, [
    "texts",
    "tokens",
    3,
  ]);
  await writeRandomModel(folder, {
    files: {
      "config.json": JSON.stringify({ model_type: "bert", max_position_embeddings: CONTEXT, hidden_size: 3 }),
      "onnx/model.onnx": graph.toBytes(),
      ...files,
    },
  });
}
