import assert from "node:assert/strict";
import fc from "fast-check";
import { openDraw } from "../random/mod.ts";
import { turnTakingStrategies, type TurnTakingStrategy } from "./mod.ts";

const OPTIONS = { probability: 0.4, randomFirst: true };

Deno.test("turnTakingStrategies() holds the built-in strategies under their names", () => {
  assert.deepEqual(
    [...turnTakingStrategies().keys()].sort(),
    ["mention", "random", "respond", "round-robin", "weighted"],
  );
});

Deno.test("turnTakingStrategies() lets a researcher's own strategy take a built-in one's place", () => {
  const own: TurnTakingStrategy = { name: "random", select: () => 0 };
  assert.equal(turnTakingStrategies([own]).get("random"), own);
});

Deno.test("every built-in strategy chooses a participant, the same for equal views and draws", () => {
  const views = fc.integer({ min: 1, max: 8 }).chain((size) => {
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
  for (const strategy of turnTakingStrategies().values()) {
    fc.assert(fc.property(views, fc.string(), (view, seed) => {
      const chosen = strategy.select(view, openDraw(seed), OPTIONS);
      assert.ok(view.participants[chosen] !== undefined, `${strategy.name} chose ${chosen}`);
      if (view.participants.length > 1) assert.notEqual(chosen, view.last, strategy.name);
      assert.equal(strategy.select(view, openDraw(seed), OPTIONS), chosen);
    }));
  }
});
