import assert from "node:assert/strict";
import fc from "fast-check";
import { initialState, type Rules } from "../discussion/mod.ts";
import type { DiscussionEvent, Envelope } from "../events/mod.ts";
import { portableSha256 } from "../sha256.ts";
import {
  designWith,
  generationFailed,
  moderatorWith,
  play,
  rulesWith,
  stateAfter,
  storeHolding,
  undisturbed,
} from "../testing/mod.ts";
import { someDesign, someReplies } from "../testing/arbitraries.ts";
import { readStream } from "./stream.ts";
import { replay, type ReplayVerdict, verifyReplay } from "./replay.ts";

const rules = rulesWith();
const DESIGN = designWith({ moderator: moderatorWith(), turns: 5 });
const EVENTS = undisturbed(DESIGN);

async function* logged(events: readonly DiscussionEvent[]): AsyncGenerator<Envelope> {
  yield* readStream(await storeHolding("d1", events), "d1", portableSha256);
}

async function verdictOn(events: readonly DiscussionEvent[], by: Rules = rules): Promise<ReplayVerdict> {
  return await verifyReplay(logged(events), by);
}

/**
 * The log with one changed event. The store computes all hashes again, so that only a replay can find the
 * change.
 */
function changed(seq: number, data: Record<string, unknown>): readonly DiscussionEvent[] {
  const event = EVENTS[seq]!;
  return EVENTS.with(seq, { type: event.type, data: { ...event.data, ...data } } as DiscussionEvent);
}

Deno.test("replay() gives the state at any event of a log", async () => {
  for (let seq = 0; seq < EVENTS.length; seq++) {
    const { state, events, last } = await replay(logged(EVENTS), seq);
    assert.deepEqual(state, stateAfter(EVENTS.slice(0, seq + 1)));
    assert.deepEqual([events, last?.seq], [seq + 1, seq]);
  }
});

Deno.test("replay() gives the last state by default, and for a position after the end", async () => {
  for (const seq of [undefined, 1000]) {
    const { state, events } = await replay(logged(EVENTS), seq);
    assert.deepEqual(state, stateAfter(EVENTS));
    assert.equal(events, EVENTS.length);
  }
});

Deno.test("replay() of an empty log gives the state of an unopened discussion", async () => {
  assert.deepEqual(await replay(logged([])), { state: initialState, events: 0, last: null });
});

Deno.test("verifyReplay() verifies every prompt of any discussion", async () => {
  await fc.assert(fc.asyncProperty(someDesign, someReplies, async (design, replies) => {
    const { events, asked } = play(design, (_, nth) => replies[nth % replies.length]!);
    assert.deepEqual(await verdictOn(events), {
      events: events.length,
      promptsVerified: asked.length,
      promptsInherited: 0,
      promptsWithheld: 0,
      divergences: [],
      assumed: [],
    });
  }));
});

Deno.test("verifyReplay() verifies an unfinished log with a failed request", async () => {
  const events = [...EVENTS.slice(0, 2), generationFailed(0, "Ann"), ...EVENTS.slice(2, 5)];
  const { promptsVerified, divergences } = await verdictOn(events);
  assert.deepEqual([promptsVerified, divergences], [3, []]);
});

Deno.test("verifyReplay() accepts a discussion that its caller ended early", async () => {
  for (
    const ending of [
      {
        type: "DiscussionCompleted",
        data: { reason: "stopped-early", turns: 1, comments: 2, note: "enough" },
      },
      { type: "DiscussionAborted", data: { reason: "wrong model", turns: 1, comments: 2 } },
    ] as const
  ) {
    assert.deepEqual((await verdictOn([...EVENTS.slice(0, 4), ending])).divergences, []);
  }
});

Deno.test("verifyReplay() finds a changed comment by the prompts that show it", async () => {
  const seq = EVENTS.findIndex(({ type }) => type === "TurnTaken");
  const { divergences } = await verdictOn(changed(seq, { text: "something else" }));
  const whats = new Set(divergences.map(({ what }) => what));
  assert.deepEqual([...whats], ["prompt"]);
  assert.equal(divergences[0]!.seq, seq + 1);
  assert.ok(
    divergences.every(({ logged, replayed }) => /^[0-9a-f]{64}$/.test(logged) && logged !== replayed),
  );
});

Deno.test("verifyReplay() finds a changed persona by all prompts of its participant", async () => {
  const participants = DESIGN.participants.with(1, { ...DESIGN.participants[1]!, persona: { age: 20 } });
  const { divergences, promptsVerified } = await verdictOn(changed(0, { participants }));
  const ofBob = EVENTS.filter(({ data }) => "participant" in data && data.participant === "Bob").length;
  assert.deepEqual([ofBob, divergences.length], [2, 2]);
  assert.ok(divergences.every(({ what }) => what === "prompt"));
  assert.equal(promptsVerified, 10 - 2);
});

