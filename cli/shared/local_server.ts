/** Checks that one model server can replace all servers on this machine that an experiment names. */
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import { localServersOf } from "../../adapters/local/local_server.ts";
import { usedModelsOf } from "../../adapters/local/run_experiment.ts";
import { UsageError } from "./program.ts";

/**
 * Refuses an option that gives the server on this machine, if the experiment has no model there, or models at several servers.
 *
 * @param option The option, such as `--server`.
 * @throws {UsageError}
 */
export function checkLocalServer(option: string, loaded: LoadedExperiment): void {
  const servers = [...localServersOf(usedModelsOf(loaded))];
  if (servers.length === 1) return;
  if (servers.length === 0) {
    throw new UsageError(
      `Cannot use ${option}: no model of "${loaded.path}" has a server on this machine. Give the model that the ` +
        `server has baseUrl: http://localhost:8000/v1, or provider: vllm`,
    );
  }
  const listed = servers.map(([address, names]) => `${[...names].join(", ")} at ${address}`).join("; ");
  throw new UsageError(
    `Cannot use ${option}: it gives one server, but the models of "${loaded.path}" have several on this machine: ` +
      `${listed}. Give them the same baseUrl, or name other machines`,
  );
}
