/** Experiments for tests. */
import { memorySources } from "../ports/mod.ts";
import type { Experiment } from "./experiment.ts";
import { builtInExtensions, type Extensions } from "./extensions.ts";
import { parseExperiment } from "./parse.ts";
import { ExperimentError, formatProblem } from "./problems.ts";

/** Files and extensions beside the experiment file. */
export type Beside = Readonly<{ files?: Readonly<Record<string, string>>; extensions?: Partial<Extensions> }>;

/** Reads an experiment whose file is called `exp.yaml`. */
export function parsed(text: string, { files = {}, extensions = {} }: Beside = {}): Promise<Experiment> {
  return parseExperiment(text, {
    file: "exp.yaml",
    sources: memorySources(files),
    extensions: { ...builtInExtensions(["scripted", "openai"]), ...extensions },
  });
}

/** The problems of a wrong experiment, as a user reads them. */
export async function problemsOf(text: string, beside?: Beside): Promise<readonly string[]> {
  try {
    await parsed(text, beside);
  } catch (error) {
    if (error instanceof ExperimentError) return error.problems.map(formatProblem);
    throw error;
  }
  return [];
}

/** The smallest experiment: three personas, one model, four turns. */
export const SMALL = `
name: small
seed: 42
models:
  talker: { adapter: scripted }
participants:
  model: talker
  personas: [{ name: Anna }, { name: Ben }, { name: Cid }]
discussion:
  turns: 4
`;
