/** Measures the engine alone, with a model that answers at once: in memory, on disk, and durably on disk. */
import { runDiscussions } from "../../core/engine/mod.ts";
import type { DiscussionDesign } from "../../core/events/mod.ts";
import { type EventStore, memoryEventStore } from "../../core/ports/mod.ts";
import { designWith, environmentWith, rulesWith } from "../../core/testing/mod.ts";
import { JsonlEventStore } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";

const IN_FLIGHT = 64;
const DISCUSSIONS = 128;
const TURNS_EACH = 50;
const TURNS = DISCUSSIONS * TURNS_EACH;

function designs(count: number): readonly DiscussionDesign[] {
  return Array.from(
    { length: count },
    (_, index) => designWith({ id: `d${index}`, seed: `seed ${index}`, turns: TURNS / count }),
  );
}

const rules = { ...rulesWith(), sha256: nativeSha256 };
const answer = () => "I think that it would help people who work late, and it costs less than it seems.";

async function runIn(store: EventStore, discussions = DISCUSSIONS): Promise<void> {
  const environment = environmentWith({ answer, store, rules, slots: IN_FLIGHT });
  await runDiscussions(designs(discussions), environment, { concurrency: IN_FLIGHT });
}

async function runOnDisk(durable: boolean): Promise<void> {
  const folder = await Deno.makeTempDir();
  const store = new JsonlEventStore(folder, { durable });
  await runIn(store);
  await store.close();
  await Deno.remove(folder, { recursive: true });
}

const group = `${TURNS} turns, ${IN_FLIGHT} discussions in flight`;

Deno.bench("in memory", { group, baseline: true }, async () => await runIn(memoryEventStore()));
Deno.bench("in memory, discussions of 800 turns", { group }, async () => {
  await runIn(memoryEventStore(), TURNS / 800);
});
Deno.bench("on disk, without waiting for the disk", { group }, async () => await runOnDisk(false));
Deno.bench("on disk, durably", { group }, async () => await runOnDisk(true));
