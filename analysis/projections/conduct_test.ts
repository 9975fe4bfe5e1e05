import assert from "node:assert/strict";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import {
  abstained,
  designWith,
  intervened,
  interventionPosted,
  moderatorWith,
  seedPosted,
  turnPassed,
  turnTaken,
} from "../../core/testing/mod.ts";
import {
  isOpening,
  isSilence,
  onRealDiscussions,
  realDiscussions,
  realEvents,
  realFile,
} from "../../core/testing/real_discussions.ts";
import { measureConduct } from "./conduct.ts";
import { slotsOf } from "./slots.ts";
import { wordCount } from "../texts/text_measures.ts";

const opened: DiscussionEvent = {
  type: "DiscussionOpened",
  data: designWith({ moderator: moderatorWith() }),
};

Deno.test("measureConduct() counts turns, silence, interventions, words and answers as a person counts them", () => {
  const conduct = measureConduct(slotsOf([
    opened,
    seedPosted(0, "Ann", "Should buses run at night?"),
    turnTaken({ turn: 0, comment: 1, participant: "Bob", text: "Yes, they should." }),
    intervened(0, 2, "Why so?"),
    turnTaken({ turn: 1, comment: 3, participant: "Ann", text: "No" }),
    abstained(1),
    turnPassed(2, "Bob"),
    abstained(2),
    turnTaken({ turn: 3, comment: 4, participant: "Cem", text: "It costs too much" }),
  ]));
  assert.deepEqual(conduct.participants, [
    { name: "Ann", asked: 1, comments: 1, cut: 0, words: 1 },
    { name: "Bob", asked: 2, comments: 1, cut: 0, words: 3 },
    { name: "Cem", asked: 1, comments: 1, cut: 0, words: 4 },
  ]);
  assert.deepEqual(conduct.moderator, { name: "Mod", asked: 3, comments: 1, cut: 0, words: 2 });
  assert.deepEqual(conduct.commentWords, [3, 2, 1, 4]);
  assert.deepEqual(conduct.structure, { turns: 4, answerable: 2, answered: 1, repeated: 0 });
  assert.equal(conduct.participationRate, 1);
  assert.ok(Math.abs(Number(conduct.evenness) - 1) < 1e-12);
  assert.equal(conduct.silenceRate, 1 / 4);
  assert.equal(conduct.interventionRate, 1 / 3);
  assert.equal(conduct.interventionsPerTurn, 1 / 4);
  assert.equal(conduct.respondRate, 1 / 2);
});

Deno.test("measureConduct() leaves scripted interventions out of all counts", () => {
  const before = [
    opened,
    turnTaken({ turn: 0, comment: 0, participant: "Bob", text: "Yes." }),
    turnPassed(1, "Ann"),
  ];
  const conduct = measureConduct(slotsOf([
    ...before,
    interventionPosted(1, 1, { author: "Ann" }),
    interventionPosted(1, 2, { author: "Mod" }),
    interventionPosted(1, 3),
  ]));
  assert.deepEqual(conduct, measureConduct(slotsOf(before)));
});

Deno.test("measureConduct() does not count a reply that was cut before any text as silence", () => {
  const conduct = measureConduct(slotsOf([
    opened,
    turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "No" }),
    abstained(0, "cut-before-text"),
    turnPassed(1, "Bob", "cut-before-text"),
    turnPassed(2, "Cem"),
  ]));
  // Of the two turns without a cut reply, one is silent.
  assert.equal(conduct.silenceRate, 1 / 2);
  assert.deepEqual(conduct.participants.map(({ cut }) => cut), [0, 1, 0]);
  assert.equal(conduct.moderator!.cut, 1);
  const all = measureConduct(slotsOf([opened, turnPassed(0, "Ann", "cut-before-text")]));
  assert.deepEqual(all.silenceRate, { unavailable: "every reply was cut before any text" });
});

Deno.test("measureConduct() returns a reason for each measure that cannot be computed", () => {
  const conduct = measureConduct(slotsOf([{ type: "DiscussionOpened", data: designWith() }]));
  assert.equal(conduct.participationRate, 0);
  assert.deepEqual(conduct.evenness, { unavailable: "no participant made a comment" });
  assert.deepEqual(conduct.silenceRate, { unavailable: "no participant has had a turn" });
  assert.deepEqual(conduct.interventionRate, { unavailable: "the discussion has no moderator" });
  assert.deepEqual(conduct.respondRate, {
    unavailable: "the second-to-last speaker could not come back at any turn",
  });
  const unasked = measureConduct(slotsOf([opened]));
  assert.deepEqual(unasked.interventionRate, { unavailable: "the moderator was never asked" });
  assert.throws(() => measureConduct(slotsOf([])), RangeError);
  assert.throws(() => measureConduct(slotsOf([turnPassed(0, "Ann")])), RangeError);
});

