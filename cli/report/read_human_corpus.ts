/** Reads a corpus of people's discussions, to compare runs with it. */
import type { HumanCorpus } from "../../analysis/report/sections/mod.ts";
import type { RunLogs } from "../shared/logs.ts";
import { UsageError } from "../shared/program.ts";
import { readRuns } from "./read_runs.ts";

/** A corpus, its logs, and how many of its discussions have ended. */
export type ReadHumanCorpus = Readonly<{ corpus: HumanCorpus; logs: RunLogs; ended: number }>;

/**
 * Reads the run at a place.
 *
 * @throws {UsageError} When models wrote its comments: it is neither imported nor a run in which people take part.
 */
export async function readHumanCorpus(place: string): Promise<ReadHumanCorpus> {
  const { runs: [run], observations, logs } = await readRuns([place]);
  const { run: name, sources, people } = run!;
  if (sources === null && people === undefined) {
    throw new UsageError(
      `Cannot compare with "${place}" as discussions of people: it is a run in which models wrote all comments. ` +
        "Import a corpus with import, or leave out --human",
    );
  }
  const ended = observations.filter(({ end }) => end !== "unfinished").length;
  return { corpus: { name, observations }, logs: logs.get(name)!, ended };
}
