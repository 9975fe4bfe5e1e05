/** The models of an experiment, each made once and limited as it says. */
import type { ModelSpec } from "../../core/discussion/mod.ts";
import { CONCURRENCY_DEFAULT, type LimitedModel, Limiter } from "../../core/engine/mod.ts";
import { modelKey, type ModelSetup } from "../../core/experiment/mod.ts";
import { type AdapterContext, type ModelAdapter, ModelError } from "../../core/ports/mod.ts";
import { systemClock } from "./system_clock.ts";

/** Models that are ready to be asked. */
export type OpenModels = Readonly<{
  /** Two conditions can call different models by the same name: what counts is what the design says of it. */
  lookUp: (name: string, spec: ModelSpec) => LimitedModel;
  /** How many requests all of them take at the same time. */
  concurrency: number;
  close: () => Promise<void>;
}>;

/** A model, with or without word on how it is reached. */
export type OpenableModel = ModelSpec & Partial<ModelSetup>;

/**
 * Makes models; one that is described twice is made once.
 *
 * @param setups The name that the experiment uses, and what it says.
 * @param adapters By the name that the setups use.
 * @param folder What paths in their options are relative to.
 * @throws {ModelError} When a model cannot work as it is set up: a missing key, a missing file.
 */
export async function openModels(
  setups: Iterable<readonly [name: string, setup: OpenableModel]>,
  adapters: ReadonlyMap<string, ModelAdapter>,
  folder: string,
): Promise<OpenModels> {
  const open = new Map<string, LimitedModel>();
  let concurrency = 0;
  const close = async () => {
    for (const { model } of open.values()) await model.close?.();
  };
  try {
    for (const [name, setup] of setups) {
      const key = modelKey(setup);
      if (open.has(key)) continue;
      const adapter = adapters.get(setup.adapter);
      if (adapter === undefined) {
        throw new TypeError(`Cannot make the model "${name}": there is no adapter "${setup.adapter}"`);
      }
      const { slots, limited } = await made(wholeSpec(setup), adapter, folder).catch((cause) => {
        throw cause instanceof ModelError ? cause : failedAdapter(name, cause);
      });
      open.set(key, limited);
      concurrency += slots;
    }
  } catch (error) {
    await close();
    throw error;
  }
  const known = new WeakMap<ModelSpec, LimitedModel>();
  const lookUp = (name: string, spec: ModelSpec): LimitedModel => {
    const found = known.get(spec) ?? open.get(modelKey(spec));
    if (found === undefined) throw new TypeError(`Cannot ask the model "${name}": it was not made`);
    known.set(spec, found);
    return found;
  };
  return { lookUp, concurrency, close };
}

/**
 * What models consist of, as far as their adapters can tell.
 *
 * @param setups As for `openModels`.
 * @param adapters By the name that the setups use.
 * @param folder What paths in their options are relative to.
 * @returns What stands for each part, such as a file's SHA-256, by its name.
 */
export async function identifyModels(
  setups: Iterable<readonly [name: string, setup: OpenableModel]>,
  adapters: ReadonlyMap<string, ModelAdapter>,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const parts: Record<string, string> = {};
  const known = new Set<string>();
  for (const [name, setup] of setups) {
    const key = modelKey(setup);
    if (known.has(key)) continue;
    known.add(key);
    const adapter = adapters.get(setup.adapter);
    const found = adapter?.identify?.(wholeSpec(setup), contextOf(folder));
    Object.assign(
      parts,
      await Promise.resolve(found).catch((cause) => {
        throw cause instanceof ModelError ? cause : failedAdapter(name, cause);
      }),
    );
  }
  return parts;
}

/** What a model is and how it is reached, as its adapter takes them. */
function wholeSpec(setup: OpenableModel): ModelSpec {
  return { ...setup, options: { ...setup.options, ...setup.service } };
}

function contextOf(folder: string): AdapterContext {
  return { env: (name) => Deno.env.get(name), clock: systemClock, folder };
}

async function made(
  spec: ModelSpec,
  adapter: ModelAdapter,
  folder: string,
): Promise<{ slots: number; limited: LimitedModel }> {
  const slots = adapter.concurrencyOf?.(spec.options) ?? CONCURRENCY_DEFAULT;
  const limiter = new Limiter(slots);
  const model = await adapter.create(spec, contextOf(folder));
  return { slots, limited: { model, limiter } };
}

/** A researcher's own adapter can fail in any way; what is wrong then is not this program. */
function failedAdapter(name: string, cause: unknown): ModelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ModelError("broken-model", `Cannot make the model "${name}": its adapter failed: ${reason}`, {
    cause,
  });
}
