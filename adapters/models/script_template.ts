/** Templates of scripted replies: texts with `{{placeholders}}`. */
import type { ModelRequest } from "../../core/ports/model.ts";
import { lastComment } from "./last_comment.ts";

/** What a template can name. */
export const PLACEHOLDERS = ["speaker", "turn", "author", "last"] as const;

type Placeholder = (typeof PLACEHOLDERS)[number];

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** What `{{last}}` shows of the last comment, in words. */
const LAST_WORDS_MAX = 8;

/** A template, made ready. */
export type Script = (request: ModelRequest) => string;

/** The placeholders of a template that do not exist. */
export function unknownPlaceholders(template: string): readonly string[] {
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name]) => name!);
  return names.filter((name) => !PLACEHOLDERS.includes(name as Placeholder));
}

/**
 * Makes a template ready.
 *
 * `{{speaker}}` is whoever is asked and `{{turn}}` the turn, counted from 1. `{{author}}` wrote the last comment that
 * the prompt shows, and `{{last}}` is its beginning; in a prompt that shows none they are `everyone` and `this`.
 *
 * @param template A text whose placeholders all exist.
 */
export function compileTemplate(template: string): Script {
  // Splitting at a pattern with a group gives texts at even places and placeholders at odd ones.
  const parts = template.split(PLACEHOLDER);
  if (parts.length === 1) return () => template;
  const readsPrompt = parts.some((part, index) => index % 2 === 1 && (part === "author" || part === "last"));
  return (request) => {
    const last = readsPrompt ? lastComment(request.messages) : null;
    let text = parts[0]!;
    for (let index = 1; index < parts.length; index += 2) {
      text += valueOf(parts[index] as Placeholder, request, last) + parts[index + 1]!;
    }
    return text;
  };
}

function valueOf(name: Placeholder, { origin }: ModelRequest, last: ReturnType<typeof lastComment>): string {
  switch (name) {
    case "speaker":
      return origin.speaker;
    case "turn":
      return String(origin.turn + 1);
    case "author":
      return last?.author ?? "everyone";
    case "last":
      return last === null ? "this" : shortened(last.text);
  }
}

function shortened(text: string): string {
  const words = text.split(/\s+/, LAST_WORDS_MAX + 1).filter((word) => word !== "");
  return words.length > LAST_WORDS_MAX ? `${words.slice(0, LAST_WORDS_MAX).join(" ")} …` : words.join(" ");
}
