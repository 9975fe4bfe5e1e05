/**
 * Runs for tests of rating.
 *
 * @module
 */
import type { RatingSettings } from "../../experiment/mod.ts";
import { memoryRun } from "../../ports/memory_run.ts";
import type { RunWriter } from "../../ports/mod.ts";
import { designWith, moderatorWith, storeHolding, undisturbed } from "../../testing/mod.ts";
import { sampleRun } from "../../testing/sample_run.ts";

/** Settings with instructions and without checks. */
export const PLAIN_RATING: RatingSettings = { instructions: "Rate.", repeat: 0, known: [], quiz: [] };

/**
 * A run in memory with finished discussions. The condition of a discussion is the part of its id before the
 * first point.
 */
export async function ratedRun(ids: readonly string[]): Promise<RunWriter> {
  const run = await memoryRun().open(sampleRun());
  for (const id of ids) await addDiscussion(run, id);
  return run;
}

/** Adds a finished discussion of four turns. */
export async function addDiscussion(run: RunWriter, id: string): Promise<void> {
  const design = designWith({ id, turns: 4, condition: id.split(".")[0]!, moderator: moderatorWith() });
  const held = await storeHolding(id, undisturbed(design));
  const lines = await Array.fromAsync(held.read(id));
  await run.store.append(id, 0, lines);
}
