/** Renders prompts from the state of a discussion, for the participant or moderator who is asked. */
import type { Json } from "../json.ts";
import type { Message } from "../ports/model.ts";
import type { DiscussionDesign, Moderator, Participant } from "../events/discussion_design.ts";
import { type Comment, type OpenState, perDesign } from "./state.ts";

/** The members of a comment that prompts show. */
export type ShownComment = Readonly<{ author: string; text: string }>;

/** The shown comments, each after its author's name; empty without comments. */
export function transcript(shown: readonly ShownComment[]): string {
  let text = shown.length === 0 ? "" : "The last comments of the discussion:\n\n";
  for (const comment of shown) text += `${signed(comment)}\n\n`;
  return text;
}

/** A comment after its author's name. Further lines are indented, so that no comment can imitate another author's. */
export function signed({ author, text }: ShownComment): string {
  return `${author}: ${text.replace(/\r\n|[\n\r\u2028\u2029]/g, "\n  ")}`;
}

/** Joins parts as paragraphs, without empty ones. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.map((part) => part.trim()).filter((part) => part !== "").join("\n\n");
}

/** A weight for turn-taking. Prompts do not show it. */
const TALKATIVENESS = "talkativeness";

/** A persona's attributes as prompts show them; empty if there are none. */
export function attributes(persona: Readonly<Record<string, Json>>): string {
  let lines = "";
  for (const [key, value] of Object.entries(persona)) {
    if (key !== TALKATIVENESS && value !== null && value !== "") {
      lines += `\n- ${readable(key)}: ${plain(value)}`;
    }
  }
  return lines === "" ? "" : ` About you:${lines}`;
}

/** `current_employment` and `currentEmployment` become "current employment". */
function readable(key: string): string {
  return key.replaceAll("_", " ").replace(/(\p{Ll})(\p{Lu})/gu, (_, a, b) => `${a} ${b.toLowerCase()}`);
}

function plain(value: Json): string {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/** The version of the prompts of new discussions. Old discussions keep theirs. */
export const PROMPT_VERSION = 1;

/**
 * The prompt for a participant's turn.
 *
 * @param commentsLeftOut How many of the oldest shown comments to leave out.
 * @returns A system message that stays the same for the whole discussion, then the comments, then the request.
 */
export function participantPrompt(
  state: OpenState,
  participant: Participant,
  commentsLeftOut = 0,
): readonly Message[] {
  const { name } = participant;
  return render(state, {
    name,
    commentsLeftOut,
    system: systemMessage(state.design, participant, participantSystem),
    request: `It is your turn, ${name}. Write only your own comment.`,
    opening: `Nobody has spoken yet. Open the discussion, ${name}. Write only your own comment.`,
  });
}

/**
 * The prompt for the moderator after a turn.
 *
 * @param options Whether the prompt offers silence, and how many of the oldest comments are left out.
 */
export function moderatorPrompt(
  state: OpenState,
  moderator: Moderator,
  { mayAbstain, commentsLeftOut = 0 }: Readonly<{ mayAbstain: boolean; commentsLeftOut?: number }>,
): readonly Message[] {
  const { name } = moderator;
  const passWord = state.design.passWord.trim();
  const silence = passWord === "" ? "leave your answer empty" : `answer only with ${passWord}`;
  const offer = mayAbstain ? ` If there is no need to step in, ${silence}.` : "";
  return render(state, {
    name,
    commentsLeftOut,
    system: systemMessage(state.design, moderator, moderatorSystem),
    request: `You are the moderator, ${name}. Write only your own comment.${offer}`,
    opening: `Nobody has spoken yet. You are the moderator, ${name}. Write only your own comment.${offer}`,
  });
}

/** How many comments a prompt shows if none is left out. */
export function commentsShown(state: OpenState): number {
  return Math.min(state.window.length, state.design.history ?? Infinity);
}

type Voice = Readonly<{
  name: string;
  commentsLeftOut: number;
  system: string;
  request: string;
  opening: string;
}>;
type Asked = Pick<Voice, "name" | "system" | "request">;

function render(
  state: OpenState,
  { name, commentsLeftOut, system, request, opening }: Voice,
): readonly Message[] {
  const { prompt } = state.design;
  if (prompt.version !== PROMPT_VERSION) {
    throw new RangeError(
      `Cannot render a prompt of version "${prompt.version}": this program knows version ${PROMPT_VERSION}`,
    );
  }
  const shown = state.window.slice(state.window.length - commentsShown(state) + commentsLeftOut);
  // Only a discussion without comments gets the opening request. A history of 0 hides comments, but they exist.
  const asked = { name, system, request: state.comments === 0 ? opening : request };
  switch (prompt.layout) {
    case "transcript":
      return asTranscript(shown, asked);
    case "dialogue":
      return asDialogue(shown, asked);
    default:
      return unknownLayout(prompt.layout);
  }
}

function unknownLayout(layout: never): never {
  throw new RangeError(`Cannot render a prompt in the layout "${layout}": it is unknown`);
}

/** One user message: the transcript, then the request. */
function asTranscript(shown: readonly Comment[], { system, request }: Asked): readonly Message[] {
  return [{ role: "system", content: system }, { role: "user", content: transcript(shown) + request }];
}

/** The speaker's own comments become the assistant's messages, all others the user's. */
function asDialogue(shown: readonly Comment[], { name, system, request }: Asked): readonly Message[] {
  const messages: { role: Message["role"]; content: string }[] = [{ role: "system", content: system }];
  const add = (role: "user" | "assistant", content: string) => {
    const previous = messages.at(-1)!;
    if (previous.role === role) previous.content += `\n\n${content}`;
    else messages.push({ role, content });
  };
  for (const comment of shown) {
    const own = comment.author === name;
    // Chat templates need a user message before the assistant's first message.
    if (own && messages.length === 1) add("user", "The discussion so far:");
    add(own ? "assistant" : "user", own ? comment.text : signed(comment));
  }
  add("user", request);
  return messages;
}

const systemMessages = perDesign(() => new Map<object, string>());

/** The system message of a speaker stays the same for the whole discussion. */
function systemMessage<Speaker extends object>(
  design: DiscussionDesign,
  speaker: Speaker,
  render: (design: DiscussionDesign, speaker: Speaker) => string,
): string {
  const rendered = systemMessages(design);
  let message = rendered.get(speaker);
  if (message === undefined) {
    message = render(design, speaker);
    rendered.set(speaker, message);
  }
  return message;
}

function participantSystem({ prompt }: DiscussionDesign, { name, persona, role }: Participant): string {
  return paragraphs(
    prompt.context,
    `You are ${name}.${attributes(persona)}`,
    role?.instructions ?? "",
    prompt.instructions,
  );
}

function moderatorSystem({ prompt }: DiscussionDesign, { name, persona, instructions }: Moderator): string {
  return paragraphs(prompt.context, `You are ${name}, the moderator.${attributes(persona)}`, instructions);
}
