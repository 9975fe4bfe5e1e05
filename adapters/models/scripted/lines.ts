/** The lines of the scripted model: templates with `{{placeholders}}`, and the default lines. */
import type { Message, ModelRequest } from "../../../core/ports/model.ts";

export const PLACEHOLDERS = ["speaker", "turn", "author", "last"] as const;

type Placeholder = (typeof PLACEHOLDERS)[number];

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** How many words of the last comment `{{last}}` shows at most. */
const LAST_WORDS_MAX = 8;

export type Script = (request: ModelRequest) => string;

export function unknownPlaceholders(template: string): readonly string[] {
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name]) => name!);
  return names.filter((name) => !PLACEHOLDERS.includes(name as Placeholder));
}

/**
 * Compiles a template.
 *
 * `{{speaker}}` is the speaker and `{{turn}}` the turn, counted from 1. `{{author}}` wrote the last comment in the
 * prompt, and `{{last}}` is its beginning; without a comment they are `everyone` and `this`.
 */
export function compileTemplate(template: string): Script {
  // Splitting by a pattern with a group gives texts at even indices and placeholders at odd ones.
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

/** A comment in a prompt: a one-line name, a colon, a text. */
const SIGNED = /^([^\n:]{1,200}): (\S[^]*)$/;

/**
 * The last comment in one of the library's own prompts: the paragraph before the request for the reply. Prompts
 * indent all lines of a comment except the first, so that the comment stays one paragraph.
 */
export function lastComment(messages: readonly Message[]): Readonly<{ author: string; text: string }> | null {
  const paragraph = messages.at(-1)?.content.split("\n\n").at(-2);
  const found = paragraph === undefined ? null : SIGNED.exec(paragraph);
  return found === null ? null : { author: found[1]!, text: found[2]!.replaceAll("\n  ", "\n") };
}

/** The default lines of participants: neutral, on any topic, and easy to tell apart in a transcript. */
export const PARTICIPANT_REPLIES: readonly string[] = [
  "I agree with {{author}} on most of this, but I would like to see some numbers first.",
  "That is a fair point. In my own street it looks rather different, though.",
  'When I read "{{last}}", I wonder who would pay for it.',
  "I changed my mind about this last year, after talking to people who are affected.",
  "Could somebody explain what would change for those who work at night?",
  "I am not convinced yet. What happens if only a few people take part?",
  "As far as I know, another town tried it, and it took them two years.",
  'Let me disagree with {{author}}: "{{last}}" leaves out the people who have no choice.',
  "We should try it on a small scale before anybody decides for good.",
  "My main worry is that nobody will look after it once the first excitement is over.",
  "I think that we mix up two questions here: whether it is fair, and whether it works.",
  "It is easy to be against something. What would you propose instead, {{author}}?",
  "I asked my neighbours, and they were split about evenly.",
  "The cost is one thing, but what about the time that all of us would save?",
  "Speaking for myself, {{speaker}} here, I could live with either outcome.",
  "I would support it if there were a clear date on which we look at the results.",
  "Thank you for saying that, {{author}}. I had not thought of it this way.",
  "That sounds good on paper; I have seen similar plans fail for lack of staff.",
  'About "{{last}}": is there a source for that, or is it a guess?',
  "Younger people will see this differently, and they should have a say.",
  "Whatever we choose, it should be simple enough to explain in one sentence.",
  "I do not mind the change itself; I mind that nobody asked us before.",
  "There is a middle way: keep what works, and change the one thing that does not.",
  "I had the same experience as {{author}}, only that it ended better for me.",
];

export const MODERATOR_REPLIES: readonly string[] = [
  "Thank you all. Please give a reason with your opinion, so that others can answer it.",
  "Let us stay with the topic. {{author}}, could you say in one sentence what you propose?",
  "I see two positions so far. Is there anything on which both sides agree?",
  "Please answer the argument and not the person.",
  "We have not heard from everybody yet. What do the others think?",
  "A short reminder: where you name a fact, say where it comes from.",
];
