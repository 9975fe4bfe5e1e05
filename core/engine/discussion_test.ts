import assert from "node:assert/strict";
import fc from "fast-check";
import type { DiscussionEvent } from "../events/mod.ts";
import { memoryEventStore } from "../ports/mod.ts";
import {
  designWith,
  environmentWith,
  eventsOf,
  held,
  moderatorWith,
  plainAnswer,
  play,
  recordingClock,
  storeHolding,
  toItsEnd,
  undisturbed,
} from "../testing/mod.ts";
import { someDesign, someReplies } from "../testing/arbitraries.ts";
import { Discussion } from "./discussion.ts";
import type { Environment } from "./environment.ts";
import { readStream } from "./stream.ts";

const MODERATED = designWith({ moderator: moderatorWith(), turns: 6 });

Deno.test("Discussion records the same events as decide() and evolve() alone, for any design and any replies", async () => {
  await fc.assert(fc.asyncProperty(someDesign, someReplies, async (design, replies) => {
    let asked = 0;
    const environment = environmentWith({ answer: () => replies[asked++ % replies.length]! });
    const { events } = play(design, (_, nth) => replies[nth % replies.length]!);
    assert.deepEqual(await held(design, environment), events);
  }));
});

Deno.test("Discussion makes every answer durable before it asks the next question", async () => {
  const store = memoryEventStore();
  const answers: string[] = [];
  const environment: Environment = environmentWith({
    store,
    answer: async (request) => {
      const stored = await eventsOf(environment, "d1");
      assert.deepEqual(stored.slice(0, 2).map(({ type }) => type), ["DiscussionOpened", "SeedCommentPosted"]);
      assert.equal(stored.length, 2 + answers.length);
      const text = plainAnswer(request);
      answers.push(text);
      return text;
    },
  });
  await held(MODERATED, environment);
  assert.equal(answers.length, 12);
});

Deno.test("Discussion.open() writes nothing, and the end is appended together with the last answer", async () => {
  const memory = memoryEventStore();
  const appends: number[] = [];
  const store = {
    ...memory,
    append(stream: string, seq: number, lines: readonly string[]) {
      appends.push(lines.length);
      return memory.append(stream, seq, lines);
    },
  };
  const discussion = await Discussion.open(designWith(), environmentWith({ store }));
  assert.deepEqual([appends, discussion.length, discussion.ended], [[], 0, false]);
  await toItsEnd(discussion);
  assert.deepEqual(appends, [2, 1, 1, 1, 2]);
  assert.equal(discussion.length, 7);
});

Deno.test("Discussion resumes with the design in its log, not with the given one", async () => {
  const events = undisturbed(MODERATED);
  const environment = environmentWith({ store: await storeHolding("d1", events.slice(0, 5)) });
  assert.deepEqual(await held(designWith({ turns: 1, seed: "other" }), environment), events);
});

Deno.test("after its end, a discussion records nothing more", async () => {
  const events = undisturbed(MODERATED);
  const environment = environmentWith({ store: await storeHolding("d1", events) });
  const discussion = await Discussion.open(MODERATED, environment);
  assert.equal(discussion.ended, true);
  assert.deepEqual(await discussion.advance(), { events: [] });
  await discussion.stop("too late");
  await discussion.abort("too late");
  assert.deepEqual(await eventsOf(environment, "d1"), events);
});

Deno.test("Discussion records the time of each event, and in meta the attempts and the latency of its request", async () => {
  const clock = recordingClock();
  clock.pass(Date.UTC(2026, 1, 3, 4, 5, 6, 789));
  const environment = environmentWith({
    clock,
    answer: () => {
      clock.pass(250);
      return "Yes.";
    },
  });
  const discussion = await Discussion.open(designWith(), environment);
  await discussion.advance();
  const envelopes = await Array.fromAsync(readStream(environment.store, "d1", environment.rules.sha256));
  assert.deepEqual(
    envelopes.map(({ stream, seq, at, type, v, meta }) => ({ stream, seq, at, type, v, meta })),
    [
      {
        stream: "d1",
        seq: 0,
        at: "2026-02-03T04:05:06.789Z",
        type: "DiscussionOpened",
        v: 1,
        meta: undefined,
      },
      {
        stream: "d1",
        seq: 1,
        at: "2026-02-03T04:05:06.789Z",
        type: "SeedCommentPosted",
        v: 1,
        meta: undefined,
      },
      {
        stream: "d1",
        seq: 2,
        at: "2026-02-03T04:05:07.039Z",
        type: "TurnTaken",
        v: 1,
        meta: { attempts: 1, latencyMs: 250 },
      },
    ],
  );
});

Deno.test("Discussion can be ended early by its caller, as completed or as aborted", async () => {
  const events = undisturbed(designWith());
  for (
    const [end, last] of [
      [
        (discussion: Discussion) => discussion.stop("they agree"),
        {
          type: "DiscussionCompleted",
          data: { reason: "stopped-early", turns: 2, comments: 3, note: "they agree" },
        },
      ],
      [
        (discussion: Discussion) => discussion.abort("wrong model"),
        { type: "DiscussionAborted", data: { reason: "wrong model", turns: 2, comments: 3 } },
      ],
    ] as const
  ) {
    const environment = environmentWith({ answer: ({ origin }) => `turn ${origin.turn}` });
    const discussion = await Discussion.open(designWith(), environment);
    await discussion.advance();
    await discussion.advance();
    await end(discussion);
    assert.equal(discussion.ended, true);
    assert.deepEqual(await discussion.advance(), { events: [] });
    const log = await eventsOf(environment, "d1");
    assert.deepEqual([log.length, log.at(-1)], [5, last]);
    assert.deepEqual(log.slice(0, 2), events.slice(0, 2));
  }
});

Deno.test("Discussion can be ended before its first comment", async () => {
  const environment = environmentWith();
  await (await Discussion.open(designWith(), environment)).abort("changed my mind");
  assert.deepEqual((await eventsOf(environment, "d1")).map(({ type }) => type), [
    "DiscussionOpened",
    "DiscussionAborted",
  ]);
});

Deno.test("Discussion yields its events in a loop, and the rest in a second loop", async () => {
  const discussion = await Discussion.open(MODERATED, environmentWith());
  const seen: DiscussionEvent[] = [];
  for await (const event of discussion) {
    seen.push(event);
    if (seen.length === 5) break;
  }
  for await (const event of discussion) seen.push(event);
  assert.deepEqual(seen, undisturbed(MODERATED));
  for await (const event of discussion) assert.fail(event.type);
});
