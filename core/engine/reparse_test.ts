import assert from "node:assert/strict";
import type { DiscussionEvent } from "../events/mod.ts";
import { verifyStream } from "../events/verify_stream.ts";
import { portableSha256 } from "../sha256.ts";
import {
  designWith,
  environmentWith,
  eventsOf,
  INSULT,
  judgingEnvironment,
  passWith,
  playPass,
  storeHolding,
  TOXICITY,
  undisturbed,
} from "../testing/mod.ts";
import { OtherPass } from "./annotation.ts";
import { reparseDiscussion } from "./reparse.ts";

const DISCUSSION = undisturbed(designWith({ turns: 3 }));
const PASS = playPass(DISCUSSION, passWith()).events;
const EXACT = {
  version: "2",
  hash: "e".repeat(64),
  scales: [{ ...TOXICITY, grammar: "exact" as const }, INSULT],
};
const AGAIN = { pass: "p1", as: "p2", codebook: EXACT, record: true };

async function recordedAfter(events: readonly DiscussionEvent[]): Promise<DiscussionEvent[]> {
  const store = await storeHolding("d1", events);
  await reparseDiscussion("d1", AGAIN, judgingEnvironment({ store }));
  assert.equal((await verifyStream("d1", store.read("d1"), portableSha256)).damage, null);
  return await eventsOf(environmentWith({ store }), "d1");
}

Deno.test("reparseDiscussion() completes a recording that was cut short after any event", async () => {
  const begun = [...DISCUSSION, ...PASS];
  const recorded = await recordedAfter(begun);
  assert.ok(recorded.length > begun.length + 2);
  for (let length = begun.length; length <= recorded.length; length++) {
    assert.deepEqual(await recordedAfter(recorded.slice(0, length)), recorded);
  }
});

Deno.test("reparseDiscussion() records nothing without `record`, and nothing for an incomplete pass", async () => {
  for (const length of [0, DISCUSSION.length - 1, DISCUSSION.length, DISCUSSION.length + PASS.length - 1]) {
    const events = [...DISCUSSION, ...PASS].slice(0, length);
    const store = await storeHolding("d1", events);
    assert.equal(await reparseDiscussion("d1", AGAIN, judgingEnvironment({ store })), null);
    assert.deepEqual(await eventsOf(environmentWith({ store }), "d1"), events);
  }
  const store = await storeHolding("d1", [...DISCUSSION, ...PASS]);
  const dry = { ...AGAIN, as: "p1", record: false };
  assert.notEqual(await reparseDiscussion("d1", dry, judgingEnvironment({ store })), null);
  assert.equal((await eventsOf(environmentWith({ store }), "d1")).length, DISCUSSION.length + PASS.length);
});

Deno.test("reparseDiscussion() refuses to record a pass under the name of an existing pass", async () => {
  const other = playPass(DISCUSSION, passWith({ pass: "p2" })).events;
  const store = await storeHolding("d1", [...DISCUSSION, ...PASS, ...other]);
  for (const as of ["p1", "p2"]) {
    await assert.rejects(reparseDiscussion("d1", { ...AGAIN, as }, judgingEnvironment({ store })), OtherPass);
  }
});