Deno.test("measureConduct() finds uneven participation", () => {
  // Entropy of 3/4 and 1/4 over ln 3, by hand: 0.5623351446 / 1.0986122887.
  const said = (turn: number, participant: string) =>
    turnTaken({ turn, comment: turn, participant, text: "hm" });
  const { evenness, participationRate } = measureConduct(slotsOf([
    opened,
    ...["Ann", "Bob", "Ann", "Ann"].map((name, turn) => said(turn, name)),
  ]));
  assert.ok(typeof evenness === "number" && Math.abs(evenness - 0.5118595) < 1e-6, String(evenness));
  assert.equal(participationRate, 2 / 3);
});

Deno.test("measureConduct() gives the same evenness for equal counts in any order of speakers", () => {
  const evenness = (said: string) =>
    measureConduct(slotsOf([
      opened,
      ...[...said].map((letter, turn) =>
        turnTaken({ turn, comment: turn, participant: { A: "Ann", B: "Bob", C: "Cem" }[letter]!, text: "hm" })
      ),
    ])).evenness;
  const orders = ["AABBBC", "AAABCC", "ABBCCC", "ABBBCC", "AAABBC", "AABCCC"].map(evenness);
  assert.equal(new Set(orders).size, 1, String(orders));
});

Deno.test("wordCount() splits words at white space of any kind", () => {
  assert.equal(wordCount(""), 0);
  assert.equal(wordCount(" \t\n\u00a0\u3000 "), 0);
  assert.equal(wordCount("don't  stop\u2003now — ok"), 5);
});

Deno.test({
  ...onRealDiscussions("measureConduct() counts all real discussions as their reference does"),
  async fn() {
    const reference = JSON.parse(await realFile("reference.json"));
    const counts = { discussions: 0, user_turns: 0, moderator_turns: 0, entries: 0, seed_comments: 0 };
    const silent: Record<"users" | "moderators", Record<string, number>> = {
      users: { llama8b: 0, mistral7b: 0, qwen7b: 0 },
      moderators: { llama8b: 0, mistral7b: 0, qwen7b: 0 },
    };
    const structure = { answerable: 0, answered: 0, repeated: 0 };
    let words = 0;
    for await (const discussion of realDiscussions()) {
      const conduct = measureConduct(slotsOf(realEvents(discussion)));
      const model = discussion.folder.split("_")[0]!;
      const asked = conduct.participants.reduce((sum, { asked }) => sum + asked, 0);
      const comments = conduct.participants.reduce((sum, { comments }) => sum + comments, 0);
      counts.discussions++;
      counts.entries += discussion.logs.length;
      counts.seed_comments += discussion.logs.filter(isOpening).length;
      counts.user_turns += asked;
      silent.users[model]! += asked - comments;
      if (conduct.moderator !== null) {
        counts.moderator_turns += conduct.moderator.asked;
        silent.moderators[model]! += conduct.moderator.asked - conduct.moderator.comments;
      }
      for (const key of ["answerable", "answered", "repeated"] as const) {
        structure[key] += conduct.structure[key];
      }
      // The reference counts the two quotes that mark silence as a word.
      words += conduct.commentWords.reduce((sum, count) => sum + count, 0) +
        discussion.logs.filter((entry) => !isOpening(entry) && isSilence(entry))
          .reduce((sum, { text }) => sum + wordCount(text), 0);
    }
    for (const [key, count] of Object.entries(counts)) assert.equal(count, reference[key], key);
    assert.deepEqual(silent.users, reference.silent_user_turns);
    assert.deepEqual(silent.moderators, reference.silent_moderator_turns);
    const { n, second_to_last_speaker_again, same_speaker_twice_in_a_row } = reference.respond_events;
    assert.deepEqual(structure, {
      answerable: n,
      answered: second_to_last_speaker_again,
      repeated: same_speaker_twice_in_a_row,
    });
    assert.equal(words / reference.synthetic_entries, reference.words_per_synthetic_entry_mean);
  },
});
