import assert from "node:assert/strict";
import { sharingEqual } from "./mod.ts";
import { CROSSED } from "./testing/mod.ts";

Deno.test("sharingEqual() changes no observation, and equal parts become the same part", () => {
  const sharing = sharingEqual();
  const shared = structuredClone(CROSSED).map(sharing);
  assert.deepEqual(shared, CROSSED);
  const [first, second] = shared.filter(({ factors }) =>
    factors.moderator === "none" && factors.model === "big"
  );
  assert.equal(first!.factors, second!.factors);
  assert.equal(first!.texts.moderators, sharing(structuredClone(first!)).texts.moderators);
  assert.equal(first!.conduct.evenness, second!.conduct.respondRate);
  assert.equal(first!.judgements[0]!.scale, second!.judgements[0]!.scale);
  assert.deepEqual(
    first!.slots.map((slot, at) => slot === second!.slots[at]),
    first!.slots.map(() => true),
  );
});

Deno.test("sharingEqual() does not confuse slots that differ in one property", () => {
  const [observation] = CROSSED;
  const slot = observation!.slots[0]!;
  const slots = [
    slot,
    { ...slot, author: "Zoe" },
    { ...slot, role: "troll" },
    { ...slot, by: "moderator" as const },
    { ...slot, turn: 99 },
    { ...slot, comment: null },
    { ...slot, comment: null, isCut: true as const },
    { ...slot, comment: null, withheld: "sealed" as const },
    { ...slot, isPast: true as const },
  ];
  assert.deepEqual(sharingEqual()({ ...observation!, slots }).slots, slots);
});
