import assert from "node:assert/strict";
import { slotsOf } from "../../../../analysis/projections/mod.ts";
import { designWith, seedPosted, turnTaken } from "../../../../core/testing/mod.ts";
import { branchWords } from "./branch_words.ts";

const FILE = `
discussion: { turns: 8 }
design:
  factors:
    branch:
      - { label: unchanged, set: {} }
      - { label: changed, set: { moderator: gentle, discussion.history: 1 } }
`;

function branch(level: string, copied: number) {
  const { slots, design } = slotsOf([
    { type: "DiscussionOpened", data: designWith({ turns: 2, factors: { branch: level } }) },
    seedPosted(0, "Ann", "Buses?"),
    turnTaken({ turn: 0, comment: 1, participant: "Bob", text: "Yes." }),
    turnTaken({ turn: 1, comment: 2, participant: "Ann", text: "No." }),
  ])!;
  return { design, slots: slots.map((slot, at) => at < copied ? { ...slot, isPast: true as const } : slot) };
}

Deno.test("branchWords() names the turn at which a branch begins, and the changed values", () => {
  assert.equal(
    branchWords(branch("changed", 2), FILE),
    "after turn 1; changed: moderator gentle, discussion.history 1",
  );
  assert.equal(branchWords(branch("unchanged", 1), FILE), "after the openings; nothing changed");
  assert.equal(branchWords(branch("other", 3), FILE), "after turn 2");
  assert.equal(branchWords(branch("changed", 0), null), "");
});
