/** The routes of seats, with requests as pages and other programs send them. */
import assert from "node:assert/strict";
import { consentsOf } from "../../core/people/mod.ts";
import { memoryRun } from "../../core/ports/memory_run.ts";
import { fixedClock, type ModelRequest } from "../../core/ports/mod.ts";
import { given, participantsNamed, turnTaken } from "../../core/testing/mod.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";
import { guardedApp } from "../viewer/server/access.ts";
import { Desk } from "./desk.ts";
import type { Person, Seat } from "./persons.ts";
import { Presence } from "./presence.ts";
import { seatRoutes } from "./seat_routes.ts";

const DISCUSSION = "secret condition.r0001";
const ANN: Seat = {
  kind: "seat",
  person: `${DISCUSSION}/Ann`,
  discussion: DISCUSSION,
  name: "Ann",
  role: "participant",
};
const BEN: Seat = { ...ANN, person: `${DISCUSSION}/Ben`, name: "Ben" };
const HOLDERS = new Map<string, Person>([["token-of-ann", ANN], ["token-of-ben", BEN]]);
const CONSENT = { file: "consent.md", text: "I agree.", sha256: "a".repeat(64) };
const NEVER = new AbortController().signal;

function requestTo(speaker: string, text = "Hello"): ModelRequest {
  return {
    messages: [{ role: "system", content: "a secret prompt" }],
    sampling: {},
    seed: 1,
    origin: { discussion: DISCUSSION, turn: 0, speaker, role: "participant" },
    situation: () => ({
      kind: "turn",
      comments: [{ comment: 0, author: "Eve", text }],
      mayBeSilent: speaker === "Ann",
    }),
  };
}

