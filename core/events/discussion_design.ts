/** The design of one discussion: everything that is decided before its first comment. */
import type { Json } from "../json.ts";
import { z } from "../zod.ts";
import { count, hash, jsonRecord, models, source } from "./shapes.ts";
import type { ModelSpec } from "./models.ts";
import { type NamedTemplates, namedTemplatesSchema } from "./template_set.ts";

/** A participant, who takes turns. */
export type Participant = Readonly<{
  /** Unique within the discussion. */
  name: string;
  /** The model's name in `DiscussionDesign.models`. */
  model: string;
  /** The attributes of the persona except its name, in the order of the file. */
  persona: Readonly<Record<string, Json>>;
  role?: Readonly<{ name: string; instructions: string }>;
}>;

/** The options that the experiment file gives to a turn-taking strategy or a moderation schedule. */
export type RuleOptions = Readonly<Record<string, Json>>;

/** A Zod schema of a rule's options, such as `z.strictObject({ … })`. */
export type OptionsSchema = Readonly<{
  shape: Readonly<Record<string, unknown>>;
  safeParse: (options: unknown) => Readonly<{ success: boolean }>;
}>;

/** The name and the options of a turn-taking strategy or a moderation schedule. */
export type RuleSpec = Readonly<{ name: string; options: RuleOptions }>;

const RULE_TEXTS = new WeakMap<RuleSpec, string>();

/** A rule and its options on one line: `respond, probability 0.4`. The same object gives the same text again. */
export function ruleText(rule: RuleSpec): string {
  const known = RULE_TEXTS.get(rule);
  if (known !== undefined) return known;
  const text = [rule.name, ...optionTexts(rule.options)].join(", ");
  RULE_TEXTS.set(rule, text);
  return text;
}

/** Keys and values on one line: `age 34, occupation nurse`; empty if there are none. */
export function optionsText(options: RuleOptions): string {
  return optionTexts(options).join(", ");
}

function optionTexts(options: RuleOptions): string[] {
  return Object.entries(options).map(([key, value]) =>
    `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`
  );
}

/** The moderator, who watches and may speak between turns. */
export type Moderator = Readonly<{
  name: string;
  model: string;
  persona: Readonly<Record<string, Json>>;
  instructions: string;
  schedule: RuleSpec;
}>;

/** How prompts are written. The version keeps the prompts of old logs unchanged. */
export type PromptSpec = Readonly<{
  layout: "transcript" | "dialogue";
  version: number;
  /** The template set. Missing if it is `default` or `dialogue`: these two differ in their layout. */
  templates?: NamedTemplates;
  /** The first paragraph of every system message to a participant or moderator. */
  context: string;
  /** The last paragraph of every system message to a participant. */
  instructions: string;
}>;

/** A comment that the experiment file scripts. */
export type Intervention = Readonly<{
  /** The 1-based turn after which it is posted. */
  after: number;
  author: string;
  text: string;
}>;

/** Where a forked discussion comes from. */
export type ForkOrigin = Readonly<{
  stream: string;
  /**
   * The 0-based position of the last event of the past in the original log. This event can be one that is not
   * copied.
   */
  seq: number;
  /**
   * How many events were copied. They follow the first event. Their prompts were rendered from the design of
   * the original discussion, not from this design.
   */
  events: number;
  /** The hash of the event at `seq`. It identifies the past. Missing in forks of earlier versions. */
  hash?: string;
  /** The run of the original, as the experiment file names it. Missing if both are in one store. */
  run?: string;
}>;

/**
 * How many events after the first event are copies of the past. Forks of earlier versions have no hash. They
 * count as discussions without a past, so that their figures stay the same.
 */
export function copiedEvents({ forkedFrom }: Pick<DiscussionDesign, "forkedFrom">): number {
  return forkedFrom?.hash === undefined ? 0 : forkedFrom.events;
}

/** Where an imported discussion or annotation comes from. */
export type ImportSource = Readonly<{
  /** The kind of file. */
  format: string;
  /** The file's name, without folders. */
  file: string;
  /** SHA-256 (hex) of the file's content. */
  sha256: string;
}>;

/**
 * Where an imported discussion comes from. Also everything in its file that the events do not have, so that
 * the file can be written again.
 */
export type ImportOrigin =
  & ImportSource
  & Readonly<{
    /** The discussion's name in the file. Missing if the file has none. */
    id?: string;
    /** What the file says about the whole discussion. The members depend on the format. */
    members: Readonly<Record<string, Json>>;
    /**
     * What the file says about each participant, in the order of `participants`. Missing if `members` has it.
     */
    speakers?: readonly Readonly<Record<string, Json>>[];
    /** 0-based position among all slots → what the file says about this entry, without author and text. */
    entries: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  }>;

