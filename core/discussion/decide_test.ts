import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { DiscussionDesign, DiscussionEvent } from "../events/mod.ts";
import {
  abstained,
  designWith,
  generationFailed,
  given,
  intervened,
  moderatorWith,
  participantsNamed,
  play,
  rulesWith,
  seedPosted,
  TEST_MODEL,
  turnTaken,
} from "../testing/mod.ts";
import type { TurnTakingStrategy } from "../turn_taking/mod.ts";
import { type AskStep, BrokenRule, decide, initialState, type OpenState } from "./mod.ts";

const RULES = rulesWith();
const ANN = turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "Hello." });

function asked(state: OpenState): AskStep {
  const step = decide(state, RULES);
  assert.equal(step.kind, "ask");
  return step as AskStep;
}

Deno.test("decide() refuses a discussion that has not been opened", () => {
  assert.throws(() => decide(initialState, RULES), RangeError);
});

Deno.test("decide() posts the opening comments first, in order", () => {
  const openings = [{ author: "Mayor", text: "One." }, { author: "Bob", text: "Two." }];
  assert.deepEqual(decide(given({ openings }), RULES), {
    kind: "record",
    event: seedPosted(0, "Mayor", "One."),
  });
  assert.deepEqual(decide(given({ openings }, seedPosted(0, "Mayor", "One.")), RULES), {
    kind: "record",
    event: seedPosted(1, "Bob", "Two."),
  });
});

Deno.test("decide() asks the next participant, with this participant's prompt and model", () => {
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

Deno.test("decide() gives each question its own sampling seed, but equal ones to discussions with equal seeds", () => {
  const seedsOf = (changes: Partial<DiscussionDesign>) =>
    play(designWith({ moderator: moderatorWith(), turns: 50, ...changes }), () => "Hm.").asked
      .map(({ request }) => request.seed);
  const seeds = seedsOf({});
  assert.equal(new Set(seeds).size, 100);
  assert.ok(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 31));
  // Discussions of one replicate have the same seed in all conditions.
  assert.deepEqual(seedsOf({ id: "d2", condition: "other" }), seeds);
  assert.notDeepEqual(seedsOf({ seed: "43" }), seeds);
});

Deno.test("decide() asks the same question again after a failure", () => {
  const before = asked(given({ openings: [] }, ANN));
  assert.deepEqual(asked(given({ openings: [] }, ANN, generationFailed(1, "Bob"))), before);
});

Deno.test("decide() asks the moderator after a turn, with the turn's number", () => {
  const step = asked(given({ openings: [], moderator: moderatorWith() }, ANN));
  assert.deepEqual(step.request.origin, { discussion: "d1", turn: 0, speaker: "Mod", role: "moderator" });
});

Deno.test("decide() asks the next participant after the moderator has answered, or if the moderator is not due", () => {
  const moderator = moderatorWith();
  for (const settled of [intervened(0, 1, "Calm down."), abstained(0)]) {
    const { origin } = asked(given({ openings: [], moderator }, ANN, settled)).request;
    assert.deepEqual([origin.speaker, origin.turn], ["Bob", 1]);
  }
  const rarely = moderatorWith({ schedule: { name: "every", options: { n: 2 } } });
  assert.equal(asked(given({ openings: [], moderator: rarely }, ANN)).request.origin.speaker, "Bob");
});

Deno.test("decide() ends the discussion after the last turn and its moderation", () => {
  const moderator = moderatorWith();
  const completed: DiscussionEvent = {
    type: "DiscussionCompleted",
    data: { reason: "turns", turns: 1, comments: 1 },
  };
  const atEnd = { openings: [], turns: 1 };
  assert.deepEqual(decide(given(atEnd, ANN), RULES), { kind: "record", event: completed });
  assert.equal(asked(given({ ...atEnd, moderator }, ANN)).request.origin.role, "moderator");
  assert.deepEqual(decide(given({ ...atEnd, moderator }, ANN, abstained(0)), RULES), {
    kind: "record",
    event: completed,
  });
  assert.deepEqual(decide(given(atEnd, ANN, completed), RULES), { kind: "ended" });
});

Deno.test("decide() says which rule failed, and how", () => {
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
    () => decide(given({ openings: [], turnTaking: { name: "own", options: {} } }), RULES),
    broken('Cannot find the turn-taking strategy "own"'),
  );
  assert.throws(
    () =>
      decide(
        given({ openings: [], moderator: moderatorWith({ schedule: { name: "own", options: {} } }) }, ANN),
        RULES,
      ),
    broken('Cannot find the moderation schedule "own"'),
  );
  assert.throws(turn(() => 7), BrokenRule);
});
