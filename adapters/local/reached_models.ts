/** Where models are asked that differ in nothing else: the run's log keeps it, so that none takes another's place. */
import { canonical } from "../../core/json.ts";
import { type ModelSetup, specKey } from "../../core/experiment/mod.ts";
import type { ModelAdapter } from "../../core/ports/mod.ts";
import type { ReachedModel } from "../../core/run_log/mod.ts";
import { nativeSha256 } from "../system.ts";
import { failedAdapter } from "./open_models.ts";

/**
 * The models that only their names tell apart.
 *
 * @param setups The name that the file uses, and what it says.
 * @param adapters By the name that the setups use.
 * @param pass The annotation pass that asks them; `null` for discussions.
 * @throws {ModelError} When an adapter of the user's own cannot say where a model is asked.
 */
export function reachedModels(
  setups: Iterable<readonly [name: string, setup: ModelSetup]>,
  adapters: ReadonlyMap<string, ModelAdapter>,
  pass: string | null = null,
): readonly ReachedModel[] {
  const alike = new Map<string, Map<string, ModelSetup>>();
  for (const [name, setup] of setups) {
    const key = canonical([specKey(setup), pass]);
    alike.set(key, (alike.get(key) ?? new Map()).set(name, setup));
  }
  return [...alike].filter(([, { size }]) => size > 1).flatMap(([key, named]) =>
    [...named].map(([model, setup]) => ({
      model,
      spec: nativeSha256(key),
      address: addressOf(model, setup, adapters.get(setup.adapter)),
    }))
  );
}

function addressOf(
  name: string,
  { options, service }: ModelSetup,
  adapter?: ModelAdapter,
): readonly string[] {
  if (adapter?.addressOf === undefined) return [canonical(service)];
  try {
    return adapter.addressOf({ ...options, ...service }).map(String);
  } catch (cause) {
    throw failedAdapter(name, cause);
  }
}
