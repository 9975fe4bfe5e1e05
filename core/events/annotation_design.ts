/** The design of an annotation pass: everything that is decided before the first comment is annotated. */
import { z } from "../zod.ts";
import { type Scale, SCALE_TYPES } from "../annotation/scales/mod.ts";
import { count, hash, jsonRecord, models, source } from "./shapes.ts";
import { canonical, type Json } from "../json.ts";
import type { ModelSpec } from "./models.ts";
import type { ImportSource } from "./discussion_design.ts";

/** Everything that is asked about a comment. */
export type Codebook = Readonly<{
  /** The researcher's own word for this version; the beginning of `hash` where there is none. */
  version: string;
  /** SHA-256 (hex) of the scales in canonical form: equal codebooks ask the same. */
  hash: string;
  scales: readonly Scale[];
}>;

/** A model, or a person elsewhere, who annotates comments. */
export type Annotator = Readonly<{
  /** Unique in its pass. */
  name: string;
  /** The model's name in `AnnotationDesign.models`; left out when the annotations were imported. */
  model?: string;
  /** What the prompt says of the annotator: keys and values. */
  persona: Readonly<Record<string, Json>>;
  instructions: string;
  /** Where this annotator's annotations come from, when they were imported. */
  source?: ImportSource;
}>;

/** Which comments are annotated. */
export type Targets = Readonly<{
  /** Whose: openings are among `all` alone. */
  of: "all" | "participants" | "moderators";
  /** How many of them in each discussion, drawn at random; all where it is left out. */
  perDiscussion?: number;
}>;

/** Everything that is needed to carry out a pass over one discussion. */
export type AnnotationDesign = Readonly<{
  /** The pass's name: a discussion has each pass once. */
  pass: string;
  codebook: Codebook;
  annotators: readonly Annotator[];
  /** The models that the annotators use. */
  models: Readonly<Record<string, ModelSpec>>;
  /** How many comments before the annotated comment a prompt shows; `null` shows all of them. */
  history: number | null;
  targets: Targets;
  /** Whether one request asks for all scales, or each is asked for alone. */
  requests: "together" | "separate";
  /** How often an annotator is asked again whose reply holds no valid value. */
  retries: number;
  /** The seed of the pass's named random streams. */
  seed: string;
  prompt: Readonly<{ version: number }>;
  /** The version of the rules by which replies are read; 1 if it is left out. */
  reading?: number;
  /** Where the annotations come from, when they were imported. */
  source?: ImportSource;
  /** The pass whose stored replies were read again, when no model was asked. */
  reparsedFrom?: string;
}>;

/** Whether two passes ask the same of a discussion; a pass that has begun keeps the rules that its replies are read by. */
export function sameDesign(one: AnnotationDesign, other: AnnotationDesign): boolean {
  return comparable(one) === comparable(other);
}

/** A persona's attributes keep their order, which is also their order in the prompt. */
function comparable(design: AnnotationDesign): string {
  const annotators = design.annotators.map((annotator) => ({
    ...annotator,
    persona: JSON.stringify(annotator.persona),
  }));
  const { reading: _, ...asked } = design;
  return canonical({ ...asked, annotators });
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
  prompt: z.object({ version: z.int().positive() }),
  reading: z.int().positive().optional(),
  source: source.optional(),
  reparsedFrom: z.string().optional(),
});
