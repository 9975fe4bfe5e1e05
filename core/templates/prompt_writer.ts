/** Writes the messages of prompts with a template set. */
import type { Message } from "../ports/model.ts";
import { parseTemplate, type Template, TemplateError, type Variables } from "./jinja.ts";
import type { TemplateName, TemplateSet } from "../events/template_set.ts";

/** The members of a comment that prompts show. */
export type ShownComment = Readonly<{ author: string; text: string }>;

/** The template of a message to a speaker. */
export type MessageTemplate = Exclude<TemplateName, "comment" | "beginning">;

/** A template set that is ready to write prompts. */
export interface PromptWriter {
  /**
   * The text of one message.
   *
   * @throws {TemplateError} When the template cannot be rendered with these variables.
   */
  message(template: MessageTemplate, variables: Variables): string;
  /** All shown comments as one text. */
  comments(shown: readonly ShownComment[]): string;
  /** The shown comments as messages. The request is the last message, or the end of the last user message. */
  dialogue(speaker: string, shown: readonly ShownComment[], request: string): readonly Message[];
}

const SEPARATOR = "\n\n";

/** The messages that are cached, because they are equal in many discussions. */
const REPEATED: ReadonlySet<TemplateName> = new Set([
  "participantSystem",
  "moderatorSystem",
  "annotatorSystem",
]);

/** The most cached messages of a set. */
const KEPT_MAX = 1_000;

/** The most characters of a cached message and its variables together. */
const KEPT_LENGTH_MAX = 20_000;

const writers = new WeakMap<TemplateSet, PromptWriter>();

/** The writer of a template set. */
export function promptWriter(set: TemplateSet): PromptWriter {
  let writer = writers.get(set);
  if (writer === undefined) {
    writer = makeWriter(set);
    writers.set(set, writer);
  }
  return writer;
}

function makeWriter(set: TemplateSet): PromptWriter {
  const { separator = SEPARATOR } = set;
  const templates = new Map<TemplateName, Template>();
  const template = (name: TemplateName): Template => {
    let found = templates.get(name);
    if (found === undefined) {
      found = parseTemplate(`${set.name}.${name}`, sourceOf(set, name));
      templates.set(name, found);
    }
    return found;
  };
  const signed = (comment: ShownComment): string => template("comment").render(variablesOfComment(comment));
  const kept = new Map<string, string>();
  const repeated = (name: MessageTemplate, variables: Variables): string => {
    const source = sourceOf(set, name);
    // The key has only variables whose names are in the template: the message depends on no others.
    const named = Object.entries(variables).filter(([variable]) => source.includes(variable));
    const key = JSON.stringify([name, named]);
    const before = kept.get(key);
    if (before !== undefined) return before;
    const text = template(name).render(variables);
    if (kept.size >= KEPT_MAX) kept.clear();
    if (key.length + text.length <= KEPT_LENGTH_MAX) kept.set(key, text);
    return text;
  };
  return {
    message: (name, variables) =>
      REPEATED.has(name) ? repeated(name, variables) : template(name).render(variables),
    comments(shown) {
      let [text, between] = ["", ""];
      for (const comment of shown) {
        text += between + signed(comment);
        between = separator;
      }
      return text;
    },
    dialogue(speaker, shown, request) {
      const messages: { role: Message["role"]; content: string }[] = [];
      const add = (role: "user" | "assistant", content: string) => {
        const previous = messages.at(-1);
        if (previous?.role === role) previous.content += `${separator}${content}`;
        else messages.push({ role, content });
      };
      for (const comment of shown) {
        const own = comment.author === speaker;
        // The chat templates of many models need a user message before the first message of the assistant.
        if (own && messages.length === 0) add("user", template("beginning").render({ name: speaker }));
        add(own ? "assistant" : "user", own ? comment.text : signed(comment));
      }
      add("user", request);
      return messages;
    },
  };
}

function sourceOf(set: TemplateSet, name: TemplateName): string {
  const source = set[name];
  if (source !== undefined) return source;
  throw new TemplateError(`${set.name}.${name}`, {
    line: 1,
    column: 1,
    reason: `the set has no template "${name}": add it`,
  });
}

/**
 * The variables of a comment. In `indented`, all lines after the first begin with two spaces, so that a
 * comment cannot imitate another author's comment.
 */
function variablesOfComment({ author, text }: ShownComment): Variables {
  return { author, text, indented: text.replace(/\r\n|[\n\r\u2028\u2029]/g, "\n  ") };
}
