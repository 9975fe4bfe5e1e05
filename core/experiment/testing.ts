/** Experiments for tests. */
import { memorySources } from "../ports/mod.ts";
import type { AnnotationSetup, Experiment } from "./experiment.ts";
import { builtInExtensions, type Extensions } from "./extensions.ts";
import { readDocument } from "./document.ts";
import { parseExperiment } from "./parse.ts";
import { parseAnnotation } from "./section_files.ts";
import { ExperimentError, formatProblem } from "./problems.ts";

export type Beside = Readonly<{ files?: Readonly<Record<string, string>>; extensions?: Partial<Extensions> }>;

/** Reads a text as the experiment file `exp.yaml`. */
export function parsed(text: string, { files = {}, extensions = {} }: Beside = {}): Promise<Experiment> {
  return parseExperiment(readDocument(text, "exp.yaml"), {
    sources: memorySources(files),
    extensions: { ...builtInExtensions(["scripted", "openai"]), ...extensions },
  });
}

/** Reads a text as the annotation file `a.yaml`, for a run whose seed is `run seed`. */
export function parsedAnnotation(text: string, options: { pass?: string } = {}): Promise<AnnotationSetup> {
  return parseAnnotation(readDocument(text, "a.yaml"), {
    sources: memorySources(JUDGES),
    extensions: builtInExtensions(["scripted", "openai"]),
    seed: "run seed",
    ...options,
  });
}

export function problemsOf(text: string, beside?: Beside): Promise<readonly string[]> {
  return problemsIn(parsed(text, beside));
}

export function annotationProblemsOf(text: string): Promise<readonly string[]> {
  return problemsIn(parsedAnnotation(text));
}

async function problemsIn(read: Promise<unknown>): Promise<readonly string[]> {
  try {
    await read;
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

/** The smallest annotation: one annotator, one scale. */
export const RATED = `
models:
  judge: { adapter: scripted, temperature: 0.2 }
annotators: { model: judge }
scales:
  toxicity: { type: ordinal, min: 1, max: 5, question: How toxic? }
`;

/** An experiment with two factors, whose comments are annotated on a scale of every type. */
export const COMPARED = `${SMALL.replace("models:\n", "models:\n  judge: { adapter: scripted }\n")}
moderators:
  gentle: { model: talker, schedule: every-turn }
design:
  factors:
    moderator: [none, gentle]
    models.talker.temperature: [{ label: cold, value: 0.2 }, { label: hot, value: 0.9 }]
annotation:
  annotators: { model: judge }
  scales:
    toxicity: { type: ordinal, min: 1, max: 5, question: How toxic? }
    share: { type: interval, min: 0, max: 1, question: How much? }
    stance: { type: nominal, labels: [for, against], question: Which? }
    rude: { type: boolean, question: Is it rude? }
    why: { type: text, question: Why? }
`;

export const JUDGES = {
  "judges.json": '[{ "name": "Rita", "age": 50 }, { "name": "Sam" }, { "name": "Tom" }]',
};
