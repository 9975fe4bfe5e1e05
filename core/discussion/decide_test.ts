import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { DiscussionEvent } from "../events/mod.ts";
import type { ModerationSchedule } from "../moderation/mod.ts";
import { ModelError } from "../ports/mod.ts";
import {
  abstained,
  designWith,
  generationFailed,
  intervened,
  moderatorWith,
  participantsNamed,
  play,
  rulesWith,
  saying,
  seedPosted,
  stateAfter,
  TEST_MODEL,
  turnTaken,
} from "../testing/mod.ts";
import type { TurnTakingStrategy } from "../turn_taking/mod.ts";
import {
  answered,
  type AskStep,
  BrokenRule,
  decide,
  type DiscussionDesign,
  failed,
  initialState,
  type OpenState,
  type Participant,
  type RuleSpec,
} from "./mod.ts";

const rules = rulesWith();

/** The state after a discussion of that design was opened and some things happened. */
function given(changes: Partial<DiscussionDesign>, ...events: readonly DiscussionEvent[]): OpenState {
  return stateAfter([{ type: "DiscussionOpened", data: designWith(changes) }, ...events]);
}

function asked(state: OpenState): AskStep {
  const step = decide(state, rules);
  assert.equal(step.kind, "ask");
  return step as AskStep;
}

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

const ANN = turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "Hello." });

Deno.test("decide() refuses a discussion that has not been opened", () => {
  assert.throws(() => decide(initialState, rules), RangeError);
});

Deno.test("decide() posts the opening comments first, in order", () => {
  const openings = [{ author: "Mayor", text: "One." }, { author: "Bob", text: "Two." }];
  assert.deepEqual(decide(given({ openings }), rules), {
    kind: "record",
    event: seedPosted(0, "Mayor", "One."),
  });
  assert.deepEqual(decide(given({ openings }, seedPosted(0, "Mayor", "One.")), rules), {
    kind: "record",
    event: seedPosted(1, "Bob", "Two."),
  });
});

Deno.test("decide() asks the participant whose turn it is, with that participant's prompt and model", () => {
  const participants = [...participantsNamed("Ann"), { name: "Bob", model: "other", persona: {} }];
  const models = {
    [TEST_MODEL]: { adapter: "test", sampling: { temperature: 0.5 }, options: {} },
    other: { adapter: "test", sampling: { maxTokens: 9 }, options: {} },
  };
  const { kind, model, request, promptHash } = asked(given({ openings: [], participants, models }, ANN));
  assert.deepEqual({ kind, model, sampling: request.sampling, origin: request.origin }, {
    kind: "ask",
    model: "other",
    sampling: { maxTokens: 9 },
    origin: { discussion: "d1", turn: 1, speaker: "Bob", role: "participant" },
  });
  const messages = [
    { role: "system", content: "This is a forum.\n\nYou are Bob.\n\nWrite one comment." },
    {
      role: "user",
      content: "The last comments of the discussion:\n\nAnn: Hello.\n\n" +
        "It is your turn, Bob. Write only your own comment.",
    },
  ];
  assert.deepEqual(request.messages, messages);
  assert.equal(promptHash, createHash("sha256").update(JSON.stringify(messages)).digest("hex"));
});

Deno.test("decide() gives every question a sampling seed of its own, equal in equal discussions", () => {
  const seedsOf = (changes: Partial<DiscussionDesign>) =>
    play(designWith({ moderator: moderatorWith(), turns: 50, ...changes }), () => "Hm.").asked
      .map(({ request }) => request.seed);
  const seeds = seedsOf({});
  assert.equal(new Set(seeds).size, 100);
  assert.ok(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 31));
  // A matched condition has another id, but the replicate's seed.
  assert.deepEqual(seedsOf({ id: "d2", condition: "other" }), seeds);
  assert.notDeepEqual(seedsOf({ seed: "43" }), seeds);
});

Deno.test("decide() asks the same again after a failure", () => {
  const before = asked(given({ openings: [] }, ANN));
  assert.deepEqual(asked(given({ openings: [] }, ANN, generationFailed(1, "Bob"))), before);
});

Deno.test("decide() asks the moderator after a turn, with the turn's number", () => {
  const step = asked(given({ openings: [], moderator: moderatorWith() }, ANN));
  assert.deepEqual(step.request.origin, { discussion: "d1", turn: 0, speaker: "Mod", role: "moderator" });
});

Deno.test("decide() goes on to the next turn once the moderation is settled", () => {
  const moderator = moderatorWith();
  for (const settled of [intervened(0, 1, "Calm down."), abstained(0)]) {
    const { origin } = asked(given({ openings: [], moderator }, ANN, settled)).request;
    assert.deepEqual([origin.speaker, origin.turn], ["Bob", 1]);
  }
  const rarely = moderatorWith({ schedule: { name: "every", options: { n: 2 } } });
  assert.equal(asked(given({ openings: [], moderator: rarely }, ANN)).request.origin.speaker, "Bob");
});

Deno.test("decide() ends after the last turn and its moderation, then there is nothing to do", () => {
  const moderator = moderatorWith();
  const completed: DiscussionEvent = {
    type: "DiscussionCompleted",
    data: { reason: "turns", turns: 1, comments: 1 },
  };
  const atEnd = { openings: [], turns: 1 };
  assert.deepEqual(decide(given(atEnd, ANN), rules), { kind: "record", event: completed });
  assert.equal(asked(given({ ...atEnd, moderator }, ANN)).request.origin.role, "moderator");
  assert.deepEqual(decide(given({ ...atEnd, moderator }, ANN, abstained(0)), rules), {
    kind: "record",
    event: completed,
  });
  assert.deepEqual(decide(given(atEnd, ANN, completed), rules), { kind: "ended" });
});

