/** Local models of random weights, for tests: written into a folder that is taken away again. */
import type { Clock } from "../../../../core/ports/clock.ts";
import type { Model, ModelRequest } from "../../../../core/ports/model.ts";
import type { AdapterOptions } from "../../../../core/ports/model_adapter.ts";
import { transformersAdapter } from "../adapter.ts";
import { type Changes, writeRandomModel } from "./random_model.ts";

/** Time stands still, and no wait is ever over. */
export const patientClock: Clock = {
  now: () => 0,
  sleep: (_ms, signal) =>
    new Promise((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
    ),
};

/** A model and the folder that it lies in. */
export type LocalModel = Readonly<{ model: Model; folder: string }> & AsyncDisposable;

/**
 * Writes a model of random weights and makes it ready to be asked.
 *
 * @param options Of the adapter, besides `model`.
 * @param changes What is special about the files.
 * @param clock What time-outs go by.
 */
export async function localModel(
  options: AdapterOptions = {},
  changes: Changes = {},
  clock: Clock = patientClock,
): Promise<LocalModel> {
  const folder = await Deno.makeTempDir();
  await writeRandomModel(`${folder}/model`, changes);
  const spec = { adapter: "transformers", sampling: {}, options: { model: "model", ...options } };
  const model = await transformersAdapter.create(spec, { env: () => undefined, clock, folder });
  return {
    model,
    folder,
    async [Symbol.asyncDispose]() {
      await model.close!();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A request of one question. */
export function question(content: string, changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    messages: [{ role: "system", content: "You are Anna." }, { role: "user", content }],
    sampling: { maxTokens: 24 },
    seed: 11,
    origin: { discussion: "d", turn: 0, speaker: "Anna", role: "participant" },
    ...changes,
  };
}

/** A signal that is never aborted. */
export const NEVER: AbortSignal = new AbortController().signal;
