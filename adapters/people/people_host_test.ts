/** The pages of many people in one process, asked as their pages ask. */
import assert from "node:assert/strict";
import type { Scale } from "../../core/annotation/scales/mod.ts";
import type { ModelRequest, RunWriter } from "../../core/ports/mod.ts";
import { RatingDesk } from "../../core/rating/mod.ts";
import { PLAIN_RATING, ratedRun } from "../../core/rating/testing/mod.ts";
import { portableSha256 } from "../../core/sha256.ts";
import { given, participantsNamed, passWith, turnTaken } from "../../core/testing/mod.ts";
import { systemClock } from "../system.ts";
import { openPeople } from "./people_host.ts";
import type { Person } from "./persons.ts";

const COUNT = 10;
const NUMBERS = Array.from({ length: COUNT }, (_, index) => index);
const CONSENT = { file: "consent.md", text: "I agree.", sha256: "a".repeat(64) };
const WHY: Scale = { name: "hidden scale", type: "text", maxLength: 100, question: "Why?" };

const discussionOf = (index: number) => `hidden condition.r${index}`;
const seats = NUMBERS.map((index): Person => ({
  kind: "seat",
  person: `${discussionOf(index)}/Ann`,
  discussion: discussionOf(index),
  name: "Ann",
  role: "participant",
}));
const raters = NUMBERS.map((index): Person => ({ kind: "rater", person: `Rater${index}`, pass: "p1" }));

/** A request to the person of a seat: the prompt that a model would get, and the part that the person may see. */
function requestTo(index: number): ModelRequest {
  return {
    messages: [{ role: "system", content: "hidden prompt" }],
    sampling: {},
    seed: 1,
    origin: { discussion: discussionOf(index), turn: 1, speaker: "Ann", role: "participant" },
    situation: () => ({
      kind: "turn",
      comments: [{ comment: 0, author: "Ben", text: `Read in ${index}.` }],
      mayBeSilent: true,
    }),
  };
}

async function ratingDeskOf(run: RunWriter): Promise<RatingDesk> {
  const plain = passWith();
  return await RatingDesk.open({
    design: { ...plain, codebook: { ...plain.codebook, scales: [WHY] } },
    raters: raters.map(({ person }) => person),
    settings: PLAIN_RATING,
    run,
    streams: run.store.streams(),
    sha256: portableSha256,
    now: Date.now,
  });
}

