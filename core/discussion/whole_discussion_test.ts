import assert from "node:assert/strict";
import type { DiscussionEvent, Participant, RuleSpec } from "../events/mod.ts";
import type { ModerationSchedule } from "../moderation/mod.ts";
import { designWith, moderatorWith, play, rulesWith, TEST_MODEL } from "../testing/mod.ts";
import type { TurnTakingStrategy } from "../turn_taking/mod.ts";
import type { AskStep } from "./mod.ts";

/** A discussion's events in short: who did what. */
function inShort(events: readonly DiscussionEvent[]): string {
  return events.map(({ type, data }) => {
    switch (type) {
      case "SeedCommentPosted":
        return `${data.comment}:seed ${data.author}`;
      case "TurnTaken":
        return `${data.comment}:${data.participant}`;
      case "TurnPassed":
        return `(${data.participant})`;
      case "ModeratorIntervened":
        return `${data.comment}:Mod`;
      case "ModeratorAbstained":
        return "(Mod)";
      case "DiscussionCompleted":
        return `end ${data.turns}/${data.comments}`;
      default:
        return type;
    }
  }).join(" ");
}

Deno.test("a discussion without a moderator gives each participant a turn, and ends", () => {
  const { events } = play(designWith(), ({ request }) => request.origin.turn === 2 ? '""' : "Hm.");
  assert.equal(inShort(events), "DiscussionOpened 0:seed Ann 1:Ann 2:Bob (Cem) 3:Ann end 4/4");
});

Deno.test("a discussion with a moderator follows its schedule", () => {
  // Bob and the moderator shout in their turns; Cem is silent; the moderator abstains after Ann's turns.
  const held = (schedule: RuleSpec) => {
    const design = designWith({ moderator: moderatorWith({ schedule }), openings: [], turns: 4 });
    return inShort(
      play(design, ({ request: { origin: { role, turn, speaker } } }) => {
        if (speaker === "Cem") return "PASS";
        if (role === "moderator") return turn % 3 === 0 ? "pass." : "STOP THAT!";
        return speaker === "Bob" ? "NO! NEVER!" : "I think so.";
      }).events,
    ).replace("DiscussionOpened ", "");
  };
  const everyTurn = "0:Ann (Mod) 1:Bob 2:Mod (Cem) 3:Mod 4:Ann (Mod) end 4/5";
  assert.equal(held({ name: "every-turn", options: {} }), everyTurn);
  assert.equal(held({ name: "on-demand", options: {} }), everyTurn);
  assert.equal(held({ name: "every", options: { n: 2 } }), "0:Ann 1:Bob 2:Mod (Cem) 3:Ann (Mod) end 4/4");
  assert.equal(held({ name: "every", options: { n: 9 } }), "0:Ann 1:Bob (Cem) 2:Ann end 4/3");
  const onShouting = "0:Ann 1:Bob 2:Mod (Cem) 3:Ann end 4/4";
  assert.equal(held({ name: "threshold", options: { signal: "exclamations", above: 1 } }), onShouting);
  assert.equal(held({ name: "threshold", options: { signal: "capitals", above: 0.5 } }), onShouting);
  assert.equal(
    held({ name: "threshold", options: { signal: "words", words: ["never"], above: 0 } }),
    onShouting,
  );
});

Deno.test("silence and abstention never enter a prompt", () => {
  const { asked } = play(
    designWith({ moderator: moderatorWith(), turns: 30, history: null }),
    (_, nth) => nth % 3 === 0 ? "UNIQUE SILENCE" : `comment ${nth}`,
  );
  const silent = play(
    designWith({ moderator: moderatorWith(), turns: 30, history: null, passWord: "unique silence" }),
    (_, nth) => nth % 3 === 0 ? "UNIQUE SILENCE" : `comment ${nth}`,
  );
  const mentions = (steps: readonly AskStep[]) =>
    steps.filter(({ request }) => JSON.stringify(request.messages).includes("UNIQUE SILENCE")).length;
  assert.equal(mentions(silent.asked), 0);
  // The counter-check: with another pass word, the same replies are comments, and prompts show them.
  assert.equal(mentions(asked), asked.length - 1);
});

Deno.test("decide() shows a moderation schedule the last turn and at least the last two comments", () => {
  const views: unknown[] = [];
  const schedule: ModerationSchedule = {
    name: "watching",
    mayAbstain: false,
    isDue: (view) => views.push(view) === 2,
  };
  const design = designWith({
    moderator: moderatorWith({ schedule: { name: "watching", options: {} } }),
    turns: 3,
    history: 1,
  });
  play(design, (_, nth) => nth === 3 ? "" : `c${nth}`, rulesWith({ schedules: [schedule] }));
  const brief = (views as { window: { text: string }[]; lastComment: { text: string } }[])
    .map(({ window, lastComment, ...rest }) => ({
      ...rest,
      lastComment: lastComment.text,
      window: window.map(({ text }) => text),
    }));
  assert.deepEqual(brief, [
    {
      turn: 0,
      silent: false,
      lastIntervention: null,
      lastComment: "c0",
      window: ["Should buses run at night?", "c0"],
    },
    { turn: 1, silent: false, lastIntervention: null, lastComment: "c1", window: ["c0", "c1"] },
    { turn: 2, silent: true, lastIntervention: 1, lastComment: "c2", window: ["c1", "c2"] },
  ]);
});

Deno.test("decide() shows a turn-taking strategy who spoke, how often, and how talkative each participant is", () => {
  const views: unknown[] = [];
  const strategy: TurnTakingStrategy = {
    name: "watching",
    select: (view) => (views.push(view), view.turn === 0 ? 1 : 0),
  };
  const participants: readonly Participant[] = [
    { name: "Ann", model: TEST_MODEL, persona: { talkativeness: 2.5 } },
    { name: "Bob", model: TEST_MODEL, persona: {} },
  ];
  const design = designWith({
    participants,
    turns: 3,
    openings: [],
    turnTaking: { name: "watching", options: {} },
  });
  play(design, (_, nth) => nth === 1 ? "" : `c${nth}`, rulesWith({ strategies: [strategy] }));
  const people = [{ name: "Ann", talkativeness: 2.5 }, { name: "Bob", talkativeness: 1 }];
  const c0 = { comment: 0, author: "Bob", text: "c0", by: "participant" };
  assert.deepEqual(views, [
    { turn: 0, participants: people, last: null, secondToLast: null, lastComment: null, turnsTaken: [0, 0] },
    { turn: 1, participants: people, last: 1, secondToLast: null, lastComment: c0, turnsTaken: [0, 1] },
    { turn: 2, participants: people, last: 0, secondToLast: 1, lastComment: c0, turnsTaken: [1, 1] },
  ]);
});
