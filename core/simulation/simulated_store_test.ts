import assert from "node:assert/strict";
import { eventStoreConformance } from "../ports/event_store_conformance.ts";
import { SIMULATED_ON } from "../testing/environments.ts";
import { Scheduler, SimulatedDisk, SimulatedFile, SimulatedStore, Weather } from "./mod.ts";

/** A store without faults. The steps of its world run automatically. */
function harness() {
  const parts = { disk: new SimulatedDisk(), scheduler: new Scheduler(), weather: new Weather("calm") };
  parts.weather.calm();
  let isOver = false;
  const world = (async () => {
    for (; !isOver; await SIMULATED_ON.settle()) parts.scheduler.step();
  })();
  return Promise.resolve({
    store: new SimulatedStore(parts),
    reopen: () => Promise.resolve(new SimulatedStore(parts)),
    cleanup: () => {
      isOver = true;
      return world;
    },
  });
}

for (const test of eventStoreConformance("SimulatedStore", harness)) Deno.test(test);

Deno.test("SimulatedFile.losePower() keeps all synced bytes, and an arbitrary number of the bytes after them", () => {
  const lengths = new Set<number>();
  const bytes = (text: string) => new TextEncoder().encode(text);
  for (let seed = 0; seed < 1000; seed++) {
    const file = new SimulatedFile();
    file.write(bytes("synced "));
    file.sync();
    file.write(bytes("first "));
    file.write(bytes("second"));
    file.losePower(new Weather(String(seed)));
    const text = new TextDecoder().decode(file.bytes);
    assert.ok("synced first second".startsWith(text), text);
    lengths.add(text.length);
  }
  assert.deepEqual([...lengths].sort((a, b) => a - b), Array.from({ length: 13 }, (_, index) => 7 + index));
});
