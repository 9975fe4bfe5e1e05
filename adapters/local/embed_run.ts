/** Makes the vectors of the comments of a run, and keeps them in the run. */
import { asVectorModel, openVectors } from "../../core/embedding/mod.ts";
import {
  CONCURRENCY_MAX,
  type EmbeddingOptions,
  type EmbeddingOutcome,
  embedDiscussions,
  RETRY_POLICY,
  type RetryPolicy,
} from "../../core/engine/mod.ts";
import { ModelError } from "../../core/ports/mod.ts";
import { runAt } from "../stores/mod.ts";
import { nativeSha256, systemClock } from "../system.ts";
import type { LoadedModels } from "./load_experiment.ts";
import { identifyModels, openModels } from "./open_models.ts";
import { RunWatch, type WatchOptions } from "./run_watch.ts";

/** How vectors are made. */
export type EmbedRunOptions =
  & Omit<EmbeddingOptions, "concurrency" | "budget">
  & WatchOptions
  & Readonly<{
    /** The model's name in the file. */
    model: string;
    /** The ids of the discussions; all of them when left out. */
    discussions?: readonly string[];
    /** Removes the vectors of this model that the run has. */
    again?: boolean;
    /** How many discussions are in work at the same time. When left out, as many as the model can take. */
    concurrency?: number | undefined;
    retry?: RetryPolicy;
  }>;

/**
 * Makes the missing vectors of a run's comments.
 *
 * @throws {RunError} When there is no run at the place, it is in use, or its vectors are damaged.
 * @throws {ModelError} When the model cannot work as it is set up, or offers no vectors.
 * @throws {StoreError} When a log can no longer be read.
 */
export async function embedRun(
  place: string,
  { models, adapters, folder }: Pick<LoadedModels, "models" | "adapters" | "folder">,
  { model: name, discussions, again, concurrency, retry = RETRY_POLICY, ...options }: EmbedRunOptions,
): Promise<EmbeddingOutcome> {
  await using closing = new AsyncDisposableStack();
  const setup = models[name]!;
  const watch = new RunWatch(options);
  const notify = watch.telling(options.notify);
  const makers = { adapters, folder };
  const opened = await openModels([[name, setup]], makers, watch.modelsWith(notify));
  closing.defer(opened.close);
  const limited = opened.lookUp(name, setup);
  if (limited.model.embed === undefined) throw noVectors(name, setup.adapter);
  const parts = await identifyModels([[name, setup]], makers);
  const home = await runAt(place, { onTornTail: watch.warnOfTornTail });
  const run = await home.reopen();
  closing.defer(run.close);
  closing.use(watch);
  await watch.open(run, new Map());
  const model = asVectorModel(name, setup, { parts, sha256: nativeSha256 });
  const vectors = await openVectors(run, model, { again });
  await watch.begin("vectors begin", { model: name, key: model.key });
  const outcome = await embedDiscussions(discussions ?? run.store.streams(), {
    ...options,
    notify,
    budget: watch.budget,
    concurrency: concurrency ?? Math.min(opened.concurrency, CONCURRENCY_MAX),
    environment: {
      store: run.store,
      clock: systemClock,
      retry,
      sha256: nativeSha256,
      model: limited,
      name,
      vectors,
    },
  });
  watch.log?.outcome("vectors", outcome);
  return outcome;
}

function noVectors(name: string, adapter: string): ModelError {
  return new ModelError(
    "broken-model",
    `Cannot make vectors with the model "${name}": its adapter ${adapter} offers none. Use a model with the adapter ` +
      "openai, for servers with /v1/embeddings, or transformers",
  );
}
