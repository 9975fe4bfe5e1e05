import assert from "node:assert/strict";
import { portableSha256 } from "../sha256.ts";
import { memoryEventStore } from "../ports/mod.ts";
import type { DamageKind } from "./event_type.ts";
import type { DiscussionEvent } from "./mod.ts";
import { sampleEvents, sealedLines } from "../testing/sample_stream.ts";
import { type StreamReport, verifyStream } from "./verify_stream.ts";

async function verified(lines: readonly string[], stream = "s"): Promise<StreamReport> {
  const store = memoryEventStore();
  if (lines.length > 0) await store.append(stream, 0, lines);
  return await verifyStream(stream, store.read(stream), portableSha256);
}

async function damageOf(events: readonly DiscussionEvent[]): Promise<[number, DamageKind] | null> {
  const { damage } = await verified(sealedLines("s", events));
  return damage && [damage.lineNumber, damage.kind];
}

/** The sample with some events replaced: index → event. */
function changed(changes: Readonly<Record<number, unknown>>): DiscussionEvent[] {
  return Object.assign(sampleEvents("s"), changes);
}

Deno.test("verifyStream() counts the events of a good stream", async () => {
  const lines = sealedLines("s");
  const report = await verified(lines);
  assert.equal(report.damage, null);
  assert.equal(report.events, 9);
  assert.equal(report.ended, true);
  assert.equal(report.types.TurnTaken, 2);
  assert.equal(report.types.ModeratorAbstained, 1);
  assert.equal(report.types.DiscussionAborted, undefined);
  assert.ok(lines.at(-1)!.endsWith(`"hash":"${report.lastHash}"}`));
});

Deno.test("verifyStream() accepts an unfinished stream and an empty stream", async () => {
  const open = await verified(sealedLines("s").slice(0, 4));
  assert.deepEqual([open.damage, open.events, open.ended], [null, 4, false]);
  const empty = await verified([]);
  assert.deepEqual([empty.damage, empty.events, empty.lastHash], [null, 0, "0".repeat(64)]);
});

Deno.test("verifyStream() names the first damaged line", async () => {
  const lines = sealedLines("s");
  const cases: readonly (readonly [string[], number, DamageKind])[] = [
    [lines.with(4, "{}"), 5, "not-an-event"],
    [lines.with(4, lines[4]!.replace("Ada", "Eve")), 5, "wrong-hash"],
    [lines.toSpliced(4, 1), 5, "wrong-hash"],
    [lines.toSpliced(4, 0, lines[3]!), 5, "wrong-hash"],
    [[lines[1]!, ...lines], 1, "wrong-hash"],
    [[...lines, ""], 10, "not-json"],
  ];
  for (const [damaged, lineNumber, kind] of cases) {
    const { damage, events } = await verified(damaged);
    assert.deepEqual([damage?.lineNumber, damage?.kind, events], [lineNumber, kind, lineNumber - 1]);
  }
});

Deno.test("verifyStream() refuses a stream under another stream's name", async () => {
  const { damage } = await verified(sealedLines("s"), "t");
  assert.deepEqual([damage?.lineNumber, damage?.kind], [1, "wrong-place"]);
});

Deno.test("verifyStream() refuses events of a wrong shape", async () => {
  const seed = { type: "SeedCommentPosted" };
  const [, , taken] = sampleEvents("s");
  const wrong: readonly unknown[] = [
    { ...seed, data: { comment: 0, author: "Ada" } },
    { ...seed, data: { comment: "0", author: "Ada", text: "" } },
    { ...seed, data: { comment: -1, author: "Ada", text: "" } },
    { ...seed, data: { comment: 0.5, author: "Ada", text: "" } },
    { ...seed, data: [] },
    { type: "TurnTaken", data: { ...taken!.data, generation: { model: "tiny" } } },
  ];
  for (const event of wrong) assert.deepEqual(await damageOf(changed({ 1: event })), [2, "wrong-shape"]);
  const opened = sampleEvents("s")[0]!;
  const undesigned = { ...opened, data: { ...opened.data, participants: "Ada and Bob" } };
  assert.deepEqual(await damageOf(changed({ 0: undesigned })), [1, "wrong-shape"]);
});

Deno.test("verifyStream() names the member with the wrong shape", async () => {
  const event = { type: "SeedCommentPosted", data: { comment: "0", author: "Ada", text: "" } };
  const { damage } = await verified(sealedLines("s", changed({ 1: event })));
  assert.match(damage!.message, /^the event is not a SeedCommentPosted: data\.comment: .*expected/);
});

Deno.test("verifyStream() refuses events out of order", async () => {
  const sample = sampleEvents("s");
  const [opened, seeded, taken, intervened, failed, passed, abstained, , completed] = sample;
  const at = (event: DiscussionEvent, data: object) => ({ ...event, data: { ...event.data, ...data } });
  const aborted: DiscussionEvent = {
    type: "DiscussionAborted",
    data: { reason: "x", turns: 0, comments: 1 },
  };
  const cases: readonly (readonly [DiscussionEvent[], number])[] = [
    [sample.slice(1), 1],
    [[opened!, opened!], 2],
    [[...sample, completed!], 10],
    [[opened!, seeded!, aborted, taken!], 4],
    [[opened!, seeded!, seeded!], 3],
    [[opened!, taken!], 2],
    [[opened!, seeded!, taken!, taken!], 4],
    [[opened!, seeded!, taken!, seeded!], 4],
    [[opened!, seeded!, passed!], 3],
    [[opened!, seeded!, intervened!], 3],
    [[opened!, seeded!, taken!, abstained!], 4],
    [[opened!, seeded!, failed!], 3],
    [changed({ 7: at(sample[7]!, { turn: 3 }) }), 8],
    [changed({ 7: at(sample[7]!, { comment: 4 }) }), 8],
    [changed({ 8: at(completed!, { turns: 2 }) }), 9],
    [changed({ 8: at(completed!, { comments: 5 }) }), 9],
  ];
  for (const [events, lineNumber] of cases) {
    assert.deepEqual(await damageOf(events), [lineNumber, "wrong-order"]);
  }
});

Deno.test("verifyStream() accepts aborted discussions and failed requests to a moderator", async () => {
  const sample = sampleEvents("s");
  const failed: DiscussionEvent = {
    type: "GenerationFailed",
    data: { turn: 0, speaker: "Mo", role: "moderator", model: "tiny", kind: "server-error", retryable: true },
  };
  const aborted: DiscussionEvent = {
    type: "DiscussionAborted",
    data: { reason: "x", turns: 1, comments: 2 },
  };
  assert.equal(await damageOf([...sample.slice(0, 3), failed, failed, aborted]), null);
});

Deno.test("verifyStream() throws errors that are not damage", async () => {
  // deno-lint-ignore require-yield
  async function* broken(): AsyncGenerator<string> {
    await Promise.resolve();
    throw new RangeError("the disk is gone");
  }
  await assert.rejects(verifyStream("s", broken(), portableSha256), RangeError);
});