/** Sends requests of one page, and collects all answers. */
function pageOf(link: string) {
  const { origin, hash } = new URL(link);
  const answers: string[] = [];
  const ask = async (path: string, body?: unknown) => {
    const response = await fetch(`${origin}/api/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Authorization": `Bearer ${hash.slice("#t=".length)}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    answers.push(text);
    return JSON.parse(text);
  };
  return { answers, ask };
}

async function takePart(page: ReturnType<typeof pageOf>, index: number): Promise<void> {
  await page.ask("seat/news", { seen: null });
  await page.ask("seat/consent", { agrees: true, sha256: CONSENT.sha256 });
  const { question } = await page.ask("seat/news", { seen: null });
  const sent = page.ask("seat/answer", { question: question.id, text: `Said by ${index}.`, pasted: false });
  await Promise.all([sent, page.ask("seat/news", { seen: null })]);
  await page.ask("seat/news", { seen: null });
  await page.ask("rating");
}

async function rateOne(page: ReturnType<typeof pageOf>, index: number): Promise<void> {
  await page.ask("rating");
  await page.ask("rating/consent", { agrees: true, sha256: CONSENT.sha256 });
  await page.ask("rating");
  await page.ask("rating/items/0");
  await page.ask("rating/items/0", { answers: [`Rated by ${index}.`] });
  await page.ask("rating/items/0");
  await page.ask("rating/news", { seen: null, place: 0 });
  await page.ask("seat/news", { seen: null });
}

Deno.test("ten people in seats and ten raters at once see no prompt, model or condition, and no value of others", async () => {
  const run = await ratedRun(["hidden topic.r1", "hidden topic.r2"]);
  const host = await openPeople({
    run,
    people: [...seats, ...raters],
    texts: { consent: CONSENT, debriefing: null, rating: PLAIN_RATING },
    clock: systemClock,
    env: () => undefined,
    say: () => {},
  });
  try {
    host.rate(await ratingDeskOf(run));
    for (const index of NUMBERS) {
      const design = { id: discussionOf(index), participants: participantsNamed("Ben", "Ann"), openings: [] };
      const before = turnTaken({ turn: 0, comment: 0, participant: "Ben", text: `Read in ${index}.` });
      host.notice({ kind: "opened", state: given(design, before) });
      void host.ask(requestTo(index), { timeLimitMs: null }, new AbortController().signal).then(
        ({ text }) => {
          const said = turnTaken({ turn: 1, comment: 1, participant: "Ann", text });
          host.notice({ kind: "recorded", discussion: discussionOf(index), events: [said] });
        },
      );
    }
    const links = new Map(host.links.map(({ person, link }) => [person.person, link]));
    const seated = seats.map(({ person }) => pageOf(links.get(person)!));
    const rating = raters.map(({ person }) => pageOf(links.get(person)!));
    await Promise.all([...seated.map(takePart), ...rating.map(rateOne)]);

    for (const index of NUMBERS) {
      const [seat, rater] = [seated, rating].map((pages) => pages[index]!.answers.join("\n")) as [
        string,
        string,
      ];
      assert.deepEqual([...new Set(seat.match(/(?:Read in|Said by) \d/g))].sort(), [
        `Read in ${index}`,
        `Said by ${index}`,
      ]);
      assert.deepEqual([...new Set(rater.match(/Rated by \d/g))], [`Rated by ${index}`]);
      const others = /hidden|scripted|model|prompt|Rater\d|\.r\d/;
      assert.doesNotMatch(seat, others);
      assert.doesNotMatch(rater, others);
      assert.doesNotMatch(seat, /Rated/);
      assert.doesNotMatch(rater, /Read|Said/);
    }
  } finally {
    await host.close(true);
  }
});

Deno.test("a rating that cannot be stored is an error for the page, and the researcher learns of it once", async () => {
  const run = await ratedRun(["calm.r1"]);
  const full = { ...run, store: run.store, appendText: () => Promise.reject(new Error("the disk is full")) };
  const said: string[] = [];
  const host = await openPeople({
    run,
    people: raters.slice(0, 1),
    texts: { consent: null, debriefing: null, rating: PLAIN_RATING },
    clock: systemClock,
    env: () => undefined,
    say: (text) => void said.push(text),
  });
  try {
    host.rate(await ratingDeskOf(full));
    const page = pageOf(host.links[0]!.link);
    for (let count = 0; count < 2; count++) {
      assert.deepEqual(await page.ask("rating"), {
        error: "The server has a problem. Please tell the researchers",
      });
    }
    assert.equal(said.filter((text) => text === "a person's page has a problem: the disk is full").length, 1);
  } finally {
    await host.close(true);
  }
});

Deno.test("a rater who withdraws while the desk opens is asked nothing", async () => {
  const run = await ratedRun(["calm.r1"]);
  const host = await openPeople({
    run,
    people: raters.slice(0, 1),
    texts: { consent: null, debriefing: null, rating: PLAIN_RATING },
    // On this clock, the watch for withdrawals never makes its next check.
    clock: {
      ...systemClock,
      sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener("abort", () => resolve())),
    },
    env: () => undefined,
    say: () => {},
  });
  try {
    const desk = await ratingDeskOf(run);
    await run.store.keys!.withdraw("Rater0");
    host.rate(desk);
    const asked = { discussion: "calm.r1", comment: 0, scale: WHY.name };
    assert.equal(await desk.answer("Rater0", asked, AbortSignal.timeout(30_000)), undefined);
  } finally {
    await host.close(true);
  }
});