/** Routes whose answers are collected. */
async function opened() {
  const clock = { ...fixedClock(), sleep: () => new Promise<void>(() => {}) };
  const run = await memoryRun().open(sampleRun());
  const texts = { consent: CONSENT, debriefing: { ...CONSENT, text: "Ben was a program." } };
  const consents = consentsOf(run, texts, clock);
  const keys = run.store.keys!;
  const { standing } = consents;
  const desk = new Desk({ clock, secret: "a secret key", standing, hasWithdrawn: keys.hasWithdrawn });
  const ending = new AbortController();
  const app = guardedApp<Person>({
    holderOf: (token) => HOLDERS.get(token) ?? null,
    bodyBytesMax: 256 * 1024,
  });
  const presence = new Presence(clock);
  const sources = { desk, consents, texts, clock, start: "s", presence, signal: ending.signal };
  app.route("/api/seat", seatRoutes(sources));
  const answers: string[] = [];
  const post = async (token: string, path: string, body: unknown) => {
    const response = await app.request(`/api/seat/${path}`, {
      method: "POST",
      headers: { Host: "127.0.0.1", Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    answers.push(text);
    return { status: response.status, body: JSON.parse(text) };
  };
  const agree = (token: string) => post(token, "consent", { agrees: true, sha256: CONSENT.sha256 });
  const news = (token: string) => post(token, "news", { seen: null });
  return { desk, post, agree, news, answers, presence, ending, keys };
}

Deno.test("a seat sees nothing of the discussion and cannot answer before it has agreed", async () => {
  const { desk, post, agree, news } = await opened();
  void desk.ask(requestTo("Ann"), { timeLimitMs: null }, NEVER);
  const before = (await news("token-of-ann")).body;
  assert.deepEqual([before.phase, before.comments, before.question], ["consent", [], null]);
  assert.equal(before.consent.text, "I agree.");
  const { id } = desk.questions(ANN.person)[0]!;
  const early = await post("token-of-ann", "answer", { question: id, text: "Hi", pasted: false });
  assert.equal(early.status, 409);
  const changed = await post("token-of-ann", "consent", { agrees: true, sha256: "b".repeat(64) });
  assert.equal(changed.status, 409);
  const after = (await agree("token-of-ann")).body;
  assert.deepEqual([after.phase, after.comments.length, after.question.id], ["asked", 1, id]);
});

Deno.test("a person who refuses does not take part: the open question ends, and the page shows no discussion", async () => {
  const { desk, post } = await opened();
  const reply = desk.ask(requestTo("Ann"), { timeLimitMs: null }, NEVER);
  const { body } = await post("token-of-ann", "consent", { agrees: false, sha256: CONSENT.sha256 });
  assert.deepEqual([body.phase, body.comments], ["declined", []]);
  assert.equal((await reply).finishReason, "declined");
});

Deno.test("a person who refuses reads the debriefing only when the discussion is over, and then cannot take part any more", async () => {
  const { desk, post, agree, news } = await opened();
  const decline = () => post("token-of-ann", "consent", { agrees: false, sha256: CONSENT.sha256 });
  const { body: declined } = await decline();
  assert.deepEqual([declined.consent.text, declined.debriefing], ["I agree.", null]);
  desk.notice({ kind: "ended", discussion: DISCUSSION });
  for (const body of [(await news("token-of-ann")).body, (await agree("token-of-ann")).body]) {
    assert.deepEqual([body.phase, body.consent, body.debriefing], ["missed", null, "Ben was a program."]);
  }
});

Deno.test("a seat whose discussion is over asks for no consent, and records none", async () => {
  const { desk, agree, news } = await opened();
  desk.notice({ kind: "ended", discussion: DISCUSSION });
  await agree("token-of-ben");
  const { body } = await news("token-of-ben");
  assert.deepEqual([body.phase, body.consent, body.comments], ["missed", null, []]);
});

Deno.test("the comments of a person who withdrew are in no answer any more, also when the discussion ends", async () => {
  const { desk, post, agree, news, keys, answers } = await opened();
  const design = { id: DISCUSSION, participants: participantsNamed("Ann", "Ben"), openings: [] };
  const [before, taking] = [0, 1].map((turn) =>
    turnTaken({ turn, comment: turn, participant: "Ann", text: "Words of Ann" })
  );
  const events = [taking!];
  desk.notice({ kind: "opened", state: given(design, before!) });
  desk.notice({ kind: "recorded", discussion: DISCUSSION, events });
  const { body: { comments, version } } = await agree("token-of-ben");
  assert.equal(comments.length, 2);
  const question = requestTo("Ben");
  const situation = () => ({ kind: "turn", comments, mayBeSilent: true }) as const;
  void desk.ask({ ...question, situation }, { timeLimitMs: null }, NEVER);
  assert.equal((await post("token-of-ben", "news", { seen: version })).body.comments.length, 2);

  const waiting = news("token-of-ben").then(({ body }) =>
    post("token-of-ben", "news", { seen: body.version })
  );
  await new Promise((resolve) => setTimeout(resolve));
  answers.length = 0;
  await keys.withdraw(ANN.person);
  desk.withdrew(ANN);
  const { body: after } = await waiting;
  assert.deepEqual([after.phase, after.comments, after.withdrawn], ["asked", [], ["Ann"]]);
  desk.notice({ kind: "ended", discussion: DISCUSSION });
  assert.equal((await news("token-of-ben")).body.phase, "ended");
  assert.ok(!answers.join().includes("Words of Ann"));
});

Deno.test("a text that is too long or has control characters is refused with the reason, and so is an empty text if silence is not possible", async () => {
  const { desk, post, agree } = await opened();
  await agree("token-of-ben");
  void desk.ask(requestTo("Ben"), { timeLimitMs: null }, NEVER);
  const question = desk.questions(BEN.person)[0]!.id;
  const send = (text: string) => post("token-of-ben", "answer", { question, text, pasted: false });
  const refused = [
    [await send("a".repeat(20_001)), /20001 characters, and at most 20000/],
    [await send("a\u0000b"), /control characters/],
    [await send("a\ud800"), /control characters/],
    [await send(" \n"), /empty comment/],
  ] as const;
  for (const [{ status, body }, reason] of refused) {
    assert.equal(status, 400);
    assert.match(body.error, reason);
  }
  assert.equal((await send("a".repeat(1_000_000))).status, 413);
  assert.equal((await post("token-of-ben", "answer", { question, text: 3 })).status, 400);
  assert.equal(desk.questions(BEN.person).length, 1);
});

Deno.test("no answer to a seat contains a prompt, a condition, the name of a discussion, or another seat's question or token", async () => {
  const { desk, post, agree, news, answers } = await opened();
  void desk.ask(requestTo("Ann"), { timeLimitMs: 60_000 }, NEVER);
  void desk.ask(requestTo("Ben", "<script>alert(1)</script>"), { timeLimitMs: null }, NEVER);
  const other = desk.questions(BEN.person)[0]!.id;
  for (const token of ["token-of-ann", "wrong"]) {
    await news(token);
    await agree(token);
    await news(token);
    await post(token, "answer", { question: other, text: "Hi", pasted: false });
    await post(token, "answer", { question: { id: 1 }, text: "Hi" });
    await post(token, "nowhere", {});
  }
  const seen = answers.join("\n");
  assert.ok(seen.includes("Hello"));
  for (const hidden of ["secret", "r0001", "token-of", other, "Ben", "script"]) {
    assert.ok(!seen.includes(hidden), `${hidden} in ${seen}`);
  }
});

Deno.test("a rater's token opens no seat", async () => {
  HOLDERS.set("token-of-rater", { kind: "rater", person: "Rita", pass: "p" });
  const { news } = await opened();
  assert.equal((await news("token-of-rater")).status, 404);
});

Deno.test("the page waits for news until something changes", async () => {
  const { desk, post, agree, presence } = await opened();
  const { body: { version } } = await agree("token-of-ann");
  assert.equal(presence.of(BEN.person), "never");
  const waiting = post("token-of-ann", "news", { seen: version });
  await Promise.resolve();
  void desk.ask(requestTo("Ann"), { timeLimitMs: 60_000 }, NEVER);
  const { body } = await waiting;
  assert.deepEqual([body.phase, body.question.leftMs], ["asked", 60_000]);
  assert.equal(presence.of(ANN.person), "here");
});
