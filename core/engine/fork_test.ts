import assert from "node:assert/strict";
import type { DiscussionDesign, DiscussionEvent, Envelope } from "../events/mod.ts";
import { memoryEventStore, ModelError, StreamConflict } from "../ports/mod.ts";
import {
  designWith,
  environmentWith,
  eventsOf,
  generationFailed,
  linesOf,
  moderatorWith,
  participantsNamed,
  play,
  storeHolding,
  toItsEnd,
  undisturbed,
} from "../testing/mod.ts";
import { Discussion } from "./discussion.ts";
import type { Environment } from "./environment.ts";
import { type Branch, forkDiscussion } from "./fork.ts";
import { pastOf } from "../discussion/mod.ts";
import { readStream } from "./stream.ts";
import { annotationEvents } from "../testing/sample_stream.ts";
import { verifyReplay } from "./replay.ts";

const SOURCE = designWith({
  moderator: moderatorWith(),
  turnTaking: { name: "random", options: {} },
  turns: 5,
});
const EVENTS = undisturbed(SOURCE);

/** A store with the source discussion, and a branch of it. */
async function branched(branch: Branch): Promise<{ environment: Environment; discussion: Discussion }> {
  const environment = environmentWith({ store: await storeHolding("d1", EVENTS) });
  return { environment, discussion: await forkDiscussion("d1", branch, environment) };
}

/** The hash of an event in the log of these events. */
function hashOf(stream: string, events: readonly DiscussionEvent[], seq: number): string {
  return (JSON.parse(linesOf(stream, events)[seq]!) as Envelope).hash;
}

async function verified({ store, rules }: Environment, stream: string) {
  return await verifyReplay(readStream(store, stream, rules.sha256), rules);
}

Deno.test("forkDiscussion() copies the events up to any position, and the branch's log verifies", async () => {
  const endings = 1;
  for (let seq = 0; seq < EVENTS.length; seq++) {
    const { environment, discussion } = await branched({ id: "d2", seq });
    const taken = EVENTS.slice(1, Math.min(seq + 1, EVENTS.length - endings));
    const opened: DiscussionEvent = {
      type: "DiscussionOpened",
      data: {
        ...SOURCE,
        id: "d2",
        seed: "42/fork/d2",
        forkedFrom: { stream: "d1", seq, events: taken.length, hash: hashOf("d1", EVENTS, seq) },
      },
    };
    assert.deepEqual(await eventsOf(environment, "d2"), [opened, ...taken]);
    await toItsEnd(discussion);
    const log = await eventsOf(environment, "d2");
    assert.deepEqual(log.slice(0, 1 + taken.length), [opened, ...taken]);
    assert.equal(log.at(-1)!.type, "DiscussionCompleted");
    const verdict = await verified(environment, "d2");
    const answers = (events: readonly DiscussionEvent[]) =>
      events.filter(({ data }) => "generation" in data).length;
    assert.deepEqual(verdict, {
      events: log.length,
      promptsInherited: answers(taken),
      promptsWithheld: 0,
      promptsVerified: answers(log) - answers(taken),
      divergences: [],
      assumed: [],
    });
    assert.deepEqual(await eventsOf(environment, "d1"), EVENTS);
  }
});

Deno.test("forkDiscussion() continues an ended discussion if the branch has more turns", async () => {
  const { environment, discussion } = await branched({ id: "d2", changes: { turns: 8 } });
  assert.equal(discussion.ended, false);
  assert.equal(discussion.state.turn, 5);
  await toItsEnd(discussion);
  assert.equal(discussion.state.turn, 8);
  assert.deepEqual((await verified(environment, "d2")).divergences, []);
});

Deno.test("forkDiscussion() with the original's seed and no changes repeats the original", async () => {
  const { environment, discussion } = await branched({ id: "d2", seq: 4, changes: { seed: SOURCE.seed } });
  await toItsEnd(discussion);
  assert.deepEqual((await eventsOf(environment, "d2")).slice(1), EVENTS.slice(1));
});

