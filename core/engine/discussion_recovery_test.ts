import assert from "node:assert/strict";
import fc from "fast-check";
import type { DiscussionEvent } from "../events/mod.ts";
import { memoryEventStore, ModelError, StoreError } from "../ports/mod.ts";
import {
  type Answer,
  designWith,
  environmentWith,
  eventsOf,
  failingStore,
  held,
  moderatorWith,
  plainAnswer,
  rulesWith,
  storeHolding,
  toItsEnd,
  turnPassed,
  undisturbed,
} from "../testing/mod.ts";
import { someDesign } from "../testing/arbitraries.ts";
import { Discussion } from "./discussion.ts";
import { DamagedStream, readStream } from "./stream.ts";

const NEVER = new AbortController().signal;
const MODERATED = designWith({ moderator: moderatorWith(), turns: 6 });

Deno.test("Discussion resumes after any event as if it had never been interrupted", async () => {
  await fc.assert(
    fc.asyncProperty(someDesign, async (design) => {
      const events = undisturbed(design);
      for (let length = 0; length <= events.length; length++) {
        let asked = 0;
        const environment = environmentWith({
          store: await storeHolding("d1", events.slice(0, length)),
          answer: (request) => (asked++, plainAnswer(request)),
        });
        assert.deepEqual(await held(design, environment), events);
        assert.equal(asked, events.slice(length).filter(({ data }) => "generation" in data).length);
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("Discussion records a failed request, stays at the same turn, and asks the same question again", async () => {
  let asked = 0;
  const answer: Answer = (request) => {
    if (++asked === 3) throw new ModelError("bad-request", "too long", { status: 400 });
    return plainAnswer(request);
  };
  const environment = environmentWith({ answer });
  const discussion = await Discussion.open(MODERATED, environment);
  await discussion.advance();
  await discussion.advance();
  const { events, error } = await discussion.advance();
  assert.equal(error?.message, "too long");
  const failure: DiscussionEvent = {
    type: "GenerationFailed",
    data: {
      turn: 1,
      speaker: "Bob",
      role: "participant",
      model: "test-model",
      kind: "bad-request",
      retryable: false,
    },
  };
  assert.deepEqual(events, [failure]);
  const [last] = (await Array.fromAsync(readStream(environment.store, "d1", environment.rules.sha256))).slice(
    -1,
  );
  assert.deepEqual(last!.meta, { attempts: 1, latencyMs: 0, message: "too long", status: 400 });
  await toItsEnd(discussion);
  const expected = undisturbed(MODERATED).toSpliced(4, 0, failure);
  assert.deepEqual(await eventsOf(environment, "d1"), expected);
});

Deno.test("Discussion loses no event when one append fails, and asks no question twice", async () => {
  const events = undisturbed(MODERATED);
  const appends = events.filter(({ data }) => "generation" in data).length + 1;
  for (let broken = 0; broken < appends; broken++) {
    let asked = 0;
    const memory = memoryEventStore();
    const store = failingStore(memory, (nth) => nth === broken ? new StoreError("the disk is full") : null);
    const environment = environmentWith({
      store,
      answer: (request) => (asked++, plainAnswer(request)),
    });
    const discussion = await Discussion.open(MODERATED, environment);
    await assert.rejects(toItsEnd(discussion), StoreError);
    await toItsEnd(discussion);
    assert.deepEqual(await eventsOf(environment, "d1"), events);
    assert.equal(asked, appends - 1);
  }
});

Deno.test("Discussion asks only for the lost answer when it is opened again after its store failed", async () => {
  const events = undisturbed(MODERATED);
  const appends = events.filter(({ data }) => "generation" in data).length + 1;
  for (let broken = 1; broken < appends; broken++) {
    let asked = 0;
    const answer: Answer = (request) => (asked++, plainAnswer(request));
    const memory = memoryEventStore();
    const store = failingStore(memory, (nth) => nth >= broken ? new StoreError("the disk is full") : null);
    await assert.rejects(held(MODERATED, environmentWith({ store, answer })), StoreError);
    assert.deepEqual(await held(MODERATED, environmentWith({ store: memory, answer })), events);
    assert.equal(asked, appends);
  }
});

Deno.test("Discussion records the answer before a rule fails, and continues with a repaired rule", async () => {
  const rules = rulesWith({
    strategies: [{
      name: "round-robin",
      select: ({ turn }) => {
        if (turn === 2) throw new Error("no third turn");
        return turn;
      },
    }],
  });
  const design = designWith();
  const broken = environmentWith({ rules });
  const discussion = await Discussion.open(design, broken);
  await discussion.advance();
  const message = 'Cannot use the turn-taking strategy "round-robin": it failed with "no third turn"';
  const events = undisturbed(design);
  assert.deepEqual((await discussion.advance()).events, [events[3]]);
  assert.deepEqual(await eventsOf(broken, "d1"), events.slice(0, 4));
  await assert.rejects(discussion.advance(), { name: "BrokenRule", message });
  assert.deepEqual(await held(design, environmentWith({ store: broken.store })), events);
});

Deno.test("Discussion does not record an aborted request, and asks again", async () => {
  const reason = new Error("enough");
  const aborting = new AbortController();
  let asked = 0;
  const environment = environmentWith({
    answer: (request, signal) => {
      if (++asked === 2) {
        aborting.abort(reason);
        throw signal.reason;
      }
      return plainAnswer(request);
    },
  });
  const discussion = await Discussion.open(MODERATED, environment);
  await discussion.advance(aborting.signal);
  await assert.rejects(discussion.advance(aborting.signal), reason);
  const events = undisturbed(MODERATED);
  assert.deepEqual(await eventsOf(environment, "d1"), events.slice(0, 3));
  await toItsEnd(discussion);
  assert.deepEqual(await eventsOf(environment, "d1"), events);
});

Deno.test("Discussion sends no request when it is stopped, and continues later", async () => {
  const environment = environmentWith();
  const discussion = await Discussion.open(MODERATED, environment);
  await discussion.advance();
  assert.deepEqual(await discussion.advance(NEVER, AbortSignal.abort()), { events: [] });
  await toItsEnd(discussion);
  assert.deepEqual(await eventsOf(environment, "d1"), undisturbed(MODERATED));
});

Deno.test("Discussion.stop() can be called again after the end could not be written", async () => {
  const memory = memoryEventStore();
  const store = failingStore(memory, (nth) => nth === 2 ? new StoreError("the disk is full") : null);
  const environment = environmentWith({ store });
  const discussion = await Discussion.open(designWith(), environment);
  await discussion.advance();
  await assert.rejects(discussion.stop("they agree"), StoreError);
  assert.equal(discussion.ended, false);
  await discussion.stop("they agree");
  assert.equal(discussion.ended, true);
  assert.equal((await eventsOf(environment, "d1")).at(-1)!.type, "DiscussionCompleted");
});

Deno.test("Discussion yields the event of a failed request, throws its error, and continues in a new loop", async () => {
  let asked = 0;
  const environment = environmentWith({
    answer: (request) => {
      if (++asked === 2) throw new ModelError("unauthorised", "the key is wrong");
      return plainAnswer(request);
    },
  });
  const discussion = await Discussion.open(MODERATED, environment);
  const seen: string[] = [];
  const collect = async () => {
    for await (const { type } of discussion) seen.push(type);
  };
  await assert.rejects(collect(), { name: "ModelError", message: "the key is wrong" });
  assert.equal(seen.at(-1), "GenerationFailed");
  await collect();
  const expected = undisturbed(MODERATED).map(({ type }) => type);
  assert.deepEqual(seen, expected.toSpliced(3, 0, "GenerationFailed"));
});

Deno.test("Discussion.open() refuses a log with events in an impossible order", async () => {
  const [opened, ...rest] = undisturbed(designWith());
  for (
    const [events, lineNumber, about] of [
      [[...rest], 1, "has not been opened"],
      [[opened!, opened!], 2, "is already open"],
      [[opened!, turnPassed(0, "Zoe")], 2, '"Zoe"'],
      [[opened!, ...rest, rest[0]!], 8, "has ended"],
    ] as const
  ) {
    const environment = environmentWith({ store: await storeHolding("d1", events) });
    await assert.rejects(Discussion.open(designWith(), environment), (error: Error) => {
      assert.ok(error instanceof DamagedStream);
      assert.deepEqual([error.stream, error.lineNumber, error.kind], ["d1", lineNumber, "wrong-order"]);
      assert.ok(error.message.includes(about), error.message);
      return true;
    });
  }
});
