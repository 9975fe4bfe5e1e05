import assert from "node:assert/strict";
import fc from "fast-check";
import type { RuleOptions } from "../events/mod.ts";
import { openDraw } from "../random/mod.ts";
import { turnView } from "../testing/mod.ts";
import { speakerClause, turnTakingStrategies, type TurnTakingStrategy, type TurnTakingView } from "./mod.ts";

const OPTIONS = { probability: 0.4, randomFirst: true };

Deno.test("turnTakingStrategies() holds the built-in strategies under their names", () => {
  const strategies = turnTakingStrategies();
  assert.ok(strategies.has("random"));
  for (const [name, strategy] of strategies) assert.equal(strategy.name, name);
});

Deno.test("turnTakingStrategies() lets a strategy of a researcher replace a built-in one", () => {
  const own: TurnTakingStrategy = { name: "random", select: () => 0 };
  assert.equal(turnTakingStrategies([own]).get("random"), own);
});

/** Random views for strategies. */
function views(): fc.Arbitrary<TurnTakingView> {
  return fc.integer({ min: 1, max: 8 }).chain((size) => {
    const index = fc.nat(size - 1);
    return fc.record({
      turn: fc.nat(1000),
      participants: fc.tuple(
        ...Array.from({ length: size }, (_, place) =>
          fc.record({
            name: fc.constant(`P${place}`),
            talkativeness: fc.double({ min: 0, max: 9, noNaN: true }),
          })),
      ),
      last: fc.option(index),
      secondToLast: fc.option(index),
      lastComment: fc.option(fc.record({
        author: fc.constantFrom("P0", "P1", "Mod"),
        text: fc.array(fc.constantFrom("@", "P1", "p0", " ", "P10", "@P2")).map((parts) => parts.join("")),
      })),
      turnsTaken: fc.constant(Array.from({ length: size }, () => 0)),
    });
  });
}

Deno.test("every built-in strategy chooses the same participant for equal views and draws", () => {
  for (const strategy of turnTakingStrategies().values()) {
    fc.assert(fc.property(views(), fc.string(), (view, seed) => {
      const chosen = strategy.select(view, openDraw(seed), OPTIONS);
      assert.ok(view.participants[chosen] !== undefined, `${strategy.name} chose ${chosen}`);
      if (view.participants.length > 1) assert.notEqual(chosen, view.last, strategy.name);
      assert.equal(strategy.select(view, openDraw(seed), OPTIONS), chosen);
    }));
  }
});

Deno.test("every built-in strategy gives chances that sum to one, and chooses no participant whose chance is 0", () => {
  for (const strategy of turnTakingStrategies().values()) {
    fc.assert(fc.property(views(), fc.string(), (view, seed) => {
      const chances = strategy.chances!(view, OPTIONS)!;
      assert.equal(chances.length, view.participants.length);
      assert.ok(Math.abs(chances.reduce((sum, chance) => sum + chance, 0) - 1) < 1e-9, strategy.name);
      assert.ok(chances[strategy.select(view, openDraw(seed), OPTIONS)]! > 0, strategy.name);
      if (view.last !== null && chances.length > 1) assert.equal(chances[view.last], 0, strategy.name);
    }));
  }
});

Deno.test("mention returns no chances if its fallback has none", () => {
  const own: TurnTakingStrategy = { name: "own", select: () => 0 };
  const mention = turnTakingStrategies([own]).get("mention")!;
  const options = { fallback: { name: "own", options: {} } };
  assert.equal(mention.chances!(turnView(["Ann", "Bob"]), options), null);
  const addressing = turnView(["Ann", "Bob"], { last: 0, lastComment: { author: "Ann", text: "@Bob?" } });
  assert.deepEqual(mention.chances!(addressing, options), [0, 1]);
});

Deno.test("speakerClause() describes a strategy with its options, and names an unknown strategy", () => {
  const strategies = turnTakingStrategies();
  const clause = (name: string, options: RuleOptions = {}) =>
    speakerClause({ name, options }, strategies.get(name));
  for (const name of strategies.keys()) assert.doesNotMatch(clause(name), /by the rule/, name);
  assert.match(
    clause("respond", { probability: 0.4 }),
    /^with probability 0\.4 the second-to-last speaker spoke next, and otherwise one drawn at random/,
  );
  assert.match(
    clause("mention", { fallback: { name: "round-robin", options: { randomFirst: true } } }),
    /by @name spoke next; where it had addressed no one, participants spoke one after the other .* drawn at random$/,
  );
  assert.equal(
    clause("./own.ts", { boldness: 2 }),
    "each next speaker was chosen by the rule ./own.ts, boldness 2",
  );
});
