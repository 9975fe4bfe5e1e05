/** The models that made the vectors of a run's comments. */
import { canonical, type Json } from "../json.ts";
import type { ModelSpec } from "../events/mod.ts";
import { RUN_TEXTS, type RunReader } from "../ports/mod.ts";
import { RunError } from "../run_log/mod.ts";
import type { Sha256 } from "../sha256.ts";
import { z } from "../zod.ts";

/** A model that made vectors. */
export type VectorModel = Readonly<{
  /** The user's name for the model. Two runs may have different names for the same model. */
  name: string;
  adapter: string;
  options: Readonly<Record<string, Json>>;
  /** The files of a local model: file → SHA-256 of its content. */
  parts: Readonly<Record<string, string>>;
  /**
   * 16 hexadecimal digits, equal for models with the same adapter, options and parts. A local model's folder
   * can differ.
   */
  key: string;
}>;

/** A run as far as its texts are concerned. */
export type TextPlace = Pick<RunReader, "place" | "readText">;

const KEY_LENGTH = 16;

const FORMAT = 1;

const models = z.object({
  format: z.literal(FORMAT),
  models: z.array(z.object({
    name: z.string(),
    adapter: z.string(),
    options: z.record(z.string(), z.json()),
    parts: z.record(z.string(), z.string()),
    key: z.string().regex(/^[0-9a-f]{16}$/),
  })),
});

/** Describes a model that makes vectors. */
export function asVectorModel(
  name: string,
  { adapter, options }: Pick<ModelSpec, "adapter" | "options">,
  { parts, sha256 }: Readonly<{ parts: VectorModel["parts"]; sha256: Sha256 }>,
): VectorModel {
  const key = sha256(canonical([adapter, ...withoutFolder(options, parts)])).slice(0, KEY_LENGTH);
  return { name, adapter, options, parts, key };
}

/**
 * The options and parts without the path of a local model. The path can differ between machines. The hashes of
 * the files identify the model without it.
 */
function withoutFolder(
  options: VectorModel["options"],
  parts: VectorModel["parts"],
): readonly [VectorModel["options"], VectorModel["parts"]] {
  const { model, ...others } = options;
  const isLocal = Object.values(parts).some((part) => /^[0-9a-f]{64}$/.test(part));
  if (!isLocal || typeof model !== "string") return [options, parts];
  const folder = model.replace(/[/\\]+$/, "");
  return [
    others,
    Object.fromEntries(Object.entries(parts).map(([part, value]) => [part.replace(folder, ""), value])),
  ];
}

/** The first model of one list that is also in the other list; `null` if there is none. */
export function sameVectorModel(
  one: readonly VectorModel[],
  other: readonly VectorModel[],
): VectorModel | null {
  return one.find(({ key }) => other.some((model) => model.key === key)) ?? null;
}

/**
 * Reads the list of the models that made vectors of a run's comments.
 *
 * @throws {RunError} If the list is damaged.
 */
export async function readVectorModels({ place, readText }: TextPlace): Promise<readonly VectorModel[]> {
  const text = await readText(RUN_TEXTS.vectorModels);
  if (text === null) return [];
  try {
    return models.parse(JSON.parse(text)).models;
  } catch (cause) {
    throw new RunError(
      "unusable",
      `Cannot read the vectors of the run "${place}": "${RUN_TEXTS.vectorModels}" is damaged. Give the command embed with ` +
        "--again: it makes the vectors again",
      { cause },
    );
  }
}

/** The list of models as the text that a run keeps. */
export function vectorModelsText(list: readonly VectorModel[]): string {
  return `${JSON.stringify({ format: FORMAT, models: list }, null, 2)}\n`;
}
