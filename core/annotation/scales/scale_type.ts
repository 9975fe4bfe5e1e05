/** The interface of types of scales. It covers everything that depends on the type. */
import type { AnswerProperty } from "../../answer_form.ts";
import type { ReadValue } from "./read_value.ts";

/**
 * How replies are read. `exact` accepts a reply that is only a value. `mention` accepts a reply with exactly one
 * valid value among other words.
 */
export type Grammar = "exact" | "mention";

/** The members that every scale has. */
export type ScaleQuestion = Readonly<{
  /** Unique in its codebook. */
  name: string;
  question: string;
  grammar?: Grammar;
}>;

/** A problem of a scale in an experiment file. */
export type ScaleProblem = Readonly<{
  path: readonly (string | number)[];
  /** `key` if the key is wrong, not its value. */
  part?: "key";
  message: string;
}>;

/** A type of scale. `Content` has the members that only scales of this type have. */
export interface ScaleType<Type extends string = string, Content extends object = object> {
  /** Its name in experiment files. */
  readonly type: Type;
  /** The Zod schemas of the content's members, as experiment files write them. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * The Zod schemas of the content's members in logs. They have no limits, because imported passes can exceed
   * the limits of experiment files.
   */
  readonly logged: Readonly<Record<string, unknown>>;
  /** Problems of content that fits the schema. */
  problems?(scale: Content): readonly ScaleProblem[];
  /** The form of an answer, as a phrase of the prompt: `a whole number from 1 to 5`. */
  form(scale: Content): string;
  /** All answers, if they can be listed. A model can then be restricted to them. */
  answers?(scale: Content): readonly string[] | null;
  /** The answer as a property of a JSON schema. `null` or missing if no schema describes the answers. */
  property?(scale: Content): AnswerProperty | null;
  /** Reads an answer without guessing. */
  read(scale: Content & Readonly<{ grammar?: Grammar }>, reply: string): ReadValue;
  /**
   * Longest answer, in characters. Only for types of free text, whose values are neither compared nor
   * averaged.
   */
  maxLength?(scale: Content): number;
  /** The level of measurement, for measures of agreement. */
  readonly level: "nominal" | "ordinal" | "interval";
  /** The labels, for types where each label is its own outcome. */
  labels?(scale: Content): readonly string[];
  /** The lowest and the highest value. Only for types whose values are whole numbers in an order. */
  steps?(scale: Content): Readonly<{ min: number; max: number }>;
  /** Whether the mean of an outcome is a share: the share of "yes", or the share of a label. */
  readonly isShare: boolean;
  /**
   * A phrase of the methods text that says how the values of several annotators become one value, such as
   * `their mean`.
   */
  readonly pooled: string | null;
  /** A sentence of the report that describes an outcome of this type. */
  outcome?(scale: Content): string;
  /** The answers as the report's tables show them: `1 to 5 (1 mild, 5 severe)`. */
  shown(scale: Content): string;
}
