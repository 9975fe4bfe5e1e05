/** Model servers on this machine, whose port is only known when a run starts. */
import { addressAt } from "../models/openai/connection.ts";
import type { OpenableModel } from "./open_models.ts";

type Named<Setup> = readonly [name: string, setup: Setup];

/** The models whose server is on this machine: the server's address → the names of its models. */
export function localServersOf<Setup extends OpenableModel>(
  models: Iterable<Named<Setup>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const servers = new Map<string, Set<string>>();
  for (const [name, setup] of models) {
    const address = localAddressOf(setup);
    if (address === null) continue;
    servers.set(address, (servers.get(address) ?? new Set()).add(name));
  }
  return servers;
}

/** The same models. If a model's server is on this machine, the model gets `baseUrl` as its server's address. */
export function movedTo<Setup extends OpenableModel>(
  baseUrl: string,
  models: readonly Named<Setup>[],
): readonly Named<Setup>[] {
  return models.map(([name, setup]) =>
    localAddressOf(setup) === null
      ? [name, setup] as const
      : [name, { ...setup, service: { ...setup.service, baseUrl } }] as const
  );
}

function localAddressOf({ service }: OpenableModel): string | null {
  const { baseUrl } = service ?? {};
  if (typeof baseUrl !== "string" || !URL.canParse(baseUrl)) return null;
  const address = addressAt(baseUrl);
  return new URL(address).hostname === "localhost" ? address : null;
}
