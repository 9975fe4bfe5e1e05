/** Renders prompts from the state of a discussion, for the participant or moderator who is asked. */
import type { Message } from "../ports/model.ts";
import type { DiscussionDesign, Moderator, Participant, PromptSpec } from "../events/discussion_design.ts";
import {
  attributesOf,
  defaultSet,
  dialogueSet,
  type MessageTemplate,
  promptWriter,
  setNamed,
  type TemplateSet,
  type Variables,
} from "../templates/mod.ts";
import { type Comment, type OpenState, perDesign } from "./state.ts";

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
  const voice = voiceOf(state.design, participant, () => participantVoice(state.design, participant));
  return render(state, voice, { commentsLeftOut });
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
  const voice = voiceOf(state.design, moderator, () => moderatorVoice(state.design, moderator));
  return render(state, voice, { commentsLeftOut, more: { mayBeSilent: mayAbstain } });
}

/** How many comments a prompt shows if none is left out. */
export function commentsShown(state: OpenState): number {
  return Math.min(state.window.length, state.design.history ?? Infinity);
}

/** The comments that a prompt shows, oldest first. Comments whose words are withheld are left out. */
export function shownComments(state: OpenState, commentsLeftOut = 0): readonly Comment[] {
  const shown = state.window.slice(state.window.length - commentsShown(state) + commentsLeftOut);
  return shown.some(({ withheld }) => withheld) ? shown.filter(({ withheld }) => !withheld) : shown;
}

/** What stays the same in all prompts of a speaker. */
type Voice = Readonly<{
  name: string;
  system: Message;
  request: MessageTemplate;
  variables: Variables;
  set: TemplateSet;
}>;

function render(
  state: OpenState,
  { name, system, request, variables, set }: Voice,
  { commentsLeftOut, more = {} }: Readonly<{ commentsLeftOut: number; more?: Variables }>,
): readonly Message[] {
  const writer = promptWriter(set);
  const shown = shownComments(state, commentsLeftOut);
  // Only a discussion without comments gets the opening request. With a history of 0, the prompt shows no
  // comments, but the discussion can have some.
  const first = state.comments === 0;
  const comments = set.layout === "transcript" ? writer.comments(shown) : "";
  const text = writer.message(request, { ...variables, ...more, first, comments });
  if (set.layout === "messages") return [system, ...writer.dialogue(name, shown, text)];
  return [system, { role: "user", content: text }];
}

/** The template set of a discussion's prompts. */
export function templatesOf({ version, layout, templates }: PromptSpec): TemplateSet {
  if (version !== PROMPT_VERSION) {
    throw new RangeError(
      `Cannot render a prompt of version "${version}": this program knows version ${PROMPT_VERSION}`,
    );
  }
  if (templates !== undefined) return setNamed(templates);
  switch (layout) {
    case "transcript":
      return defaultSet;
    case "dialogue":
      return dialogueSet;
    default:
      return unknownLayout(layout);
  }
}

function unknownLayout(layout: never): never {
  throw new RangeError(`Cannot render a prompt in the layout "${layout}": it is unknown`);
}

const voices = perDesign(() => new Map<object, Voice>());

/** A speaker's system message is rendered once for each discussion. */
function voiceOf(design: DiscussionDesign, speaker: object, make: () => Voice): Voice {
  const made = voices(design);
  let voice = made.get(speaker);
  if (voice === undefined) {
    voice = make();
    made.set(speaker, voice);
  }
  return voice;
}

function participantVoice(design: DiscussionDesign, { name, persona, role }: Participant): Voice {
  return makeVoice(design, ["participantSystem", "participant"], {
    name,
    persona,
    role: role ?? { name: "", instructions: "" },
    instructions: design.prompt.instructions,
  });
}

function moderatorVoice(design: DiscussionDesign, { name, persona, instructions }: Moderator): Voice {
  return makeVoice(design, ["moderatorSystem", "moderator"], { name, persona, instructions });
}

function makeVoice(
  design: DiscussionDesign,
  [system, request]: readonly [MessageTemplate, MessageTemplate],
  own: Readonly<Pick<Participant, "name" | "persona"> & Record<string, unknown>>,
): Voice {
  const variables = {
    ...own,
    attributes: attributesOf(own.persona),
    context: design.prompt.context,
    participants: design.participants.map(({ name }) => name),
    passWord: design.passWord.trim(),
  };
  const set = templatesOf(design.prompt);
  const content = promptWriter(set).message(system, variables);
  return { name: own.name, system: { role: "system", content }, request, variables, set };
}
