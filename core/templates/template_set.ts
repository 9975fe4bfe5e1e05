/** A template set: all words that the program writes to models, in one language. */

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
 * The name of a template: a system message or a user message for each kind of speaker; `comment`, one shown comment;
 * `beginning`, the user message before a speaker's own comment if that comment is the first one shown.
 */
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

/**
 * How comments become messages. `transcript`: all of them are in one user message. `messages`: the speaker's own
 * comments are the assistant's messages, and all others the user's.
 */
export type TemplateLayout = "transcript" | "messages";

/** The texts of prompts in Jinja. A set can leave out templates that no prompt needs. */
export type TemplateSet =
  & Readonly<{
    name: string;
    layout: TemplateLayout;
    /** The text between two comments; an empty line if it is left out. */
    separator?: string;
  }>
  & Readonly<Partial<Record<TemplateName, string>>>;