Deno.test("forkDiscussion() gives each branch its own random draws", async () => {
  const seeds = async (branch: Branch) => {
    const { environment, discussion } = await branched(branch);
    await toItsEnd(discussion);
    const events = (await eventsOf(environment, branch.id)).slice(3);
    return JSON.stringify(events.flatMap(({ data }) => "generation" in data ? data.generation!.seed : []));
  };
  const drawn = [
    await seeds({ id: "d2", seq: 2 }),
    await seeds({ id: "d3", seq: 2 }),
    await seeds({ id: "d4", seq: 2, changes: { seed: SOURCE.seed } }),
  ];
  assert.equal(new Set(drawn).size, 3);
});

Deno.test("forkDiscussion() makes prompts from the design of the branch, not of the source", async () => {
  const changes: Partial<DiscussionDesign> = { moderator: null, history: 1, passWord: "" };
  const { environment, discussion } = await branched({ id: "d2", seq: 4, changes });
  await toItsEnd(discussion);
  const log = await eventsOf(environment, "d2");
  assert.ok(log.slice(5).every(({ type }) => !type.startsWith("Moderator")));
  assert.deepEqual((await verified(environment, "d2")).divergences, []);
});

Deno.test("forkDiscussion() posts a new opening comment only if the branch begins before the first turn", async () => {
  const openings = [...SOURCE.openings, { author: "Bob", text: "One more." }];
  const openingsIn = async (seq: number) => {
    const { environment, discussion } = await branched({ id: "d2", seq, changes: { openings } });
    await toItsEnd(discussion);
    const log = await eventsOf(environment, "d2");
    return log.filter(({ type }) => type === "SeedCommentPosted").length;
  };
  assert.deepEqual([await openingsIn(1), await openingsIn(2)], [2, 1]);
});

Deno.test("forkDiscussion() can add a moderator after the last copied turn, and the log verifies", async () => {
  const { events } = play(designWith({ turns: 1 }), () => "Yes.");
  const environment = environmentWith({ store: await storeHolding("d1", events) });
  const branch = { id: "d2", changes: { moderator: moderatorWith() } };
  await toItsEnd(await forkDiscussion("d1", branch, environment));
  const { promptsInherited, promptsVerified, divergences } = await verified(environment, "d2");
  assert.deepEqual({ promptsInherited, promptsVerified, divergences }, {
    promptsInherited: 1,
    promptsVerified: 1,
    divergences: [],
  });
});

Deno.test("forkDiscussion() can fork a discussion that is itself a branch", async () => {
  const { environment, discussion } = await branched({ id: "d2", seq: 4 });
  await toItsEnd(discussion);
  const second = await forkDiscussion("d2", { id: "d3", seq: 6 }, environment);
  assert.equal(second.state.design.seed, "42/fork/d2/fork/d3");
  const { hash, ...origin } = second.state.design.forkedFrom!;
  assert.deepEqual(origin, { stream: "d2", seq: 6, events: 6 });
  const sixth = await Array.fromAsync(environment.store.read("d2"));
  assert.equal(hash, (JSON.parse(sixth[6]!) as Envelope).hash);
  await toItsEnd(second);
  assert.deepEqual((await verified(environment, "d3")).divergences, []);
});

Deno.test("forkDiscussion() does not copy annotations", async () => {
  const pass = annotationEvents("p1").slice(0, 1);
  const environment = environmentWith({ store: await storeHolding("d1", [...EVENTS, ...pass]) });
  const { state } = await forkDiscussion("d1", { id: "d2", changes: { turns: 8 } }, environment);
  assert.equal(state.turn, 5);
});

Deno.test("forkDiscussion() does not copy failures", async () => {
  const events = EVENTS.toSpliced(3, 0, generationFailed(0, "Ann"));
  const environment = environmentWith({ store: await storeHolding("d1", events) });
  await forkDiscussion("d1", { id: "d2", seq: 4 }, environment);
  const [, ...taken] = await eventsOf(environment, "d2");
  assert.deepEqual(taken, EVENTS.slice(1, 4));
});

