import assert from "node:assert/strict";
import { moderationSchedules } from "../../../core/moderation/mod.ts";
import { turnTakingStrategies } from "../../../core/turn_taking/mod.ts";
import { scheduleClause, turnTakingClause } from "./rule_sentences.ts";

Deno.test("turnTakingClause() and scheduleClause() know every built-in rule", () => {
  for (const name of turnTakingStrategies().keys()) {
    assert.doesNotMatch(turnTakingClause({ name, options: {} }), /by the rule/, name);
  }
  for (const name of moderationSchedules().keys()) {
    assert.doesNotMatch(scheduleClause({ name, options: {} }), /by the rule/, name);
  }
});

Deno.test("turnTakingClause() says what a rule does, with its options", () => {
  assert.match(
    turnTakingClause({ name: "respond", options: { probability: 0.4 } }),
    /^with probability 0\.4 the second-to-last speaker spoke next, and otherwise one drawn at random/,
  );
  const fallback = { name: "round-robin", options: { randomFirst: true } };
  assert.match(
    turnTakingClause({ name: "mention", options: { fallback } }),
    /by @name spoke next; where it had addressed nobody, participants spoke one after the other .* drawn at random$/,
  );
  assert.equal(
    turnTakingClause({ name: "./own.ts", options: { boldness: 2 } }),
    "each next speaker was chosen by the rule ./own.ts, boldness 2",
  );
});

Deno.test("scheduleClause() says when a moderator was asked", () => {
  assert.equal(scheduleClause({ name: "every", options: { n: 3 } }), "after every 3 turns");
  assert.equal(
    scheduleClause({ name: "threshold", options: { signal: "words", words: ["fool", "liar"], above: 1 } }),
    "after comments whose number of words out of fool and liar was above 1",
  );
});
