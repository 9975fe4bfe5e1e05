/** Compares the prompts of a recovered experiment with the prompts that the library's files hold. */
import { evolve, initialState, moderatorPrompt, participantPrompt } from "../../../core/discussion/mod.ts";
import type { OpenState } from "../../../core/discussion/mod.ts";
import type { DiscussionDesign, Moderator, Participant } from "../../../core/events/mod.ts";
import { planDiscussions } from "../../../core/experiment/mod.ts";
import { parsed } from "../../../core/experiment/testing.ts";
import type { OutsideDiscussion } from "../imported_discussion.ts";

/** Prompts of the files, and the prompts that the recovered experiment gives to the same speakers. */
export type ComparedPrompts = Readonly<{
  total: number;
  equal: number;
  /** Pairs of a stored and a rendered prompt that differ. */
  differing: readonly (readonly [stored: string, rendered: string])[];
}>;

/**
 * Renders a system message for each stored prompt. The recovered file gives the persona with the stored name,
 * and the role or moderator with the stored instructions.
 */
export async function comparedPrompts(
  discussions: readonly OutsideDiscussion[],
  text: string,
): Promise<ComparedPrompts> {
  const experiment = await parsed(text);
  const settings = experiment.conditions.map(({ variants }) => variants[0]!);
  const personas = new Map(settings[0]!.others.map(({ name, attributes }) => [name, attributes]));
  const roles = new Map(settings[0]!.roles.map((role) => [role.instructions, role]));
  const moderators = new Map(
    settings.flatMap(({ moderator }) =>
      moderator === null ? [] : [[moderator.instructions, moderator] as const]
    ),
  );
  const design = planDiscussions(experiment).at(0);
  const pairs: (readonly [string, string])[] = [];
  for (const { origin: { members } } of discussions) {
    for (const stored of members.user_prompts as readonly string[]) {
      const { persona: { username: name }, instructions } = JSON.parse(stored);
      const role = roles.get(instructions);
      const persona = personas.get(name)!;
      const participant = { name, model: "m", persona, ...(role === undefined ? {} : { role }) };
      pairs.push([stored, participantSystem(design, participant)]);
    }
    if (typeof members.moderator_prompt !== "string") continue;
    const { instructions } = JSON.parse(members.moderator_prompt);
    pairs.push([members.moderator_prompt, moderatorSystem(design, moderators.get(instructions)!)]);
  }
  const differing = pairs.filter(([stored, rendered]) => stored !== rendered);
  return { total: pairs.length, equal: pairs.length - differing.length, differing };
}

function participantSystem(design: DiscussionDesign, participant: Participant): string {
  const state = opened({ ...design, participants: [participant] });
  return participantPrompt(state, state.design.participants[0]!)[0]!.content;
}

function moderatorSystem(design: DiscussionDesign, moderator: Moderator): string {
  return moderatorPrompt(opened({ ...design, moderator }), moderator, { mayAbstain: true })[0]!.content;
}

function opened(design: DiscussionDesign): OpenState {
  return evolve(initialState, { type: "DiscussionOpened", data: design }) as OpenState;
}
