/** An experiment that was read and found valid. */
import type { AnnotationDesign } from "../events/mod.ts";
import type { Json } from "../json.ts";
import type { ModelSpec } from "../events/models.ts";
import type { Intervention, Moderator, PromptSpec, RuleSpec } from "../events/discussion_design.ts";
import type { Past } from "../discussion/past.ts";
import type { Matched } from "./matched.ts";
import type { AnalysisDesign } from "./analysis_design.ts";

/** A persona that can take part. */
export type Persona = Readonly<{
  name: string;
  /** The attributes except the name, in the order of the file. `talkativeness` is one of them. */
  attributes: Readonly<Record<string, Json>>;
}>;

/**
 * The comments that a discussion starts with. If a comment has no author, a participant is drawn as its
 * author.
 */
export type Opening = readonly Readonly<{ author?: string; text: string }>[];

/** A role that participants can be given. */
export type Role =
  & Readonly<{ name: string; instructions: string }>
  & (Readonly<{ probability: number }> | Readonly<{ count: number }>);

/** Limits of the requests to a model. */
export type ModelLimits = Readonly<{
  /** Requests in flight: a fixed number, or as many as the server can take. */
  concurrency: number | "adaptive";
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  requestSeconds?: number;
}>;

/** The prices of a million tokens. */
export type Prices = Readonly<{ input: number; output: number; currency?: string }>;

/** A model, and how it is reached. */
export type ModelSetup =
  & ModelSpec
  & Readonly<{
    /** Options that may change between the starts of a run, such as a server's address. */
    service: Readonly<Record<string, Json>>;
    /** Limits of requests. By default, concurrency is adaptive and rates have no limit. */
    limits?: ModelLimits;
    prices?: Prices;
  }>;

/** A text that people read. */
export type PeopleText = Readonly<{
  /** The path as the file names it. */
  file: string;
  text: string;
  /** SHA-256 (hex) of the text. */
  sha256: string;
}>;

/** An item with known answers. It has one or more comments. The last of them is rated. */
export type KnownItem = Readonly<{
  comments: readonly Readonly<{ author: string; text: string }>[];
  /** Scale → known answer, as a rater would write it. The answers on other scales are not checked. */
  answers: Readonly<Record<string, string>>;
}>;

/** How people rate comments. */
export type RatingSettings = Readonly<{
  /** What raters read first; `null` if the file names no text. */
  instructions: string | null;
  /** The share of comments that a rater rates twice, from 0 to 1. */
  repeat: number;
  /** Items among the comments, with known answers. */
  known: readonly KnownItem[];
  /** Items before the first comment, with known answers. */
  quiz: readonly KnownItem[];
}>;

/** The texts for the people who take part or annotate. */
export type PeopleSetup = Readonly<{
  /** The text that a person agrees to first; `null` if the file names none. */
  consent: PeopleText | null;
  /** The text that a person reads at the end; `null` if the file names none. */
  debriefing: PeopleText | null;
  rating: RatingSettings;
}>;

/** An annotation pass, and how its models are reached. */
export type AnnotationSetup = Readonly<{
  design: AnnotationDesign;
  models: Readonly<Record<string, ModelSetup>>;
  people: PeopleSetup;
}>;

/** Everything that the discussions of a condition share. */
export type DiscussionSettings = Readonly<{
  /** The models from which the model of each participant is drawn: at least one, in the order of the file. */
  participantModels: readonly string[];
  /** The model of the pinned personas; `null` if their models are drawn, too. */
  pinnedModel: string | null;
  /** The pinned personas: they take part in every discussion, and have the first seats. */
  pinned: readonly Persona[];
  others: readonly Persona[];
  count: number;
  roles: readonly Role[];
  /** One opening is drawn. The list is empty if participants start. */
  openings: readonly Opening[];
  turns: number;
  history: number | null;
  turnTaking: RuleSpec;
  interventions: readonly Intervention[];
  /**
   * The beginnings that these discussions continue, one after the other; `null` if they start without a past.
   */
  past: readonly Past[] | null;
  passWord: string;
  prompt: PromptSpec;
  moderator: Moderator | null;
  models: Readonly<Record<string, ModelSetup>>;
}>;

/** One level of a factor. */
export type Level = Readonly<{ label: string; value: Json }>;

/** A value of the file that differs between discussions. */
export type Factor = Readonly<{
  /** The dotted path, as the file writes it. */
  path: string;
  /** The name that tables and plots show; by default the path. */
  label?: string;
  levels: readonly Level[];
}>;

/** One combination of the crossed factors' levels. */
export type Condition = Readonly<{
  /** The levels' labels joined by `+`; `base` without factors. Unique in its experiment. */
  label: string;
  /** Factor path → label, in the file's order. */
  factors: Readonly<Record<string, string>>;
  /** The settings for each combination of levels of `Experiment.vary`, in the order of `combinations()`. */
  variants: readonly DiscussionSettings[];
}>;

/** A file that an experiment names. */
export type SourceFile = Readonly<{ text: string; value: Json }>;

/** An experiment that was read and found valid. */
export type Experiment = Readonly<{
  name: string;
  seed: string;
  replications: number;
  /** What the conditions of one replicate share. */
  matched: Matched;
  factors: readonly Factor[];
  /** The varied values. One level of each is drawn for every discussion. */
  vary: readonly Factor[];
  conditions: readonly Condition[];
  annotation: AnnotationSetup | null;
  people: PeopleSetup;
  /** How outcomes are analysed; `null` if nothing is declared. */
  analysis: AnalysisDesign | null;
  /** The files that the discussions depend on: path as written → the file. */
  sources: ReadonlyMap<string, SourceFile>;
  /** The content that discussions depend on, with all defaults. Values that a factor sets are `null`. */
  content: Readonly<Record<string, Json>>;
}>;
