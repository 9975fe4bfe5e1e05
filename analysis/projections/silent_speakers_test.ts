import assert from "node:assert/strict";
import {
  designWith,
  intervened,
  moderatorWith,
  participantsNamed,
  turnPassed,
  turnTaken,
} from "../../core/testing/mod.ts";
import type { DiscussionDesign, DiscussionEvent } from "../../core/events/mod.ts";
import { inEnvelopes } from "../fidelity/testing/mod.ts";
import { SilenceTally } from "./silent_speakers.ts";
import { showLog } from "./testing/mod.ts";

/** Ann says something, and Bob stays silent. */
function discussion(
  changes: Partial<DiscussionDesign>,
  { moderation = [], isCompleted = true }: {
    moderation?: readonly DiscussionEvent[];
    isCompleted?: boolean;
  } = {},
): readonly DiscussionEvent[] {
  const design = designWith({
    participants: participantsNamed("Ann", "Bob"),
    turns: 2,
    openings: [],
    ...changes,
  });
  return [
    { type: "DiscussionOpened", data: design },
    turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "Yes." }),
    ...moderation,
    turnPassed(1, "Bob"),
    ...isCompleted
      ? [{ type: "DiscussionCompleted", data: { reason: "turns", turns: 2, comments: 1 } } as const]
      : [],
  ];
}

function foundIn(...discussions: readonly (readonly DiscussionEvent[])[]) {
  const tally = new SilenceTally();
  for (const [nth, events] of discussions.entries()) {
    const discussion = `d${nth}`;
    showLog([tally], { discussion, envelopes: inEnvelopes(discussion, events), damage: null });
  }
  return tally.found().map(({ kind, name, conditions }) => [kind, name, Object.fromEntries(conditions)]);
}

const role = { name: "troll", instructions: "Provoke." };
const [ann, bob] = participantsNamed("Ann", "Bob");

Deno.test("SilenceTally counts participants with a role who never spoke", () => {
  const found = foundIn(
    discussion({ condition: "a", participants: [ann!, { ...bob!, role }] }),
    discussion({ condition: "a", participants: [{ ...ann!, role }, bob!] }),
    discussion({ condition: "b", participants: [{ ...ann!, role }, bob!] }),
  );
  assert.deepEqual(found, [
    ["role", "troll", { a: { speakers: 2, silent: 1 }, b: { speakers: 1, silent: 0 } }],
  ]);
});

Deno.test("SilenceTally counts a participant whose persona differs, and no other participant", () => {
  const found = foundIn(
    discussion({ condition: "a", participants: [ann!, { ...bob!, persona: { mood: "calm" } }] }),
    discussion({ condition: "b", participants: [ann!, { ...bob!, persona: { mood: "angry" } }] }),
  );
  assert.deepEqual(found, [
    ["persona", "Bob", { a: { speakers: 1, silent: 1 }, b: { speakers: 1, silent: 1 } }],
  ]);
});

Deno.test("SilenceTally counts a silent moderator if other discussions have no moderator or another one", () => {
  const moderated = discussion({ condition: "mod", moderator: moderatorWith() });
  assert.deepEqual(foundIn(moderated), []);
  assert.deepEqual(foundIn(moderated, discussion({ condition: "none" })), [
    ["moderator", "Mod", { mod: { speakers: 1, silent: 1 } }],
  ]);
  const spoken = discussion({ condition: "mod", moderator: moderatorWith() }, {
    moderation: [intervened(0, 1, "Calm.")],
  });
  assert.deepEqual(foundIn(spoken, discussion({ condition: "none" })), []);
});

Deno.test("SilenceTally leaves out discussions that have not been completed", () => {
  const participants = [ann!, { ...bob!, role }];
  assert.deepEqual(foundIn(discussion({ participants }, { isCompleted: false })), []);
});
