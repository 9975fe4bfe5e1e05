import assert from "node:assert/strict";
import { designWith } from "../../core/testing/mod.ts";
import { conditionsInOrder, conditionsText, factorTexts } from "./conditions.ts";
import { runFactsOf } from "./testing/mod.ts";

const run = runFactsOf(
  ["none", "gentle"].flatMap((moderator) =>
    ["long", "brief"].map((style) =>
      [{
        type: "DiscussionOpened",
        data: designWith({ condition: `${moderator}+${style}`, factors: { moderator, style } }),
      }] as const
    )
  ).reverse(),
  { levels: { moderator: ["none", "gentle"], style: ["brief", "long"] } },
);
const found = (...labels: string[]) => ({
  values: labels.map((value) => ({ value, count: 1 })),
  complete: true,
});

Deno.test("conditionsInOrder() follows the order of levels in the experiment file", () => {
  assert.deepEqual(conditionsInOrder(run).map(({ condition }) => condition.label), [
    "none+brief",
    "none+long",
    "gentle+brief",
    "gentle+long",
  ]);
});

Deno.test('conditionsText() writes conditions as "all", as a level that they share, or by their names', () => {
  const gentle = found("gentle+long", "gentle+brief");
  assert.equal(conditionsText(gentle, run.design), "moderator: gentle");
  const mixed = found("gentle+long", "none+brief");
  assert.equal(conditionsText(mixed, run.design), "gentle+long and none+brief");
  const all = found("gentle+long", "gentle+brief", "none+brief", "none+long");
  assert.equal(conditionsText(all, run.design), "all");
});

Deno.test("factorTexts() quotes labels with commas, so that they do not look like several labels", () => {
  assert.deepEqual(factorTexts(new Map([["tone", ["none", "kind, on demand"]]])), [
    "tone (none, “kind, on demand”)",
  ]);
});
