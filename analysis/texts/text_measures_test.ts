import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isOpening,
  isSilence,
  onRealDiscussions,
  realDiscussions,
  realFile,
} from "../../core/testing/real_discussions.ts";
import { distinctN, measureDiversity, measureTexts, type SpokenText } from "./text_measures.ts";

Deno.test("measureDiversity() needs two comments, and a word of a–z or 0–9", () => {
  assert.deepEqual(measureDiversity([]).diversity, {
    unavailable: "there are fewer than two comments to compare",
  });
  assert.deepEqual(measureDiversity(["alone"]).diversity, {
    unavailable: "there are fewer than two comments to compare",
  });
  assert.equal(measureDiversity(["…", "ok"]).diversity, 1);
  assert.deepEqual(measureDiversity(["…", "λόγος"]).diversity, {
    unavailable: "no comment has a word of a–z or 0–9, and ROUGE compares no other words",
  });
  assert.equal(measureDiversity(["So it is", "so it IS!"]).diversity, 0);
});

Deno.test("measureDiversity() reports how many words it compared, and refuses too many comments", () => {
  assert.deepEqual(measureDiversity(["so it is", "So it goes"]), {
    diversity: 1 - 2 / 3,
    wordsCompared: null,
  });
  const long = "yes ".repeat(5_001);
  assert.deepEqual(measureDiversity([long, `${long} no`]), { diversity: 0, wordsCompared: 5_000 });
  assert.deepEqual(measureDiversity(Array.from({ length: 20_000 }, () => "a ".repeat(40))), {
    diversity: { unavailable: "20000 comments make too many pairs to compare" },
    wordsCompared: null,
  });
});

Deno.test("distinctN() counts n-grams within each comment", () => {
  const comments = ["the cat and the dog", "the cat"];
  assert.equal(distinctN(comments, 1), 4 / 7);
  assert.equal(distinctN(comments, 2), 4 / 5);
  assert.equal(distinctN(comments, 5), 1);
  assert.equal(distinctN(["λόγος, Λόγος"], 1), 1 / 2);
  assert.deepEqual(distinctN(comments, 6), { unavailable: "no comment has 6 words in a row" });
  assert.deepEqual(distinctN(["…"], 1), { unavailable: "no comment has a word" });
  assert.throws(() => distinctN(comments, 0), RangeError);
});

Deno.test("distinctN() counts the same n-grams as a set of joined strings", () => {
  const comment = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(comment, { maxLength: 6 }), fc.integer({ min: 1, max: 4 }), (comments, n) => {
      const grams = comments.flatMap((words) => words.map((_, at) => words.slice(at, at + n)))
        .filter((gram) => gram.length === n).map((gram) => gram.join(" "));
      const share = distinctN(comments.map((words) => words.join(" ")), n);
      if (grams.length === 0) assert.equal(typeof share, "object");
      else assert.equal(share, new Set(grams).size / grams.length);
    }),
  );
});

Deno.test({
  ...onRealDiscussions("measureDiversity() gives the published diversity of all real discussions"),
  async fn() {
    const figures = new Map(
      (await realFile("diversity.csv")).trim().split("\n").slice(1)
        .map((line) => line.split(",") as [string, string]),
    );
    let compared = 0;
    for await (const { id, logs } of realDiscussions()) {
      const texts = logs.filter((entry) => !isOpening(entry) && !isSilence(entry)).map(({ text }) => text);
      const figure = measureDiversity(texts).diversity;
      assert.ok(typeof figure === "number", id);
      assert.ok(Math.abs(figure - Number(figures.get(id))) < 1e-9, `${id}: ${figure}, ${figures.get(id)}`);
      compared++;
    }
    assert.equal(compared, 360);
  },
});

Deno.test("measureTexts() returns each measure, or the reason why it cannot be computed", () => {
  const ofAll = (...texts: readonly string[]) =>
    measureTexts(texts.map((text) => ({ by: "participant", text }))).all;
  assert.deepEqual(ofAll("so it is", "So it goes"), {
    diversity: 1 - 2 / 3,
    wordsCompared: null,
    distinct2: 3 / 4,
  });
  assert.deepEqual(ofAll("so it is"), {
    diversity: { unavailable: "there are fewer than two comments to compare" },
    wordsCompared: null,
    distinct2: 1,
  });
  assert.deepEqual(ofAll("yes", "no"), {
    diversity: 1,
    wordsCompared: null,
    distinct2: { unavailable: "no comment has 2 words in a row" },
  });
});

Deno.test("measureTexts() measures participants and moderators as if the others had said nothing", () => {
  const word = fc.constantFrom("so", "it", "is", "λόγος");
  const spoken = fc.record({
    by: fc.constantFrom("participant" as const, "moderator" as const),
    text: fc.array(word, { maxLength: 8 }).map((words) => words.join(" ")),
  });
  const measured = (comments: readonly SpokenText[]) => {
    const { all, participants, moderators } = measureTexts(comments);
    const only = (one: SpokenText["by"]) => measureTexts(comments.filter(({ by }) => by === one)).all;
    const texts = comments.map(({ text }) => text);
    assert.deepEqual(all, { ...measureDiversity(texts), distinct2: distinctN(texts, 2) });
    assert.deepEqual([participants, moderators], [only("participant"), only("moderator")]);
  };
  fc.assert(fc.property(fc.array(spoken, { maxLength: 9 }), measured));
  // The first comment is too long to be compared as a whole, but no participant wrote it.
  const long = { by: "moderator", text: "yes ".repeat(5_001) } as const;
  const said = ["so it is", "So it goes"].map((text) => ({ by: "participant", text }) as const);
  measured([long, ...said]);
  assert.deepEqual(measureTexts([long, ...said]).all.wordsCompared, 5_000);
});