Deno.test("verifyReplay() finds a changed speaker, a changed seed and a changed prompt hash", async () => {
  const seq = EVENTS.findIndex(({ data }) => "participant" in data);
  const { generation } = EVENTS[seq]!.data as { generation: object };
  const [speaker] = (await verdictOn(changed(seq, { participant: "Bob" }))).divergences;
  assert.deepEqual(speaker, {
    seq,
    what: "speaker",
    logged: "participant Bob at turn 0",
    replayed: "participant Ann at turn 0",
  });
  const seeds = (await verdictOn(changed(seq, { generation: { ...generation, seed: 7 } }))).divergences;
  assert.deepEqual(seeds.map(({ seq, what, logged }) => ({ seq, what, logged })), [
    { seq, what: "sampling seed", logged: "7" },
  ]);
  const promptHash = "f".repeat(64);
  const hashes = (await verdictOn(changed(seq, { generation: { ...generation, promptHash } }))).divergences;
  assert.deepEqual(hashes.map(({ seq, what, logged }) => ({ seq, what, logged })), [
    { seq, what: "prompt", logged: promptHash },
  ]);
});

Deno.test("verifyReplay() finds an answer from a model that the design does not name", async () => {
  const seq = EVENTS.findIndex(({ data }) => "participant" in data);
  const { generation } = EVENTS[seq]!.data as { generation: object };
  const { divergences } = await verdictOn(changed(seq, { generation: { ...generation, model: "other" } }));
  assert.deepEqual(divergences, [{ seq, what: "model", logged: "other", replayed: "test-model" }]);
});

Deno.test("verifyReplay() finds a rule that was not followed", async () => {
  const other = await verdictOn(changed(0, { turnTaking: { name: "respond", options: { probability: 1 } } }));
  assert.ok(other.divergences.some(({ what }) => what === "speaker"));
  const rarely = await verdictOn(
    changed(0, { moderator: moderatorWith({ schedule: { name: "every", options: { n: 2 } } }) }),
  );
  assert.deepEqual([rarely.divergences[0]!.logged, rarely.divergences[0]!.replayed], [
    "moderator Mod at turn 0",
    "participant Bob at turn 1",
  ]);
});

Deno.test("verifyReplay() finds a changed opening comment, and an end that came too early", async () => {
  const seed = EVENTS[1]!;
  const opening = (await verdictOn(changed(1, { text: "Something else?" }))).divergences[0]!;
  assert.deepEqual([opening.seq, opening.what, opening.replayed], [1, "step", JSON.stringify(seed)]);
  const completed: DiscussionEvent = {
    type: "DiscussionCompleted",
    data: { reason: "turns", turns: 1, comments: 2 },
  };
  const end = (await verdictOn([...EVENTS.slice(0, 3), completed])).divergences[0]!;
  assert.deepEqual([end.seq, end.what, end.replayed], [3, "step", "moderator Mod at turn 0"]);
});

Deno.test("verifyReplay() finds wrong counts in the event that ends the discussion", async () => {
  const last = EVENTS.length - 1;
  const [{ seq, what } = assert.fail()] = (await verdictOn(changed(last, { comments: 99 }))).divergences;
  assert.deepEqual([seq, what], [last, "step"]);
});

const OWN: Rules = rulesWith({
  strategies: [{ name: "own", select: () => 1 }],
  schedules: [{ name: "own", isDue: ({ turn }) => turn % 2 === 1, mayAbstain: true }],
});
const OWN_RULE = { name: "own", options: {} };

Deno.test("verifyReplay() trusts the log for unknown rules, and compares everything else", async () => {
  for (const turnTaking of [OWN_RULE, { name: "mention", options: { fallback: OWN_RULE } }]) {
    const design = designWith({
      moderator: { ...moderatorWith(), schedule: OWN_RULE },
      turnTaking,
      turns: 5,
    });
    const { events, asked } = play(
      design,
      (_, nth) => ({ text: `Comment ${nth}`, finishReason: "stop" }),
      OWN,
    );
    const verdict = await verdictOn(events);
    assert.deepEqual(verdict.divergences, []);
    assert.deepEqual([verdict.promptsVerified, verdict.assumed], [asked.length, [
      ...new Set([turnTaking.name, "own"]),
    ]]);
    assert.deepEqual((await verdictOn(events, OWN)).assumed, []);
    for (const type of ["TurnTaken", "ModeratorIntervened"] as const) {
      const at = events.findIndex((event) => event.type === type);
      const event = events[at]!;
      assert.ok(event.type === type && event.data.generation !== undefined);
      const generation = { ...event.data.generation, promptHash: "0".repeat(64) };
      const other = { ...event, data: { ...event.data, generation } } as DiscussionEvent;
      const [found] = (await verdictOn(events.with(at, other))).divergences;
      assert.deepEqual([found?.seq, found?.what], [at, "prompt"]);
    }
  }
});

Deno.test("verifyReplay() finds a reply whose reading by today's rules differs from the log", async () => {
  const events = EVENTS.map((event) =>
    event.type === "TurnTaken" && event.data.turn === 1
      ? { ...event, data: { ...event.data, raw: '""' } }
      : event
  );
  const { divergences } = await verdictOn(events);
  assert.deepEqual(divergences.map(({ what, replayed }) => [what, replayed]), [[
    "comment",
    "nothing (empty)",
  ]]);
});
