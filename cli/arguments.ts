/** Kinds of values that command lines hold. */
import { type Message, message, text } from "@optique/core/message";
import type { NonEmptyString } from "@optique/core/nonempty";
import { integer, type ValueParser } from "@optique/core/valueparser";
import { PASS_NAME, PASS_NAME_ERROR } from "../core/annotation/pass_name.ts";
import { CONCURRENCY_MAX } from "../core/engine/limits.ts";

/** Most parts that a run can be split into. */
export const SHARDS_MAX = 100_000;

/** One part of a run that is split over processes: the `index`-th of `count`, from 1. */
export type Shard = Readonly<{ index: number; count: number }>;

/**
 * A path; shells complete it.
 *
 * @param metavar What the help calls it.
 * @param type What shells offer.
 */
export function path(
  metavar: NonEmptyString,
  type: "file" | "directory" | "any" = "any",
): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar,
    placeholder: "",
    parse(input) {
      return input === ""
        ? { success: false, error: message`The path is empty.` }
        : { success: true, value: input };
    },
    format: (value) => value,
    *suggest(prefix) {
      yield { kind: "file", type, pattern: prefix, includeHidden: false };
    },
  };
}

/** How many discussions are held at a time. */
export function concurrency(): ValueParser<"sync", number> {
  return integer({ metavar: "N", min: 1, max: CONCURRENCY_MAX });
}

/** The name of a pass that is to be recorded. */
export function passName(): ValueParser<"sync", string> {
  return {
    mode: "sync",
    metavar: "NAME",
    placeholder: "",
    parse(input) {
      return PASS_NAME.test(input)
        ? { success: true, value: input }
        : { success: false, error: [text(`Expected ${PASS_NAME_ERROR}, found `), ...message`${input}.`] };
    },
    format: (value) => value,
  };
}

/** `i/n`. */
export function shard(): ValueParser<"sync", Shard> {
  return {
    mode: "sync",
    metavar: "i/n",
    placeholder: { index: 1, count: 1 },
    parse(input) {
      const [, i, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(input) ?? [];
      const [index, count] = [Number(i), Number(n)];
      return index >= 1 && index <= count && count <= SHARDS_MAX
        ? { success: true, value: { index, count } }
        : {
          success: false,
          error: message`Expected a part such as 1/8 (the first of eight), found ${input}.`,
        };
    },
    format: ({ index, count }) => `${index}/${count}`,
  };
}

/** What is said where an argument is left out. */
export function missing(
  metavar: string,
  what: string,
): Readonly<{ errors: Readonly<{ endOfInput: Message }> }> {
  return { errors: { endOfInput: [text(`${metavar} is missing: ${what}.`)] } };
}
