/** The design of an annotation pass: everything that is decided before the first comment is annotated. */
import { z } from "../zod.ts";
import { type Scale, SCALE_TYPES } from "../annotation/scales/mod.ts";
import { count, hash, jsonRecord, models, source } from "./shapes.ts";
import { canonical, type Json } from "../json.ts";
import type { ModelSpec } from "./models.ts";
import { type NamedTemplates, namedTemplatesSchema } from "./template_set.ts";
import type { ImportSource } from "./discussion_design.ts";

/** All questions about a comment. */
export type Codebook = Readonly<{
  /** The researcher's name for this version of the codebook; by default the beginning of `hash`. */
  version: string;
  /** SHA-256 (hex) of the scales in canonical form: equal codebooks have equal hashes. */
  hash: string;
  scales: readonly Scale[];
}>;

/** A model that annotates comments, or a person or program whose annotations were imported. */
export type Annotator = Readonly<{
  /** Unique in its pass. */
  name: string;
  /** The model's name in `AnnotationDesign.models`. Missing if the annotations were imported. */
  model?: string;
  /** The annotator's attributes in the prompt: keys and values. */
  persona: Readonly<Record<string, Json>>;
  instructions: string;
  /** Where this annotator's annotations come from, if they were imported. */
  source?: ImportSource;
}>;

/** Which comments are annotated. */
export type Targets = Readonly<{
  /** Whose comments are annotated. Only `all` includes openings and scripted interventions. */
  of: "all" | "participants" | "moderators";
  /**
   * How many of these comments are annotated in each discussion. They are drawn at random; all by default.
   */
  perDiscussion?: number;
}>;

/** Everything that is needed to run a pass over one discussion. */
export type AnnotationDesign = Readonly<{
  /** The pass's name, unique in a discussion. */
  pass: string;
  codebook: Codebook;
  annotators: readonly Annotator[];
  /** The models that the annotators use. */
  models: Readonly<Record<string, ModelSpec>>;
  /** How many comments before the annotated comment a prompt shows; `null` shows all of them. */
  history: number | null;
  targets: Targets;
  /** Whether one request asks for all scales, or each scale has its own request. */
  requests: "together" | "separate";
  /** How often an annotator is asked again after a reply without a valid value. */
  retries: number;
  /** The seed of the pass's named random streams. */
  seed: string;
  /** The version of the prompts, and the template set. The set is missing if it is `default`. */
  prompt: Readonly<{ version: number; templates?: NamedTemplates }>;
  /** The version of the rules for reading replies. If it is missing, the version is 1. */
  reading?: number;
  /** Where the annotations come from, if they were imported. */
  source?: ImportSource;
  /** The pass whose stored replies this pass reads again, without asking a model. */
  reparsedFrom?: string;
}>;

/**
 * Whether two passes ask the same questions. Their versions of the rules for reading replies can differ: a
 * pass that has begun keeps its version.
 */
export function sameDesign(one: AnnotationDesign, other: AnnotationDesign): boolean {
  return comparable(one) === comparable(other);
}

/** What differs between two passes, in the words of annotation files. Empty if they ask the same questions. */
export function designDifferences(one: AnnotationDesign, other: AnnotationDesign): readonly string[] {
  const [left, right] = [parts(one), parts(other)];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].filter((key) => canonical(left[key]) !== canonical(right[key])).map((key) =>
    IN_FILES[key] ?? key
  );
}

/** Member of a design → its name in annotation files, if it is another one. */
const IN_FILES: Readonly<Record<string, string>> = {
  codebook: "scales",
  prompt: "prompts",
  reparsedFrom: "the pass whose replies are read again",
};

function comparable(design: AnnotationDesign): string {
  return canonical(parts(design));
}

/** The order of a persona's attributes counts, because it is also their order in the prompt. */
function parts(design: AnnotationDesign): Readonly<Record<string, unknown>> {
  const annotators = design.annotators.map((annotator) => ({
    ...annotator,
    persona: JSON.stringify(annotator.persona),
  }));
  const { reading: _, ...asked } = design;
  return { ...asked, annotators };
}

const named = {
  name: z.string(),
  question: z.string(),
  grammar: z.enum(["exact", "mention"]).optional(),
};
const scale = z.discriminatedUnion(
  "type",
  SCALE_TYPES.map(({ type, logged }) => z.object({ ...named, type: z.literal(type), ...logged })) as never,
) as unknown as z.ZodType<Scale>;

/** The shape of a pass in a log. */
export const annotationDesignSchema: z.ZodType<AnnotationDesign> = z.object({
  pass: z.string(),
  codebook: z.object({ version: z.string(), hash, scales: z.array(scale) }),
  annotators: z.array(z.object({
    name: z.string(),
    model: z.string().optional(),
    persona: jsonRecord,
    instructions: z.string(),
  })),
  models,
  history: count.nullable(),
  targets: z.object({
    of: z.enum(["all", "participants", "moderators"]),
    perDiscussion: z.int().positive().optional(),
  }),
  requests: z.enum(["together", "separate"]),
  retries: count,
  seed: z.string(),
  prompt: z.object({ version: z.int().positive(), templates: namedTemplatesSchema.optional() }),
  reading: z.int().positive().optional(),
  source: source.optional(),
  reparsedFrom: z.string().optional(),
});