/** Everything that is needed to run one discussion. */
export type DiscussionDesign = Readonly<{
  /** The name of the stream. It is computed from condition, replicate and seed. */
  id: string;
  experiment: string;
  /** The condition's label; `base` for an experiment without factors. */
  condition: string;
  /** The level of every crossed factor: path → label. */
  factors: Readonly<Record<string, string>>;
  /** The level of everything that was drawn at random, and not crossed: path → label. */
  varied: Readonly<Record<string, string>>;
  /** 1-based number of the discussion in its condition. */
  replicate: number;
  /** The seed of the discussion's named random streams. In a matched design, all conditions of a replicate share it. */
  seed: string;
  /**
   * Separate seeds for random streams that differ between the conditions of a replicate. Missing if there are
   * none.
   */
  ownSeeds?: Readonly<{
    /** The seed for the draws of speakers. */
    speakers?: string;
    /** The seed for the sampling seeds in requests for comments. */
    sampling?: string;
  }>;
  participants: readonly Participant[];
  moderator: Moderator | null;
  openings: readonly Readonly<{ author: string; text: string }>[];
  /** Scripted comments, in the order in which they are posted. Missing if there are none. */
  interventions?: readonly Intervention[];
  /** How many turns the discussion has. */
  turns: number;
  /** How many of the last comments a prompt shows; `null` shows them all. */
  history: number | null;
  turnTaking: RuleSpec;
  /** The reply that means silence. */
  passWord: string;
  /** The version of the rules for reading replies. If it is missing, the version is 1. */
  reading?: number;
  prompt: PromptSpec;
  /** The models that the discussion uses. */
  models: Readonly<Record<string, ModelSpec>>;
  forkedFrom?: ForkOrigin;
  /** The file that the discussion was imported from. SynDisco decides no step of an imported discussion. */
  imported?: ImportOrigin;
}>;

const rule = z.object({ name: z.string(), options: jsonRecord });

const origin = source.extend({
  id: z.string().optional(),
  members: jsonRecord,
  speakers: z.array(jsonRecord).optional(),
  entries: z.record(z.string(), jsonRecord),
});

/** The shape of a design in a log. */
export const discussionDesignSchema: z.ZodType<DiscussionDesign> = z.object({
  id: z.string(),
  experiment: z.string(),
  condition: z.string(),
  factors: z.record(z.string(), z.string()),
  varied: z.record(z.string(), z.string()),
  replicate: z.int().positive(),
  seed: z.string(),
  ownSeeds: z.object({ speakers: z.string().optional(), sampling: z.string().optional() }).optional(),
  participants: z.array(z.object({
    name: z.string(),
    model: z.string(),
    persona: jsonRecord,
    role: z.object({ name: z.string(), instructions: z.string() }).optional(),
  })),
  moderator: z.object({
    name: z.string(),
    model: z.string(),
    persona: jsonRecord,
    instructions: z.string(),
    schedule: rule,
  }).nullable(),
  openings: z.array(z.object({ author: z.string(), text: z.string() })),
  interventions: z.array(z.object({ after: z.int().positive(), author: z.string(), text: z.string() }))
    .optional(),
  turns: count,
  history: count.nullable(),
  turnTaking: rule,
  passWord: z.string(),
  reading: z.int().positive().optional(),
  prompt: z.object({
    layout: z.enum(["transcript", "dialogue"]),
    version: z.int().positive(),
    templates: namedTemplatesSchema.optional(),
    context: z.string(),
    instructions: z.string(),
  }),
  models,
  forkedFrom: z.object({
    stream: z.string(),
    seq: count,
    events: count,
    hash: hash.optional(),
    run: z.string().optional(),
  }).optional(),
  imported: origin.optional(),
});

/** The rule of an imported discussion. The real rule is not known. */
export const IMPORTED_RULE: RuleSpec = { name: "imported", options: {} };

/** A model of an imported discussion. Only its name is known. */
export const IMPORTED_MODEL: ModelSpec = { adapter: "imported", sampling: {}, options: {} };

/** The model's name if the imported file does not give it. */
export const UNKNOWN_MODEL = "unknown";

/** The adapter of models that are people. In imported discussions, a person's model has this name. */
export const HUMAN_ADAPTER = "human";
