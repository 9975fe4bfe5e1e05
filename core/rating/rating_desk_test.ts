import assert from "node:assert/strict";
import type { RatingSettings } from "../experiment/mod.ts";
import type { RunWriter } from "../ports/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { INSULT, passWith, TOXICITY } from "../testing/mod.ts";
import { RatingRefused } from "./rater.ts";
import { RatingDesk } from "./rating_desk.ts";
import { CORRECTABLE_MAX, type RatingEntry } from "./rating_log.ts";
import { openedRatingLog } from "./sealed_log.ts";
import { addDiscussion, PLAIN_RATING, ratedRun } from "./testing/mod.ts";

const INSULTING = {
  comments: [{ author: "Ann", text: "Hm." }, { author: "Bob", text: "You idiot." }],
  answers: { toxicity: "5", insult: "yes" },
};
const NOW = Date.UTC(2026, 5, 1);
const NEVER = new AbortController().signal;

async function deskOf(run: RunWriter, settings: Partial<RatingSettings> = {}): Promise<RatingDesk> {
  const desk = await RatingDesk.open({
    design: passWith(),
    raters: ["Rita", "Sam"],
    settings: { ...PLAIN_RATING, ...settings },
    run,
    streams: run.store.streams(),
    sha256: portableSha256,
    now: () => NOW,
  });
  for (const rater of desk.raters) await desk.begin(rater);
  return desk;
}

async function rateAll(desk: RatingDesk, rater: string): Promise<void> {
  for (let { next, to } = desk.progress(rater); next < to; next++) await desk.rate(rater, next, ["2", "no"]);
}

