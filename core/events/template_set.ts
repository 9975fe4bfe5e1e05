/** A template set: all words that the program writes to models, in one language. */
import { z } from "../zod.ts";
import { hash } from "./shapes.ts";

/** The templates of a set. */
export const TEMPLATE_NAMES = [
  "participantSystem",
  "participant",
  "moderatorSystem",
  "moderator",
  "annotatorSystem",
  "annotator",
  "comment",
  "beginning",
] as const;

/**
 * The name of a template. Each kind of speaker has a system message and a user message. `comment` is one
 * shown comment. `beginning` is the user message that comes first if the first shown comment is the speaker's
 * own.
 */
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

/**
 * How comments become messages. `transcript`: all of them are in one user message. `messages`: the speaker's
 * own comments are messages of the assistant, and all other comments are messages of the user.
 */
export type TemplateLayout = "transcript" | "messages";

/** The texts of prompts in Jinja. A set can leave out templates that no prompt needs. */
export type TemplateSet =
  & Readonly<{
    name: string;
    layout: TemplateLayout;
    /** The text between two comments; by default an empty line. */
    separator?: string;
  }>
  & Readonly<Partial<Record<TemplateName, string>>>;

/**
 * A template set as logs name it. The program finds a built-in set by name and hash. Any other set is stored.
 */
export type NamedTemplates = Readonly<{
  name: string;
  /** SHA-256 (hex) of the set in canonical form. */
  sha256: string;
  /** The whole set, if it is not built in. */
  texts?: TemplateSet;
}>;

const texts = z.object({
  name: z.string(),
  layout: z.enum(["transcript", "messages"]),
  separator: z.string().optional(),
  ...Object.fromEntries(TEMPLATE_NAMES.map((name) => [name, z.string().optional()])),
}) as unknown as z.ZodType<TemplateSet>;

/** The shape of a named template set in a log. */
export const namedTemplatesSchema: z.ZodType<NamedTemplates> = z.object({
  name: z.string(),
  sha256: hash,
  texts: texts.optional(),
});
