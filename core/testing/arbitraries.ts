import fc from "fast-check";
import { anyText } from "./any_text.ts";
import type { DiscussionDesign, RuleSpec } from "../events/mod.ts";
import type { ModelReply } from "../ports/mod.ts";
import { turnTakingStrategies } from "../turn_taking/mod.ts";
import { designWith, moderatorWith, TEST_MODEL } from "./designs.ts";

const NAMES = ["Ann", "Ann Lee", "Bob", "李雷", "__proto__", "x: y"];

const turnTaking: fc.Arbitrary<RuleSpec> = fc.record({
  name: fc.constantFrom(...turnTakingStrategies().keys()),
  // All strategies get the same options. Each ignores the options that it does not have.
  options: fc.record({
    randomFirst: fc.boolean(),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
});

const schedule: fc.Arbitrary<RuleSpec> = fc.oneof(
  fc.record({ name: fc.constantFrom("every-turn", "on-demand"), options: fc.constant({}) }),
  fc.record({ name: fc.constant("every"), options: fc.record({ n: fc.integer({ min: 1, max: 5 }) }) }),
  fc.constant({ name: "threshold", options: { signal: "exclamations", above: 0 } }),
);

/** Designs with up to six participants and up to twelve turns, with all built-in rules and both layouts. */
export const someDesign: fc.Arbitrary<DiscussionDesign> = fc.record({
  id: fc.constant("d1"),
  seed: fc.string(),
  participants: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 6 }).chain((names) =>
    fc.array(fc.nat(3), { minLength: names.length, maxLength: names.length }).map((weights) =>
      names.map((name, index) => ({
        name,
        model: TEST_MODEL,
        persona: { talkativeness: weights[index]! },
      }))
    )
  ),
  moderator: fc.option(schedule.map((schedule) => moderatorWith({ schedule }))),
  openings: fc.array(fc.record({ author: fc.constantFrom("Ann", "Mayor"), text: fc.string() }), {
    maxLength: 3,
  }),
  interventions: fc.array(
    fc.record({
      after: fc.integer({ min: 1, max: 12 }),
      author: fc.constantFrom("Ann", "Mod", "Mayor"),
      text: fc.string(),
    }),
    { maxLength: 3 },
  ),
  turns: fc.nat(12),
  history: fc.option(fc.nat(4)),
  turnTaking,
  prompt: fc.constantFrom("transcript" as const, "dialogue" as const)
    .map((layout) => ({ ...designWith().prompt, layout })),
  // Designs must consist of plain objects, but fast-check makes objects without a prototype.
}).map((changes) => designWith(JSON.parse(JSON.stringify(changes))));

const text = fc.oneof(
  anyText(),
  fc.constantFrom("", '""', "PASS", "Ann: hi", "@Ann Lee!", "No!!", '","hash":"', "\ud800", "a\nb", "0"),
);

/** Replies with any text and any finish reason. Some are silence or refusals. */
export const someReply: fc.Arbitrary<ModelReply> = fc.record({
  text,
  finishReason: fc.constantFrom("stop" as const, "stop" as const, "length" as const, "refused" as const),
});

export const someReplies: fc.Arbitrary<readonly ModelReply[]> = fc.array(someReply, {
  minLength: 1,
  maxLength: 30,
});
