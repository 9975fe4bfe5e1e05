/** The models of an experiment, each made once and limited as it says. */
import type { ModelSpec } from "../../core/discussion/mod.ts";
import { CONCURRENCY_DEFAULT, type LimitedModel, Limiter } from "../../core/engine/mod.ts";
import type { ModelAdapter } from "../../core/ports/model_adapter.ts";
import { systemClock } from "./system_clock.ts";

/** Models that are ready to be asked. */
export type OpenModels = Readonly<{
  byName: (name: string) => LimitedModel;
  /** How many requests all of them take at the same time. */
  concurrency: number;
  close: () => Promise<void>;
}>;

/**
 * Makes models.
 *
 * @param specs By the name that the experiment uses.
 * @param adapters By the name that the specs use.
 * @throws {ModelError} When a model cannot work as it is set up: a missing key, a missing file.
 */
export async function openModels(
  specs: Readonly<Record<string, ModelSpec>>,
  adapters: ReadonlyMap<string, ModelAdapter>,
): Promise<OpenModels> {
  const open = new Map<string, LimitedModel>();
  let concurrency = 0;
  const close = async () => {
    for (const { model } of open.values()) await model.close?.();
  };
  try {
    for (const [name, spec] of Object.entries(specs)) {
      const adapter = adapters.get(spec.adapter);
      if (adapter === undefined) {
        throw new TypeError(`Cannot make the model "${name}": there is no adapter "${spec.adapter}"`);
      }
      const slots = adapter.concurrencyOf?.(spec.options) ?? CONCURRENCY_DEFAULT;
      const model = await adapter.create(spec, { env: (name) => Deno.env.get(name), clock: systemClock });
      open.set(name, { model, limiter: new Limiter(slots) });
      concurrency += slots;
    }
  } catch (error) {
    await close();
    throw error;
  }
  const byName = (name: string): LimitedModel => {
    const model = open.get(name);
    if (model === undefined) throw new TypeError(`Cannot ask the model "${name}": the experiment has none`);
    return model;
  };
  return { byName, concurrency, close };
}
