import assert from "node:assert/strict";
import { slotsOf } from "../../../../analysis/projections/mod.ts";
import type { DiscussionEvent, Envelope } from "../../../../core/events/mod.ts";
import { readStream } from "../../../../core/engine/stream.ts";
import { portableSha256 } from "../../../../core/sha256.ts";
import { annotationEvents, sampleEvents } from "../../../../core/testing/sample_stream.ts";
import { storeHolding } from "../../../../core/testing/mod.ts";
import { LiveLog } from "./live_log.ts";

async function envelopesOf(events: readonly DiscussionEvent[]): Promise<readonly Envelope[]> {
  return await Array.fromAsync(readStream(await storeHolding("d1", events), "d1", portableSha256));
}

const EVENTS = await envelopesOf([...sampleEvents("d1"), ...annotationEvents("p1")]);

Deno.test("LiveLog makes the slots of the whole log from pieces, even if pieces overlap", () => {
  const log = new LiveLog();
  assert.equal(log.content, null);
  for (const [from, to] of [[0, 3], [2, 6], [6, 6], [0, EVENTS.length]]) log.add(EVENTS.slice(from, to));
  assert.deepEqual(log.content, slotsOf(EVENTS));
  assert.equal(log.length, EVENTS.length);
});

Deno.test("LiveLog knows the event of each slot and annotation, and the failures before a slot", () => {
  const log = new LiveLog();
  log.add(EVENTS);
  const { slots, annotations } = log.content!;
  assert.deepEqual(slots.map(({ position }) => log.eventOfSlot(position)!.seq), [1, 2, 3, 5, 6, 7]);
  assert.deepEqual(annotations.map((annotation) => log.eventOfAnnotation(annotation)!.type), [
    "CommentAnnotated",
    "SilenceAnnotated",
    "AnnotationUnparsed",
  ]);
  const failed = slots.map(({ position }) =>
    log.failuresBefore(position).map(({ envelope }) => envelope.seq)
  );
  assert.deepEqual(failed, [[], [], [], [4], [], []]);
});

Deno.test("LiveLog gives failures without a later reply at the position after the last slot", () => {
  const log = new LiveLog();
  log.add(EVENTS.slice(0, 5));
  assert.equal(log.failuresBefore(log.content!.slots.length).length, 1);
});

Deno.test("LiveLog refuses a log with a gap, and a log that was changed", () => {
  const log = new LiveLog();
  log.add(EVENTS.slice(0, 3));
  assert.throws(() => log.add(EVENTS.slice(4)), /event 3 is missing before event 4/);
  assert.throws(() => log.add([{ ...EVENTS[1]!, hash: "0".repeat(64) }]), /event 1 has changed/);
});
