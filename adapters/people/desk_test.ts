import assert from "node:assert/strict";
import { virtualClock } from "../../core/testing/mod.ts";
import type { ModelRequest } from "../../core/ports/mod.ts";
import { Desk } from "./desk.ts";

const NEVER = new AbortController().signal;
const NO_LIMIT = { timeLimitMs: null };

function requestOf(turn: number, role: "participant" | "moderator" = "participant"): ModelRequest {
  return {
    messages: [{ role: "system", content: "You are Ann, a troll." }],
    sampling: {},
    seed: 1,
    origin: { discussion: "gentle.r0001", turn, speaker: "Ann", role },
    situation: () => ({ kind: "turn", comments: [], mayBeSilent: true }),
  };
}

const SEAT = "gentle.r0001/Ann";

function deskNow() {
  const clock = virtualClock();
  return {
    clock,
    desk: new Desk({ clock, secret: "s", standing: () => "agreed", hasWithdrawn: () => false }),
  };
}

function recorded(text: string) {
  const event = { type: "TurnTaken", data: { turn: 0, comment: 0, participant: "Ann", text } } as const;
  return { kind: "recorded", discussion: "gentle.r0001", events: [event] } as const;
}

Deno.test("Desk gives a person's answer to the engine, and reports it as saved only after the event was recorded", async () => {
  const { desk } = deskNow();
  const reply = desk.ask(requestOf(0), NO_LIMIT, NEVER);
  const [question] = desk.questions(SEAT);
  let fate: string | null = null;
  const sent = desk.answer(SEAT, question!.id, { text: "Hello", meta: { pasted: true } })
    .then((value) => fate = value);
  assert.deepEqual(await reply, { text: "Hello", finishReason: "sent", meta: { pasted: true } });
  assert.equal(fate, null);
  assert.deepEqual(desk.questions(SEAT), []);
  desk.notice(recorded("Hello"));
  assert.equal(await sent, "saved");
});

Deno.test("Desk accepts an answer that is sent twice, and refuses a different second answer", async () => {
  const { desk } = deskNow();
  const reply = desk.ask(requestOf(0), NO_LIMIT, NEVER);
  const { id } = desk.questions(SEAT)[0]!;
  const sent = [
    desk.answer(SEAT, id, { text: "A" }),
    desk.answer(SEAT, id, { text: "A" }),
    desk.answer(SEAT, id, { text: "B" }),
  ];
  await reply;
  desk.notice(recorded("A"));
  assert.deepEqual(await Promise.all(sent), ["saved", "saved", "answered-before"]);
  assert.equal(await desk.answer(SEAT, id, { text: "A" }), "saved");
});

Deno.test("Desk ends a question when its time limit ends, and refuses a later answer", async () => {
  const { desk, clock } = deskNow();
  const reply = desk.ask(requestOf(0), { timeLimitMs: 5_000 }, NEVER);
  const { id, deadlineMs } = desk.questions(SEAT)[0]!;
  assert.equal(deadlineMs, clock.now() + 5_000);
  assert.deepEqual(await clock.until(reply), { text: "", finishReason: "timed-out" });
  assert.equal(await desk.answer(SEAT, id, { text: "Hello" }), "too-late");
});

Deno.test("Desk drops a question when the run stops, and gives it the same id when it comes again", async () => {
  const { desk, clock } = deskNow();
  const stopping = new AbortController();
  const reply = desk.ask(requestOf(3), { timeLimitMs: 60_000 }, stopping.signal);
  const { id } = desk.questions(SEAT)[0]!;
  const reason = new Error("stopped");
  stopping.abort(reason);
  await assert.rejects(reply, reason);
  assert.deepEqual([desk.questions(SEAT), desk.isInterrupted(SEAT)], [[], true]);
  assert.equal(await desk.answer(SEAT, id, { text: "Hello" }), "interrupted");
  const next = new Desk({ clock, secret: "s", standing: () => "agreed", hasWithdrawn: () => false });
  void next.ask(requestOf(3), NO_LIMIT, NEVER);
  assert.equal(next.questions(SEAT)[0]!.id, id);
  void next.ask(requestOf(4), NO_LIMIT, NEVER);
  assert.notEqual(next.questions(SEAT)[1]!.id, id);
});

Deno.test("Desk refuses an answer to another person's question as unknown", async () => {
  const { desk } = deskNow();
  void desk.ask(requestOf(0), NO_LIMIT, NEVER);
  const { id } = desk.questions(SEAT)[0]!;
  assert.equal(await desk.answer("gentle.r0001/Ben", id, { text: "Hello" }), "unknown");
  assert.deepEqual([...desk.waitedFor()], [SEAT]);
});

Deno.test("Desk knows which discussions have ended", () => {
  const { desk } = deskNow();
  assert.equal(desk.endOf("gentle.r0001"), null);
  desk.notice({ kind: "ended", discussion: "gentle.r0001" });
  assert.equal(desk.endOf("gentle.r0001"), "ended");
  desk.notice({ kind: "set-aside", discussion: "gentle.r0002" });
  assert.equal(desk.endOf("gentle.r0002"), "failed");
});

Deno.test("Desk answers for people who do not take part, and asks all others", async () => {
  const out = new Set<string>();
  const desk = new Desk({
    clock: virtualClock(),
    secret: "s",
    standing: (person) => out.has(person) ? "declined" : "agreed",
    hasWithdrawn: () => false,
  });
  const reply = desk.ask(requestOf(0), NO_LIMIT, NEVER);
  out.add(SEAT);
  desk.released(SEAT);
  assert.deepEqual(await reply, { text: "", finishReason: "declined" });
  assert.deepEqual(await desk.ask(requestOf(1), NO_LIMIT, NEVER), { text: "", finishReason: "declined" });
  assert.deepEqual(desk.questions(SEAT), []);
});
