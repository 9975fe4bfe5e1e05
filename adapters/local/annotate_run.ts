/** Annotating: a pass over the discussions of a run folder. */
import { join } from "node:path";
import {
  annotateDiscussions,
  type AnnotationOptions,
  type AnnotationOutcome,
  CONCURRENCY_MAX,
  RETRY_POLICY,
  type RetryPolicy,
} from "../../core/engine/mod.ts";
import type { EventStore } from "../../core/ports/mod.ts";
import { openHeldRun, RUN_FILES, writeRunFile } from "../stores/mod.ts";
import type { LoadedAnnotation } from "./load_annotation.ts";
import { nativeSha256 } from "./native_sha256.ts";
import { type OpenModels, openModels } from "./open_models.ts";
import { systemClock } from "./system_clock.ts";

/** How a pass is to be carried out. */
export type AnnotateOptions =
  & Omit<AnnotationOptions, "concurrency" | "begin">
  & Readonly<{
    /** Discussions that are judged at the same time; as many as the models take where it is left out. */
    concurrency?: number;
    retry?: RetryPolicy;
  }>;

/** A pass with what its models are made of. */
export type Annotatable = Pick<LoadedAnnotation, "setup" | "adapters" | "folder" | "text">;

/**
 * Carries a pass out over a run, or goes on with it: judgements that are there are not asked for again.
 *
 * @param path The run's folder.
 * @param loaded The pass.
 * @param options How many at once, which discussions, who is told.
 * @throws {RunFolderError} When there is no run in the folder, or it is in use.
 * @throws {ModelError} When a model cannot work as it is set up.
 * @throws {OtherPass} When the run holds a pass of the same name that asks something else.
 * @throws {StoreError} When a log can no longer be written; what was acknowledged is kept.
 */
export async function annotateRun(
  path: string,
  loaded: LoadedAnnotation,
  { discussions, warn = () => {}, ...options }:
    & AnnotateOptions
    & Readonly<{
      /** The ids of those that are judged; all of them where it is left out. */
      discussions?: readonly string[];
      /** Told about what a killed process left behind and this one cleaned up. */
      warn?: (message: string) => void;
    }> = {},
): Promise<AnnotationOutcome> {
  await using closing = new AsyncDisposableStack();
  const run = await openHeldRun(path, {
    onTornTail: ({ stream, bytes }) =>
      warn(`${stream}: the last ${bytes} bytes are the beginning of a line that was never finished; cut off`),
  });
  closing.defer(run.close);
  return await annotateStreams(() => discussions ?? run.store.streams(), loaded, {
    ...options,
    store: run.store,
    folder: path,
  });
}

/**
 * Carries a pass out over streams of a run that is open for writing, and keeps the file that describes it beside them.
 *
 * @param streams Lists the discussions' ids.
 * @param annotatable The pass.
 * @param options The run's store and folder, models that are open already, and how it is to go.
 * @throws {OtherPass} When a log holds a pass of the same name that asks something else; nothing was written then.
 */
export async function annotateStreams(
  streams: () => Iterable<string> | AsyncIterable<string>,
  { setup: { design, models: setups }, adapters, folder, text }: Annotatable,
  { store, folder: run, retry = RETRY_POLICY, concurrency, models: open, ...options }:
    & AnnotateOptions
    & Readonly<{ store: EventStore; folder: string; models?: OpenModels }>,
): Promise<AnnotationOutcome> {
  await using closing = new AsyncDisposableStack();
  const models = open ?? await openModels(Object.entries(setups), adapters, folder);
  if (open === undefined) closing.defer(models.close);
  return await annotateDiscussions(streams, design, {
    ...options,
    begin: () => writeRunFile(join(run, RUN_FILES.annotations, `${design.pass}.yaml`), text),
    concurrency: concurrency ?? Math.min(models.concurrency, CONCURRENCY_MAX),
    environment: { store, models: models.lookUp, clock: systemClock, retry, sha256: nativeSha256 },
  });
}
