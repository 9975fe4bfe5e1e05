import assert from "node:assert/strict";
import { portableSha256 } from "../sha256.ts";
import { memoryEventStore } from "../ports/mod.ts";
import { annotationEvents, sampleEvents, sealedLines } from "../testing/sample_stream.ts";
import type { DiscussionEvent } from "./mod.ts";
import { type StreamReport, verifyStream } from "./verify_stream.ts";

async function reportOn(events: readonly DiscussionEvent[]): Promise<StreamReport> {
  const store = memoryEventStore();
  await store.append("d1", 0, sealedLines("d1", events));
  return await verifyStream("d1", store.read("d1"), portableSha256);
}

Deno.test("verifyStream() accepts annotation passes after a discussion's end", async () => {
  const events = [...sampleEvents("d1"), ...annotationEvents("a"), ...annotationEvents("b")];
  const { damage, ended, events: count } = await reportOn(events);
  assert.deepEqual([damage, ended, count], [null, true, events.length]);
});

Deno.test("verifyStream() accepts that annotators are added to an imported pass, before and after the end of the pass", async () => {
  const [begun, annotated, ...others] = annotationEvents("a");
  const source = { format: "python-library", file: "a.json", sha256: "0".repeat(64) };
  const again = { ...begun, data: { ...begun!.data, source } } as DiscussionEvent;
  const { damage } = await reportOn([
    ...sampleEvents("d1"),
    again,
    again,
    annotated!,
    ...others,
    again,
    annotated!,
  ]);
  assert.equal(damage, null);
});

const discussion = sampleEvents("d1");
const [started, annotated, silence, unparsed, failed, completed] = annotationEvents("a") as [
  DiscussionEvent,
  DiscussionEvent,
  DiscussionEvent,
  DiscussionEvent,
  DiscussionEvent,
  DiscussionEvent,
];

const WRONG_ORDERS:
  readonly (readonly [name: string, events: readonly DiscussionEvent[], message: RegExp])[] = [
    [
      "a pass before the discussion's end",
      [...discussion.slice(0, -1), started],
      /in a discussion that has not ended/,
    ],
    [
      "an annotation without its pass",
      [...discussion, annotated],
      /of the pass "a", which has not started or is already completed/,
    ],
    [
      "the end of a pass that has not started",
      [...discussion, completed],
      /which has not started or is already completed/,
    ],
    ["a second start of a pass", [...discussion, started, started], /a second start of the pass "a"/],
    [
      "an unparsed reply after the end of its pass",
      [...discussion, started, completed, unparsed],
      /which has not started or is already completed/,
    ],
    ["a second start of a completed pass", [...discussion, started, completed, started], /a second start/],
    [
      "a failure after the end of its pass",
      [...discussion, started, completed, failed],
      /which has not started or is already completed/,
    ],
    ["an annotation of a comment that does not exist", [
      ...discussion,
      started,
      { ...annotated, data: { ...annotated.data, comment: 4 } } as DiscussionEvent,
    ], /an annotation of comment 4, expected a number below 4/],
    ["an annotation of a slot that does not exist", [
      ...discussion,
      started,
      { ...silence, data: { ...silence.data, position: 6 } } as DiscussionEvent,
    ], /an annotation of slot 6, expected a number below 6/],
    [
      "an annotated silence after the end of its pass",
      [...discussion, started, completed, silence],
      /which has not started or is already completed/,
    ],
  ];

for (const [name, events, message] of WRONG_ORDERS) {
  Deno.test(`verifyStream() finds ${name}`, async () => {
    const { damage } = await reportOn(events);
    assert.equal(damage?.kind, "wrong-order");
    assert.match(damage.message, message);
  });
}