Deno.test("a discussion without a moderator goes round and ends", () => {
  const { events } = play(designWith(), ({ request }) => request.origin.turn === 2 ? '""' : "Hm.");
  assert.equal(inShort(events), "DiscussionOpened 0:seed Ann 1:Ann 2:Bob (Cem) 3:Ann end 4/4");
});

Deno.test("a discussion with a moderator follows its schedule", () => {
  /** Bob and the moderator shout in their turns; Cem is silent; the moderator abstains after Ann's turns. */
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
    rules,
  );
  const silent = play(
    designWith({ moderator: moderatorWith(), turns: 30, history: null, passWord: "unique silence" }),
    (_, nth) => nth % 3 === 0 ? "UNIQUE SILENCE" : `comment ${nth}`,
    rules,
  );
  const mentions = (steps: readonly AskStep[]) =>
    steps.filter(({ request }) => JSON.stringify(request.messages).includes("UNIQUE SILENCE")).length;
  assert.equal(mentions(silent.asked), 0);
  // The same replies do enter where they mean something: the check above can fail.
  assert.equal(mentions(asked), asked.length - 1);
});

Deno.test("decide() shows a moderation schedule the last turn and the last two comments at least", () => {
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

Deno.test("decide() shows a turn-taking strategy who spoke, how often, and who likes to talk", () => {
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

Deno.test("decide() says which rule broke, and how", () => {
  const turn = (select: TurnTakingStrategy["select"]) => () =>
    decide(
      given({ openings: [], turnTaking: { name: "own", options: {} } }),
      rulesWith({ strategies: [{ name: "own", select }] }),
    );
  const broken = (message: string) => ({ name: "BrokenRule", message });
  const range = "expected a whole number from 0 to 2";
  for (const index of [3, -1, 1.5, NaN, undefined]) {
    assert.throws(
      turn(() => index as number),
      broken(`Cannot use the turn-taking strategy "own": it chose participant ${index}, ${range}`),
    );
  }
  assert.throws(
    turn(() => {
      throw new Error("no data");
    }),
    broken('Cannot use the turn-taking strategy "own": it failed with "no data"'),
  );
  const moderated = (isDue: unknown) => () =>
    decide(
      given({ openings: [], moderator: moderatorWith({ schedule: { name: "own", options: {} } }) }, ANN),
      rulesWith({ schedules: [{ name: "own", mayAbstain: false, isDue: isDue as () => boolean }] }),
    );
  assert.throws(
    moderated(() => "yes"),
    broken('Cannot use the moderation schedule "own": it answered yes, not true or false'),
  );
  assert.throws(
    moderated(() => {
      throw "a text";
    }),
    broken('Cannot use the moderation schedule "own": it failed with "a text"'),
  );
  assert.throws(
    () => decide(given({ openings: [], turnTaking: { name: "own", options: {} } }), rules),
    broken('Cannot find the turn-taking strategy "own"'),
  );
  assert.throws(
    () =>
      decide(
        given({ openings: [], moderator: moderatorWith({ schedule: { name: "own", options: {} } }) }, ANN),
        rules,
      ),
    broken('Cannot find the moderation schedule "own"'),
  );
  assert.throws(turn(() => 7), BrokenRule);
});

Deno.test("answered() records a comment with how it came about", () => {
  const state = given({ openings: [] }, ANN);
  const step = asked(state);
  const reply = {
    text: "Hi.",
    finishReason: "length",
    usage: { promptTokens: 5, completionTokens: 2 },
    servedBy: "m-1",
  } as const;
  assert.deepEqual(answered(state, step, reply), {
    type: "TurnTaken",
    data: {
      turn: 1,
      comment: 1,
      participant: "Bob",
      text: "Hi.",
      generation: {
        model: TEST_MODEL,
        promptHash: step.promptHash,
        seed: step.request.seed,
        finishReason: "length",
        usage: { promptTokens: 5, completionTokens: 2 },
        servedBy: "m-1",
      },
    },
  });
});

Deno.test("answered() keeps the raw reply where the comment differs from it", () => {
  const state = given({ openings: [] }, ANN);
  const event = answered(state, asked(state), saying("Bob: Hi.\n"));
  assert.equal(event.type, "TurnTaken");
  assert.deepEqual([event.data.text, event.data.raw], ["Hi.", "Bob: Hi.\n"]);
});

Deno.test("answered() records silence with its reason and the raw reply", () => {
  const state = given({ openings: [], moderator: moderatorWith() }, ANN);
  const step = asked(state);
  const generation = {
    model: TEST_MODEL,
    promptHash: step.promptHash,
    seed: step.request.seed,
    finishReason: "stop",
  };
  assert.deepEqual(answered(state, step, saying('"PASS."')), {
    type: "ModeratorAbstained",
    data: { turn: 0, moderator: "Mod", reason: "pass-word", raw: '"PASS."', generation },
  });
  const turn = given({ openings: [] });
  const reply = { text: "I can't", finishReason: "refused" } as const;
  const question = asked(turn);
  assert.deepEqual(answered(turn, question, reply), {
    type: "TurnPassed",
    data: {
      turn: 0,
      participant: "Ann",
      reason: "refused",
      raw: "I can't",
      generation: {
        model: TEST_MODEL,
        promptHash: question.promptHash,
        seed: question.request.seed,
        finishReason: "refused",
      },
    },
  });
});

Deno.test("failed() records who was to answer, and whether asking again can help", () => {
  const step = asked(given({ openings: [] }, ANN));
  assert.deepEqual(failed(step, new ModelError("time-out", "too slow")), {
    type: "GenerationFailed",
    data: {
      turn: 1,
      speaker: "Bob",
      role: "participant",
      model: TEST_MODEL,
      kind: "time-out",
      retryable: true,
    },
  });
});
