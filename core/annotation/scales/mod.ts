/**
 * Scales: the questions to annotators, and the reading of their answers. One file for each type of scale.
 *
 * @module
 */
import { boolean } from "./boolean.ts";
import { interval } from "./interval.ts";
import { nominal } from "./nominal.ts";
import { ordinal } from "./ordinal.ts";
import type { ReadValue, ScaleValue } from "./read_value.ts";
import type { Grammar, ScaleProblem, ScaleQuestion, ScaleType } from "./scale_type.ts";
import { text } from "./text.ts";

/** The types of scales. To add one, write its file and list it here. */
export const SCALE_TYPES = [ordinal, interval, nominal, boolean, text] as const;

/** The members that only scales of one type have. `ScaleQuestion` has the members of all scales. */
export type ContentOf<T> = T extends ScaleType<infer Type, infer Content> ? Readonly<{ type: Type }> & Content
  : never;

/** The type of a scale, with the members of that type. */
export type ScaleContent = ContentOf<(typeof SCALE_TYPES)[number]>;

/** One question of the codebook, and its allowed answers. */
export type Scale = ScaleQuestion & ScaleContent;

const BY_NAME: ReadonlyMap<string, ScaleType> = new Map(
  SCALE_TYPES.map((one) => [one.type, one as ScaleType]),
);

/**
 * The type of a scale.
 *
 * @throws {TypeError} When there is no such type.
 */
export function scaleTypeOf(scale: Readonly<{ type: string }>): ScaleType {
  const found = BY_NAME.get(scale.type);
  if (found !== undefined) return found;
  throw new TypeError(`Cannot use a scale of the type "${scale.type}": there is no such type`);
}

/** Whether the answers are free text, which is neither compared nor averaged. */
export function isFreeText(scale: Readonly<{ type: string }>): boolean {
  return scaleTypeOf(scale).maxLength !== undefined;
}

/**
 * The value, if a reply has exactly one valid value. Otherwise the problem: no value, or several different
 * ones.
 */
export function readValue(scale: Scale, reply: string): ReadValue {
  return scaleTypeOf(scale).read(scale, reply);
}

export { firstRepeated } from "./labels.ts";
export type { Grammar, ReadValue, ScaleProblem, ScaleQuestion, ScaleType, ScaleValue };
