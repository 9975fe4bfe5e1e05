/** The program that a simulation runs: what a run of an experiment does with the engine. */
import type { AnnotationDesign } from "../events/mod.ts";
import type { ReparseOptions } from "../annotation/mod.ts";
import {
  annotateDiscussions,
  type AnnotationEnvironment,
  type CutShort,
  type Environment,
  reparseDiscussion,
  runDiscussions,
  type SessionOptions,
} from "../engine/mod.ts";
import type { Scenario } from "./scenario.ts";

/** What ends the program: the user, or a limit. */
export type Ends = Pick<SessionOptions, "stop" | "abort" | "budget">;

/** How far the program came, and what kept it from going further. */
export type Ended = Readonly<{
  isDone: boolean;
  cutShort: CutShort | null;
  /** Discussions that were left as they were, since a model or condition was stopped. */
  left: number;
}>;

/** A program that holds and judges what a scenario says. */
export type Program = (scenario: Scenario, environment: Environment, ends?: Ends) => Promise<Ended>;

/** Holds the discussions, judges those that have ended, and reads the judges' replies again. */
export async function holdAndJudge(
  { designs, pass, concurrency, stopEarly }: Scenario,
  environment: Environment,
  ends: Ends = {},
): Promise<Ended> {
  const options = { concurrency, ...ends };
  const held = await runDiscussions(designs, environment, { ...options, stopEarly });
  const left = held.stopped.reduce((sum, lane) => sum + lane.left, 0);
  if (held.cutShort !== null) return { isDone: false, cutShort: held.cutShort, left };
  const { rules: { sha256 } } = environment;
  const judging: AnnotationEnvironment = { ...environment, sha256 };
  const ids = designs.map(({ id }) => id);
  const judged = await annotateDiscussions(() => ids, pass, { environment: judging, ...options });
  const { cutShort } = judged;
  if (held.ended < designs.length || judged.ended < designs.length) return { isDone: false, cutShort, left };
  for (const id of ids) await reparseDiscussion(id, { ...readAgain(pass), record: true }, judging);
  return { isDone: true, cutShort, left };
}

function readAgain({ pass, codebook }: AnnotationDesign): ReparseOptions & Readonly<{ pass: string }> {
  const scales = codebook.scales.map((scale) => ({ ...scale, grammar: "mention" as const }));
  return { pass, as: `${pass} again`, codebook: { ...codebook, version: "2", scales } };
}
