/** Small, complete designs of discussions for tests. A test gives only the members that it changes. */
import { type DiscussionDesign, type Moderator, type Participant } from "../events/mod.ts";
import { READING_VERSION } from "../discussion/mod.ts";

/** The one model of a test design. */
export const TEST_MODEL = "test-model";

/** Participants with these names and empty personas. */
export function participantsNamed(...names: readonly string[]): readonly Participant[] {
  return names.map((name) => ({ name, model: TEST_MODEL, persona: {} }));
}

/** A moderator named Mod who is asked after every turn. `changes` replaces members. */
export function moderatorWith(changes: Partial<Moderator> = {}): Moderator {
  return {
    name: "Mod",
    model: TEST_MODEL,
    persona: {},
    instructions: "Keep it civil.",
    schedule: { name: "every-turn", options: {} },
    ...changes,
  };
}

/**
 * Three participants who speak in turn, four turns, one opening comment, and no moderator. `changes` replaces
 * members.
 */
export function designWith(changes: Partial<DiscussionDesign> = {}): DiscussionDesign {
  return {
    id: "d1",
    experiment: "test",
    condition: "base",
    factors: {},
    varied: {},
    replicate: 1,
    seed: "42",
    participants: participantsNamed("Ann", "Bob", "Cem"),
    moderator: null,
    openings: [{ author: "Ann", text: "Should buses run at night?" }],
    turns: 4,
    history: 3,
    turnTaking: { name: "round-robin", options: {} },
    passWord: "PASS",
    reading: READING_VERSION,
    prompt: {
      layout: "transcript",
      version: 1,
      context: "This is a forum.",
      instructions: "Write one comment.",
    },
    models: { [TEST_MODEL]: { adapter: "test", sampling: { temperature: 0.5 }, options: {} } },
    ...changes,
  };
}
