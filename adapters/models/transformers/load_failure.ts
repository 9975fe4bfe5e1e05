/** Why a model could not be loaded, and what to do about it. Runs in the worker alone. */
import { join } from "node:path";
import { ModelError } from "../../../core/ports/model.ts";
import { SMALL_FILES, weightsFile } from "./model_files.ts";
import type { LoadOrder } from "./protocol.ts";

/** Longest message of the library that is told on, in characters. */
const REASON_LENGTH_MAX = 300;

/**
 * Puts a failure into words: place, cause, remedy.
 *
 * @param error What the library threw.
 * @param order What was to be loaded.
 */
export async function loadFailure(error: unknown, order: LoadOrder): Promise<ModelError> {
  if (error instanceof ModelError) return error;
  const reason = reasonOf(error);
  return order.isLocal ? await localFailure(reason, order) : hubFailure(error, reason, order);
}

/** The first line of what went wrong: what follows can hold whole prompts. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]!.slice(0, REASON_LENGTH_MAX);
}

async function localFailure(reason: string, { model, device, dtype }: LoadOrder): Promise<ModelError> {
  const because = (cause: string) =>
    new ModelError("unknown-model", `Cannot load the model in "${model}": ${cause}`);
  const [, data] = /External data path does not exist: "([^"]+)"/.exec(reason) ?? [];
  if (data !== undefined) {
    return because(
      `the file ${data} is missing; it holds weights, copy it to where ${weightsFile(dtype)} is`,
    );
  }
  const damaged = await damagedJson(model);
  if (damaged !== null) return because(`the file ${damaged} is not JSON; copy it again`);
  if (/protobuf parsing failed/i.test(reason)) {
    return because(`the file ${weightsFile(dtype)} is no ONNX model, or a part of one; copy it again`);
  }
  if (/^Unsupported model type/.test(reason)) {
    return because(`${reason}; take one that this version of Transformers.js knows`);
  }
  const remedy = device === "cpu" ? "" : `; where there is no device ${device}, set device: cpu`;
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
    `Cannot fetch the model "${model}" from the Hugging Face hub (there is no folder of that name)`;
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
