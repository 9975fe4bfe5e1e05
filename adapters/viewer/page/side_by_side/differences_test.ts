import assert from "node:assert/strict";
import { designWith, moderatorWith, participantsNamed } from "../../../../core/testing/mod.ts";
import { designDifferences } from "./differences.ts";

Deno.test("designDifferences() names the settings that differ, factors first and by their labels", () => {
  const one = designWith({ factors: { moderator: "none", "discussion.history": "3" } });
  const other = designWith({
    factors: { moderator: "gentle", "discussion.history": "3" },
    moderator: moderatorWith(),
    participants: participantsNamed("Ann", "Bob"),
    history: null,
  });
  assert.deepEqual(designDifferences([one, other], { moderator: "Moderation" }), [
    { what: "Moderation", isFactor: true, values: ["none", "gentle"] },
    {
      what: "participants",
      isFactor: false,
      values: [
        "Ann, model test-model\nBob, model test-model\nCem, model test-model",
        "Ann, model test-model\nBob, model test-model",
      ],
    },
    { what: "moderator", isFactor: false, values: ["none", "Mod, asked: every-turn"] },
    { what: "moderator's instructions", isFactor: false, values: ["none", "Keep it civil."] },
    { what: "moderator's model", isFactor: false, values: ["none", "test-model"] },
    { what: "comments that a prompt shows", isFactor: false, values: ["3", "all"] },
  ]);
});

Deno.test("designDifferences() finds none between equal designs", () => {
  assert.deepEqual(designDifferences([designWith(), designWith({ id: "d2", seed: "43" })]), []);
});

Deno.test("designDifferences() keeps a factor apart from the setting of the same name", () => {
  const one = designWith({ factors: { moderator: "none" } });
  const other = designWith({ factors: { moderator: "strict" }, moderator: moderatorWith() });
  const named = designDifferences([one, other]).map(({ what, values }) => [what, values[1]]);
  assert.deepEqual(named.slice(0, 2), [["moderator", "strict"], [
    "moderator (details)",
    "Mod, asked: every-turn",
  ]]);
});
