/** Annotates a run in a database together with other processes. */
import { annotateTogether, type LoadedAnnotation } from "../../adapters/local/mod.ts";
import { runAt } from "../../adapters/stores/mod.ts";
import { watchOptionsOf, type WorkerValues } from "../shared/limits.ts";
import type { ExitCode } from "../shared/program.ts";
import type { Io } from "../terminal/text_sink.ts";
import { whileShown } from "./work_on_run.ts";

/** The place of the run, its discussions to annotate, and the command. */
type AnnotateCommand = Readonly<{
  place: string;
  discussions: readonly string[];
  values: WorkerValues;
  words: readonly string[];
}>;

/** Adds a pass to the run, and works on it until nothing is left. */
export async function annotateAt(
  loaded: LoadedAnnotation,
  { place, discussions, values, words }: AnnotateCommand,
  io: Io,
): Promise<ExitCode> {
  const { queueAt } = await import("../../adapters/queues/mod.ts");
  const { postgresLimitBoard } = await import("../../adapters/stores/postgres/mod.ts");
  const home = await runAt(place);
  return await whileShown(home, { values, words }, io)(async ({ say, warn, ...shown }) => [
    await annotateTogether(home, loaded, {
      ...watchOptionsOf(values, say, Object.values(loaded.setup.models)),
      ...shown,
      discussions,
      concurrency: values.concurrency,
      openQueue: () => queueAt(place, warn),
      openBoard: () => postgresLimitBoard(place),
      warn,
    }),
  ]);
}
