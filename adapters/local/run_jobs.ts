/** The jobs of a run: a job for each discussion, and one more for each annotation pass. */
import { laneOfDiscussion, laneOfPass } from "../../core/engine/mod.ts";
import type { AnnotationDesign } from "../../core/events/mod.ts";
import type { WorkQueue } from "../../core/ports/mod.ts";
import type { LoadedExperiment } from "./load_experiment.ts";

/** The task of running the discussions. */
export const DISCUSSIONS_TASK = "discussions";

const PASS_PREFIX = "annotation/";

/** The task of annotating discussions in a pass. */
export function passTask(pass: string): string {
  return `${PASS_PREFIX}${pass}`;
}

/** The pass of a task; `null` if the task is to run the discussions. */
export function passOfTask(task: string): string | null {
  return task.startsWith(PASS_PREFIX) ? task.slice(PASS_PREFIX.length) : null;
}

/** Adds the jobs of an experiment and of its own annotation pass. Jobs that failed wait again. */
export async function addRunJobs(queue: WorkQueue, { plan, experiment }: LoadedExperiment): Promise<void> {
  const streams: string[] = [];
  const discussions = function* () {
    for (const design of plan) {
      streams.push(design.id);
      yield { stream: design.id, lane: laneOfDiscussion(design) };
    }
  };
  await queue.add(DISCUSSIONS_TASK, discussions());
  if (experiment.annotation !== null) await addPassJobs(queue, experiment.annotation.design, streams);
}

/** Adds the jobs of an annotation pass over some discussions. Jobs that failed wait again. */
export async function addPassJobs(
  queue: WorkQueue,
  design: AnnotationDesign,
  streams: Iterable<string>,
): Promise<void> {
  const jobs = function* () {
    for (const stream of streams) yield { stream, lane: laneOfPass(design) };
  };
  await queue.add(passTask(design.pass), jobs());
}
