import assert from "node:assert/strict";
import { Unsent } from "./unsent.ts";

const changed = (discussion: string, events: number) =>
  ({ kind: "discussions", changed: [{ run: "r", discussion, events }] }) as const;

Deno.test("notices of one kind are merged, and only the latest state remains", () => {
  const unsent = new Unsent();
  for (const notice of [changed("a", 1), changed("b", 5), changed("a", 2)]) unsent.add(notice);
  for (let done = 0; done < 3; done++) unsent.add({ kind: "indexed", done, of: 3 });
  unsent.add({ kind: "overview" });
  unsent.add({ kind: "overview" });
  assert.deepEqual(unsent.take(), [
    {
      kind: "discussions",
      changed: [{ run: "r", discussion: "a", events: 2 }, { run: "r", discussion: "b", events: 5 }],
    },
    { kind: "overview" },
    { kind: "indexed", done: 2, of: 3 },
  ]);
  assert.deepEqual(unsent.take(), []);
});

Deno.test("more changes than can be listed become one request to ask for everything again", () => {
  const unsent = new Unsent();
  for (let index = 0; index < 50_000; index++) unsent.add(changed(`d${index}`, 1));
  assert.deepEqual(unsent.take(), [{ kind: "reload" }]);
  unsent.add(changed("a", 1));
  assert.deepEqual(unsent.take(), [changed("a", 1)]);
});

Deno.test("waiting ends with a notice, and with the signal", async () => {
  const unsent = new Unsent();
  const ended = new AbortController();
  const waiting = unsent.wait(ended.signal);
  unsent.add({ kind: "overview" });
  await waiting;
  unsent.take();
  const again = unsent.wait(ended.signal);
  ended.abort();
  await again;
  assert.deepEqual(unsent.take(), []);
});
