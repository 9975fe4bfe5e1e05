import assert from "node:assert/strict";
import { eventStoreConformance } from "./event_store_conformance.ts";
import { memoryEventStore } from "./event_store.ts";

const makeStore = () => {
  const store = memoryEventStore();
  return Promise.resolve({ store, reopen: () => Promise.resolve(store), cleanup: () => Promise.resolve() });
};

for (const test of eventStoreConformance("memoryEventStore()", makeStore)) Deno.test(test);

Deno.test("eventStoreConformance() shows the reason of a skipped case", () => {
  const skip = [{ reason: "takes no names", tests: ["streams() names every stream once"] }];
  const ignored = eventStoreConformance("x", makeStore, { skip }).filter(({ ignore }) => ignore);
  assert.deepEqual(ignored.map(({ name }) => name), [
    "x: streams() names every stream once (skipped: takes no names)",
  ]);
});

Deno.test("eventStoreConformance() refuses to skip a case that does not exist", () => {
  const skip = [{ reason: "none", tests: ["flies"] }];
  assert.throws(() => eventStoreConformance("x", makeStore, { skip }), RangeError);
});
