/** Reads a corpus of people's discussions, to compare runs with it. */
import type { HumanCorpus } from "../../analysis/report/sections/mod.ts";
import { peoplesPart, wasAsked } from "../../analysis/projections/mod.ts";
import { realPlace, type RunLogs } from "../shared/logs.ts";
import { UsageError } from "../shared/program.ts";
import { readRuns } from "./read_runs.ts";
import type { SharedVectors } from "./read_vectors.ts";

/** A corpus, its logs, and how many of its discussions have ended. */
export type ReadHumanCorpus = Readonly<{ corpus: HumanCorpus; logs: RunLogs; ended: number }>;

/**
 * Reads the run at a place. Only what people said counts.
 *
 * @param shared The vectors of comments that the report compares.
 * @param warn See `ReadRunsOptions`.
 * @throws {UsageError} When it has no comment of a person that can be read.
 */
export async function readHumanCorpus(
  place: string,
  { vectors, people: collectors }: SharedVectors,
  warn: (line: string) => void,
): Promise<ReadHumanCorpus> {
  let [ofModels, ended] = [0, 0];
  const { observations, logs } = await readRuns([place], {
    collectors,
    warn,
    part(slots) {
      if (slots.ending !== null) ended++;
      const part = peoplesPart(slots);
      ofModels += part?.others ?? slots.comments.filter(wasAsked).length;
      return part?.discussion ?? null;
    },
  });
  const saidSomething = observations.some(({ slots }) =>
    slots.some((slot) => wasAsked(slot) && slot.comment !== null)
  );
  if (!saidSomething) {
    const why = ofModels > 0
      ? "it is a run in which models wrote all comments"
      : "no comment of a person in it can be read";
    throw new UsageError(
      `Cannot compare with "${place}" as discussions of people: ${why}. ` +
        "Import a corpus with import, or leave out --human",
    );
  }
  const [[name, own]] = [...logs] as [[string, RunLogs]];
  return { corpus: { name, observations, ofModels, vectors }, logs: own, ended };
}

/**
 * Refuses a corpus that is one of the runs which are compared with it, also under another path.
 *
 * @throws {UsageError}
 */
export function refuseItself(runs: readonly string[], human: string): void {
  const paths = runs.map(realPlace);
  if (!paths.includes(realPlace(human))) return;
  throw new UsageError(
    `Cannot compare the run "${human}" with itself: --human names a run of the report. ` +
      "Name a run of people's discussions, or leave out --human",
  );
}
