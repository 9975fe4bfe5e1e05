/** The program that a simulation runs: what a run of an experiment does with the engine. */
import type { AnnotationDesign, ReparseOptions } from "../annotation/mod.ts";
import {
  annotateDiscussions,
  type AnnotationEnvironment,
  type Environment,
  reparseDiscussion,
  runDiscussions,
  type SessionOptions,
} from "../engine/mod.ts";
import type { Scenario } from "./scenario.ts";

/** How the user ends the program. */
export type Signals = Pick<SessionOptions, "stop" | "abort">;

/** How far the program came. */
export type Ended = Readonly<{ isDone: boolean }>;

/** Holds the discussions, judges those that have ended, and reads the judges' replies again. */
export async function holdAndJudge(
  { designs, pass, concurrency, stopEarly }: Scenario,
  environment: Environment,
  signals: Signals = {},
): Promise<Ended> {
  const options = { concurrency, ...signals };
  const held = await runDiscussions(designs, environment, { ...options, stopEarly });
  if (held.cutShort !== null) return { isDone: false };
  const { rules: { sha256 } } = environment;
  const judging: AnnotationEnvironment = { ...environment, sha256 };
  const ids = designs.map(({ id }) => id);
  const judged = await annotateDiscussions(() => ids, pass, { environment: judging, ...options });
  if (held.ended < designs.length || judged.ended < designs.length) return { isDone: false };
  for (const id of ids) await reparseDiscussion(id, { ...readAgain(pass), record: true }, judging);
  return { isDone: true };
}

function readAgain({ pass, codebook }: AnnotationDesign): ReparseOptions & Readonly<{ pass: string }> {
  const scales = codebook.scales.map((scale) => ({ ...scale, grammar: "mention" as const }));
  return { pass, as: `${pass} again`, codebook: { ...codebook, version: "2", scales } };
}