async function entriesOf(run: RunWriter, number: number): Promise<readonly RatingEntry[]> {
  const text = await run.readText(`people/ratings/p1.${number}.jsonl`);
  return text!.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("RatingDesk shows the comment with its context, letters for names, and nothing else", async () => {
  const run = await ratedRun(["calm.r1", "loud.r1"]);
  const desk = await deskOf(run);
  const { to } = desk.progress("Rita");
  for (let place = 0; place < to; place++) {
    const item = await desk.item("Rita", place);
    assert.ok(item !== null);
    assert.deepEqual(Object.keys(item).sort(), ["answers", "before", "comment", "place"]);
    assert.ok(item.before.length <= 2);
    for (const shown of [...item.before, item.comment]) {
      assert.deepEqual(Object.keys(shown).sort(), ["speaker", "text"]);
      assert.match(shown.speaker, /^[A-Z]$/);
    }
  }
  assert.equal(await desk.item("Rita", to), null);
  assert.deepEqual(desk.guide(), {
    instructions: "Rate.",
    questions: [
      {
        question: TOXICITY.question,
        kind: "choose",
        choices: ["1", "2", "3", "4", "5"].map((answer) => ({ answer, label: null })),
        min: 1,
        max: 5,
        maxLength: null,
      },
      {
        question: INSULT.question,
        kind: "choose",
        choices: ["yes", "no"].map((answer) => ({ answer, label: null })),
        min: null,
        max: null,
        maxLength: null,
      },
    ],
  });
});

Deno.test("RatingDesk resumes each rater at the place where the log ends, also in another process", async () => {
  const run = await ratedRun(["calm.r1", "loud.r1"]);
  const desk = await deskOf(run);
  await desk.rate("Rita", 0, ["4", null]);
  await desk.rate("Rita", 1, ["1", "no"]);
  await desk.rate("Sam", 0, ["5", "yes"]);
  const again = await deskOf(run);
  assert.deepEqual(["Rita", "Sam"].map((rater) => again.progress(rater).next), [2, 1]);
  assert.deepEqual((await again.item("Rita", 0))!.answers, ["4", null]);
  assert.deepEqual(await again.item("Rita", 2), await desk.item("Rita", 2));
  assert.equal((await entriesOf(run, 1)).filter(({ kind }) => kind === "drawn").length, 1);
});

Deno.test("RatingDesk lets raters correct the newest answers, and gives older ones to the pass", async () => {
  const run = await ratedRun(["calm.r1", "loud.r1", "mild.r1"]);
  const desk = await deskOf(run);
  const [first] = (await entriesOf(run, 1)).flatMap((entry) => entry.kind === "drawn" ? entry.items : []);
  assert.ok(first?.kind === "comment");
  const { discussion, comment } = first;
  const taken = desk.answer("Rita", { discussion, comment, scale: "toxicity" }, NEVER);
  await desk.rate("Rita", 0, ["1", "no"]);
  await desk.rate("Rita", 0, ["3", "no"]);
  for (let place = 1; place < CORRECTABLE_MAX; place++) await desk.rate("Rita", place, ["2", "no"]);
  const waiting = Promise.race([taken, Promise.resolve("waits")]);
  assert.equal(await waiting, "waits");
  await desk.rate("Rita", CORRECTABLE_MAX, ["2", null]);
  assert.equal(await taken, "3");
  await assert.rejects(desk.rate("Rita", 0, ["5", "no"]), RatingRefused);
  await desk.rate("Rita", 1, ["5", "no"]);
  assert.deepEqual((await desk.item("Rita", 1))!.answers, ["5", "no"]);
});

Deno.test("RatingDesk gives the last answers to the pass when the rater confirms them", async () => {
  const run = await ratedRun(["calm.r1"]);
  const desk = await deskOf(run);
  await assert.rejects(desk.confirm("Rita"), RatingRefused);
  await rateAll(desk, "Rita");
  const { to } = desk.progress("Rita");
  const taken = desk.answer("Rita", { discussion: "calm.r1", comment: to - 1, scale: "insult" }, NEVER);
  await desk.confirm("Rita");
  assert.equal(await taken, "no");
  assert.equal(desk.progress("Rita").part, "finished");
  await desk.confirm("Rita");
});

Deno.test("RatingDesk stops waiting for an answer when the request is aborted", async () => {
  const desk = await deskOf(await ratedRun(["calm.r1"]));
  const controller = new AbortController();
  const asked = { discussion: "calm.r1", comment: 0, scale: "insult" };
  const taken = desk.answer("Rita", asked, controller.signal);
  controller.abort(new Error("stopped"));
  await assert.rejects(taken, /stopped/);
});

Deno.test("RatingDesk refuses answers that a scale does not allow, and places that do not come next", async () => {
  const desk = await deskOf(await ratedRun(["calm.r1"]));
  for (const answers of [["6", "no"], ["2"], ["two or three", "no"], ["2", ""]]) {
    await assert.rejects(desk.rate("Rita", 0, answers), RatingRefused, `${answers}`);
  }
  await assert.rejects(desk.rate("Rita", 0, ["6", "no"]), {
    message: "This answer must be a whole number from 1 to 5.",
    question: 0,
  });
  for (const place of [-1, 1, 0.5, NaN]) {
    await assert.rejects(desk.rate("Rita", place, ["2", "no"]), RatingRefused, `${place}`);
  }
  assert.equal(desk.progress("Rita").next, 0);
  assert.throws(() => desk.progress("Mallory"), RangeError);
});

Deno.test("RatingDesk adds the discussions of a grown run at the end", async () => {
  const run = await ratedRun(["calm.r1"]);
  const desk = await deskOf(run);
  await rateAll(desk, "Rita");
  await desk.rate("Sam", 0, ["2", "no"]);
  await desk.confirm("Rita");
  const before = await entriesOf(run, 2);
  await addDiscussion(run, "loud.r1");
  const grown = await deskOf(run);
  assert.deepEqual((await entriesOf(run, 2)).slice(0, before.length), before);
  const { from, next, to, part } = grown.progress("Rita");
  assert.deepEqual([part, from, next, to], ["rating", 0, to / 2, to]);
  await rateAll(grown, "Rita");
  await grown.confirm("Rita");
  assert.equal(grown.progress("Rita").part, "finished");
});

Deno.test("RatingDesk starts with the quiz, repeats it if the first attempt has a mistake, and then continues with comments", async () => {
  const run = await ratedRun(["calm.r1"]);
  const desk = await deskOf(run, { quiz: [INSULTING, { ...INSULTING, answers: { insult: "yes" } }] });
  assert.deepEqual(desk.progress("Rita"), {
    part: "quiz",
    from: 0,
    to: 2,
    next: 0,
    final: 0,
    quiz: { attempt: 1, of: 2 },
    lastQuiz: null,
  });
  assert.deepEqual((await desk.item("Rita", 0))!.comment, { speaker: "B", text: "You idiot." });
  await desk.rate("Rita", 0, ["5", "yes"]);
  await desk.rate("Rita", 1, ["1", "no"]);
  await desk.confirm("Rita");
  const second = desk.progress("Rita");
  assert.deepEqual([second.quiz, second.lastQuiz, second.from], [
    { attempt: 2, of: 2 },
    { right: 1, of: 2 },
    2,
  ]);
  await desk.rate("Rita", 2, ["4", "yes"]);
  await desk.rate("Rita", 3, ["1", "yes"]);
  await desk.confirm("Rita");
  const rating = desk.progress("Rita");
  assert.deepEqual([rating.part, rating.lastQuiz, rating.from], ["rating", { right: 1, of: 2 }, 4]);
  await desk.rate("Sam", 0, ["5", "yes"]);
  await desk.rate("Sam", 1, [null, "yes"]);
  await desk.confirm("Sam");
  assert.deepEqual([desk.progress("Sam").part, desk.progress("Sam").from], ["rating", 2]);
});

Deno.test("RatingDesk shows items with known answers like any other item", async () => {
  const run = await ratedRun(["calm.r1", "loud.r1"]);
  const desk = await deskOf(run, { known: [INSULTING], repeat: 0.1 });
  const items = (await entriesOf(run, 1)).flatMap((entry) => entry.kind === "drawn" ? entry.items : []);
  const place = items.findIndex(({ kind }) => kind === "known");
  assert.deepEqual(await desk.item("Rita", place), {
    place,
    before: [{ speaker: "A", text: "Hm." }],
    comment: { speaker: "B", text: "You idiot." },
    answers: null,
  });
  assert.ok(items.some(({ kind }) => kind === "repeat"));
});

Deno.test("RatingDesk encrypts ratings; after a withdrawal, they cannot be read, and no further ratings are stored", async () => {
  const run = await ratedRun(["calm.r1"]);
  const desk = await deskOf(run);
  await desk.rate("Rita", 0, ["4", null]);
  const stored = (await run.readText("people/ratings/p1.1.jsonl"))!;
  assert.ok(!stored.includes("toxicity"));
  const owner = { rater: "Rita", keys: run.store.keys };
  assert.match((await openedRatingLog(stored, owner))!, /"toxicity":"4"/);
  await run.store.keys!.withdraw("Rita");
  assert.equal(await openedRatingLog(stored, owner), null);
  await assert.rejects(desk.rate("Rita", 1, ["4", null]), /withdrew/);
  assert.equal(await run.readText("people/ratings/p1.1.jsonl"), stored);
  const again = await RatingDesk.open({
    design: passWith(),
    raters: ["Rita"],
    settings: PLAIN_RATING,
    run,
    streams: run.store.streams(),
    sha256: portableSha256,
    now: () => NOW,
  });
  const asked = { discussion: "calm.r1", comment: 0, scale: "toxicity" };
  assert.equal(await again.answer("Rita", asked, NEVER), undefined);
});

Deno.test("RatingDesk shows no words of a person who withdraws after the desk has read them", async () => {
  const run = await ratedRun(["calm.r1"]);
  const desk = await deskOf(run);
  const { to } = desk.progress("Rita");
  const shown = async () => {
    const items = await Promise.all(Array.from({ length: to }, (_, place) => desk.item("Rita", place)));
    return items.flatMap((item) => [...item!.before, item!.comment]);
  };
  assert.ok((await shown()).every(({ text }) => text !== null));
  await run.store.keys!.withdraw("calm.r1/Ann");
  const after = await shown();
  const gone = new Set(after.filter(({ text }) => text === null).map(({ speaker }) => speaker));
  assert.equal(gone.size, 1);
  assert.ok(after.every(({ speaker, text }) => (text === null) === gone.has(speaker)));
});

Deno.test("RatingDesk refuses to continue ratings if the run lacks their key, so that no rating is lost", async () => {
  const run = await ratedRun(["calm.r1"]);
  await (await deskOf(run)).rate("Rita", 0, ["4", null]);
  Object.assign(run.store.keys!, { look: () => Promise.resolve(null) });
  await assert.rejects(deskOf(run), /Cannot continue the ratings of "Rita": .*people\/keys/);
});

Deno.test("RatingDesk stores nothing about a rater before the rater begins", async () => {
  const run = await ratedRun(["calm.r1"]);
  const settings = PLAIN_RATING;
  await RatingDesk.open({
    design: passWith(),
    raters: ["Rita"],
    settings,
    run,
    streams: run.store.streams(),
    sha256: portableSha256,
    now: () => NOW,
  });
  assert.equal(await run.readText("people/ratings/p1.1.jsonl"), null);
});
