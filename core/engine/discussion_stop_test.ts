import assert from "node:assert/strict";
import { type EventStore, memoryEventStore, StoreError } from "../ports/mod.ts";
import {
  designWith,
  environmentWith,
  eventsOf,
  failingStore,
  moderatorWith,
  plainAnswer,
  undisturbed,
} from "../testing/mod.ts";
import { Discussion } from "./discussion.ts";

const DESIGN = designWith({ moderator: moderatorWith(), turns: 3 });

const ENDINGS = {
  DiscussionCompleted: (discussion: Discussion) => discussion.stop("enough"),
  DiscussionAborted: (discussion: Discussion) => discussion.abort("enough"),
} as const;

/** Calls `reach` before and after each append and each request. At these moments, a step waits. */
function watched(reach: () => void) {
  const store = memoryEventStore();
  const slow: EventStore = {
    ...store,
    async append(stream, seq, lines) {
      reach();
      await store.append(stream, seq, lines);
      reach();
      await Promise.resolve();
    },
  };
  const environment = environmentWith({
    store: slow,
    answer: async (request) => {
      reach();
      await Promise.resolve();
      reach();
      return plainAnswer(request);
    },
  });
  return { environment, store };
}

Deno.test("when a discussion is ended at any moment of a step, its log has one end, as the last event", async () => {
  let moments = 0;
  const counting = watched(() => moments++);
  const whole = await Discussion.open(DESIGN, counting.environment);
  while (!whole.ended) await whole.advance();
  assert.equal(moments, 26);
  for (const [type, end] of Object.entries(ENDINGS)) {
    for (let at = 1; at <= moments; at++) {
      let reached = 0;
      let ending: Promise<unknown> | null = null;
      const { environment, store } = watched(() => {
        if (++reached === at) ending = end(discussion);
      });
      const discussion: Discussion = await Discussion.open(DESIGN, environment);
      while (ending === null) await discussion.advance();
      await ending;
      assert.equal(discussion.ended, true);
      const types = (await eventsOf({ ...environment, store }, DESIGN.id)).map((event) => event.type);
      // The regular end was already appended together with the last answer.
      const natural = undisturbed(DESIGN).map((event) => event.type);
      if (types.length === natural.length) assert.deepEqual(types, natural);
      else {
        assert.equal(types.at(-1), type);
        assert.deepEqual(types.slice(0, -1), natural.slice(0, types.length - 1));
      }
      assert.deepEqual(await discussion.advance(), { events: [] });
      assert.equal(discussion.length, types.length);
    }
  }
});

Deno.test("Discussion.stop() aborts the request in flight, and does not record its answer", async () => {
  const signals: AbortSignal[] = [];
  const environment = environmentWith({
    answer: (_, signal) => {
      signals.push(signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  const discussion = await Discussion.open(DESIGN, environment);
  const advancing = discussion.advance();
  while (signals.length === 0) await Promise.resolve();
  const recorded = await discussion.stop("enough");
  assert.deepEqual(recorded.map(({ type }) => type), ["DiscussionCompleted"]);
  assert.deepEqual((await advancing).events.map(({ type }) => type), [
    "DiscussionOpened",
    "SeedCommentPosted",
  ]);
  assert.equal(signals[0]!.aborted, true);
});

Deno.test("Discussion.stop() writes the end even if the append before it failed", async () => {
  const memory = memoryEventStore();
  const store = failingStore(memory, (nth) => nth === 0 ? new StoreError("the disk is full") : null);
  const environment = environmentWith({ store });
  const discussion = await Discussion.open(DESIGN, environment);
  const advancing = discussion.advance();
  await Promise.all([assert.rejects(advancing, { message: "the disk is full" }), discussion.stop("enough")]);
  assert.deepEqual((await eventsOf(environment, DESIGN.id)).map(({ type }) => type), [
    "DiscussionOpened",
    "SeedCommentPosted",
    "DiscussionCompleted",
  ]);
});
