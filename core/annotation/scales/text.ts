/** `text`: free text of limited length. */
import { z } from "../../zod.ts";
import type { ScaleType } from "./scale_type.ts";

export type TextContent = Readonly<{
  /** In characters. */
  maxLength: number;
}>;

const LENGTH_MAX = 10_000;

const LENGTH_DEFAULT = 500;

const length = { error: `a whole number from 1 to ${LENGTH_MAX}` };

export const text: ScaleType<"text", TextContent> = {
  type: "text",
  options: {
    maxLength: z.int(length).min(1, length).max(LENGTH_MAX, length).describe(
      "The longest answer, in characters",
    )
      .default(LENGTH_DEFAULT),
  },
  logged: { maxLength: z.int().nonnegative() },
  form: ({ maxLength }) => `at most ${maxLength} characters`,
  property: ({ maxLength }) => ({ type: "string", maxLength }),
  read({ maxLength }, reply) {
    const value = reply.trim();
    if (value === "") return { problem: "the reply is empty" };
    const { length } = [...value];
    return length > maxLength
      ? { problem: `the reply has ${length} characters, expected at most ${maxLength}` }
      : { value };
  },
  maxLength: ({ maxLength }) => maxLength,
  level: "nominal",
  isShare: false,
  pooled: null,
  shown: ({ maxLength }) =>
    `text of at most ${maxLength.toLocaleString("en")} ${maxLength === 1 ? "character" : "characters"}`,
};
