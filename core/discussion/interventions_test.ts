import assert from "node:assert/strict";
import { ORDER_START, orderAfter } from "../events/discussion_event.ts";
import type { DiscussionEvent } from "../events/mod.ts";
import { DamagedLine } from "../events/event_type.ts";
import {
  designWith,
  given,
  intervened,
  interventionPosted,
  moderatorWith,
  participantsNamed,
  play,
  rulesWith,
  stateAfter,
  turnPassed,
  turnTaken,
} from "../testing/mod.ts";
import { annotationStart, evolveAnnotation } from "../annotation/mod.ts";
import { type AskStep, decide, evolve } from "./mod.ts";

const RULES = rulesWith();
const ANN = turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "Hello." });
const EVE = { after: 1, author: "Eve", text: "Stop." };

/** The prompt of the next question, as one text. */
function promptAfter(...past: Parameters<typeof given>): string {
  const step = decide(given(...past), RULES);
  assert.equal(step.kind, "ask");
  return (step as AskStep).request.messages.map(({ content }) => content).join("\n");
}

Deno.test("decide() posts interventions right after their turn, in the order of the file, and then asks the moderator", () => {
  const moderator = moderatorWith();
  const interventions = [{ after: 2, author: "Zoe", text: "Later." }, EVE, { ...EVE, author: "Mayor" }];
  const changes = { openings: [], moderator, interventions };
  assert.deepEqual(decide(given(changes, ANN), RULES), { kind: "record", event: interventionPosted(0, 1) });
  const mayor = interventionPosted(0, 2, { author: "Mayor" });
  assert.deepEqual(decide(given(changes, ANN, interventionPosted(0, 1)), RULES), {
    kind: "record",
    event: mayor,
  });
  const step = decide(given(changes, ANN, interventionPosted(0, 1), mayor), RULES) as AskStep;
  assert.equal(step.role, "moderator");
});

Deno.test("after a silent turn, the moderator's schedule sees an intervention as the new comment", () => {
  const schedule = { name: "threshold", options: { signal: "exclamations", above: 0 } };
  const moderator = moderatorWith({ schedule });
  const interventions = [{ ...EVE, text: "Stop!" }];
  const after = (...events: readonly DiscussionEvent[]) =>
    decide(given({ openings: [], moderator, interventions }, ...events), RULES) as AskStep;
  assert.equal(
    after(turnPassed(0, "Ann"), interventionPosted(0, 0, { text: "Stop!" })).role,
    "moderator",
  );
});

Deno.test("prompts show interventions like other comments", () => {
  const changes = { openings: [], interventions: [EVE] };
  assert.match(promptAfter(changes, ANN, interventionPosted(0, 1)), /Ann: Hello\.\n\nEve: Stop\./);
});

Deno.test("in the dialogue layout, an intervention in a participant's name is shown as that participant's own comment", () => {
  const prompt = { ...designWith().prompt, layout: "dialogue" as const };
  const changes = {
    openings: [],
    prompt,
    participants: participantsNamed("Ann", "Bob"),
    interventions: [{ ...EVE, author: "Bob" }],
  };
  const step = decide(given(changes, ANN, interventionPosted(0, 1, { author: "Bob" })), RULES) as AskStep;
  assert.equal(step.request.origin.speaker, "Bob");
  assert.deepEqual(step.request.messages.find(({ role }) => role === "assistant")?.content, "Stop.");
});

Deno.test("an intervention in a speaker's name is no turn and no reply of the moderator", () => {
  const changes = { openings: [], moderator: moderatorWith(), interventions: [EVE] };
  for (const author of ["Bob", "Mod"]) {
    const before = given(changes, ANN);
    const { turn, last, turnsTaken, lastIntervention, moderated } = evolve(
      before,
      interventionPosted(0, 1, { author }),
    ) as typeof before;
    assert.deepEqual(
      { turn, last, turnsTaken, lastIntervention, moderated },
      { turn: 1, last: 0, turnsTaken: [1, 0, 0], lastIntervention: null, moderated: false },
    );
  }
});

Deno.test("a discussion posts an intervention after its last turn, and then ends", () => {
  const { events } = play(
    designWith({ turns: 2, openings: [], interventions: [{ ...EVE, after: 2 }] }),
    () => "Hm.",
  );
  assert.deepEqual(events.slice(-2), [
    interventionPosted(1, 2),
    { type: "DiscussionCompleted", data: { reason: "turns", turns: 2, comments: 3 } },
  ]);
});

Deno.test("annotators see an intervention as a comment that belongs to no speaker", () => {
  const state = evolveAnnotation(annotationStart(), interventionPosted(0, 0));
  assert.deepEqual(state.comments, [{ comment: 0, author: "Eve", text: "Stop.", by: "author" }]);
});

Deno.test("orderAfter() refuses an intervention that is not after the last turn", () => {
  const opened = { type: "DiscussionOpened", data: designWith() } as const;
  const order = [opened, ANN].reduce(orderAfter, ORDER_START);
  assert.equal(orderAfter(order, interventionPosted(0, 1)).comment, 2);
  assert.throws(() => orderAfter(order, interventionPosted(1, 1)), DamagedLine);
  assert.throws(() => orderAfter(order, interventionPosted(0, 0)), DamagedLine);
  assert.throws(() => orderAfter(orderAfter(ORDER_START, opened), interventionPosted(0, 0)), DamagedLine);
});

Deno.test("evolve() counts the interventions since the last turn", () => {
  const opened = {
    type: "DiscussionOpened",
    data: designWith({ openings: [], moderator: moderatorWith() }),
  } as const;
  const events = [opened, ANN, interventionPosted(0, 1), intervened(0, 2, "Calm.")];
  assert.equal(stateAfter(events).intervened, 1);
  assert.equal(stateAfter([...events, turnPassed(1, "Bob")]).intervened, 0);
});
