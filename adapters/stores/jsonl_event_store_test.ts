import assert from "node:assert/strict";
import { eventStoreConformance } from "../../core/ports/event_store_conformance.ts";
import { JsonlEventStore, type JsonlEventStoreOptions } from "./jsonl_event_store.ts";

function harness(options: JsonlEventStoreOptions) {
  return async () => {
    const folder = await Deno.makeTempDir();
    const opened: JsonlEventStore[] = [];
    const open = () => {
      const store = new JsonlEventStore(`${folder}/discussions`, options);
      opened.push(store);
      return store;
    };
    return {
      store: open(),
      reopen: () => Promise.resolve(open()),
      cleanup: async () => {
        for (const store of opened) await store.close();
        await Deno.remove(folder, { recursive: true });
      },
    };
  };
}

const variants: readonly (readonly [string, JsonlEventStoreOptions])[] = [
  ["JsonlEventStore", {}],
  ["JsonlEventStore in 256 sub-folders", { shards: 256 }],
  ["JsonlEventStore without syncing", { durable: false }],
];
for (const [name, options] of variants) {
  for (const test of eventStoreConformance(name, harness(options))) Deno.test(test);
}
assert;