Deno.test("forkDiscussion() copies the meta of events", async () => {
  let failures = 1;
  const environment = environmentWith({
    store: memoryEventStore(),
    answer: () => {
      if (failures-- > 0) throw new ModelError("server-error", "busy");
      return "Yes.";
    },
  });
  const source = await Discussion.open(SOURCE, environment);
  await source.advance();
  await forkDiscussion("d1", { id: "d2" }, environment);
  const metaOf = async (id: string) =>
    (await Array.fromAsync(readStream(environment.store, id, environment.rules.sha256))).map(({ meta }) =>
      meta
    );
  const metas = await metaOf("d2");
  assert.deepEqual(metas, await metaOf("d1"));
  assert.equal(metas[2]?.attempts, 2);
});

Deno.test("forkDiscussion() refuses a missing source, and an id that is taken", async () => {
  await assert.rejects(forkDiscussion("d9", { id: "d2" }, environmentWith()), {
    name: "RangeError",
    message: 'Cannot fork "d9": there is no such discussion',
  });
  await assert.rejects(branched({ id: "d1" }), StreamConflict);
});

Deno.test("forkDiscussion() writes nothing if the branch's design contradicts the copied events", async () => {
  const environment = environmentWith({ store: await storeHolding("d1", EVENTS) });
  const changes = { participants: participantsNamed("Zoe") };
  await assert.rejects(forkDiscussion("d1", { id: "d2", changes }, environment), RangeError);
  assert.deepEqual(await Array.fromAsync(environment.store.streams()), ["d1"]);
});

Deno.test("Discussion.open() copies the rest of a past, if a kill cut its first append short", async () => {
  const { environment } = await branched({ id: "d2", seq: 6 });
  const lines = await Array.fromAsync(environment.store.read("d2"));
  const envelopes = await Array.fromAsync(readStream(environment.store, "d1", environment.rules.sha256));
  const past = pastOf(envelopes.slice(0, 7))!;
  const { design } = (await Discussion.open({ ...SOURCE, id: "d2" }, environment)).state;
  for (let length = 0; length <= lines.length; length++) {
    const store = memoryEventStore();
    if (length > 0) await store.append("d2", 0, lines.slice(0, length));
    const again = await Discussion.open(design, { ...environment, store, past: () => past });
    assert.equal(again.isResumed, length > 0);
    assert.deepEqual(await eventsOf({ ...environment, store }, "d2"), await eventsOf(environment, "d2"));
  }
});

Deno.test("Discussion.open() refuses a new branch without its past", async () => {
  const { environment, discussion } = await branched({ id: "d2", seq: 6 });
  const { design } = discussion.state;
  await assert.rejects(Discussion.open(design, { ...environment, store: memoryEventStore() }), {
    name: "RangeError",
    message: 'Cannot open the branch "d2": its past, the discussion "d1", is missing',
  });
});

Deno.test("Discussion.open() refuses a branch that lacks events of its past, if the past is not known", async () => {
  const { environment } = await branched({ id: "d2", seq: 6 });
  const lines = await Array.fromAsync(environment.store.read("d2"));
  for (let length = 1; length <= lines.length; length++) {
    const store = memoryEventStore();
    await store.append("d2", 0, lines.slice(0, length));
    const opened = Discussion.open({ ...SOURCE, id: "d2" }, { ...environment, store });
    if (length === lines.length) await opened;
    else {
      await assert.rejects(opened, {
        name: "DamagedStream",
        message: `Cannot read "d2": line ${length + 1} is damaged: the branch of "d1" was cut short: ` +
          `it took over ${length - 1} of 6 events; delete it and branch again`,
      });
    }
  }
});

Deno.test("forkDiscussion() gives a branch new draws, even if the source has separate seeds for speakers and sampling", async () => {
  const store = await storeHolding(
    "d1",
    undisturbed({ ...SOURCE, ownSeeds: { speakers: "a", sampling: "b" } }),
  );
  const environment = environmentWith({ store });
  await forkDiscussion("d1", { id: "d2" }, environment);
  const [opened] = await eventsOf(environment, "d2");
  assert.ok(opened!.type === "DiscussionOpened" && opened.data.seed === "42/fork/d2");
  assert.ok(!("ownSeeds" in opened.data));
});
