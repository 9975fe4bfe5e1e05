import assert from "node:assert/strict";
import { openDraw } from "../random/mod.ts";
import { turnView } from "../testing/mod.ts";
import { turnTakingStrategies, type TurnTakingStrategy, type TurnTakingView } from "./mod.ts";

/** A fallback that shows itself: it always chooses the first participant. */
const first: TurnTakingStrategy = { name: "first", select: () => 0 };
const mention = turnTakingStrategies([first]).get("mention")!;

/** Who answers when the participant at `last` says the text; participant 0 when the fallback decides. */
function answering(names: readonly string[], last: number, text: string): string {
  const view: TurnTakingView = turnView(names, {
    turn: 3,
    last,
    lastComment: { author: names[last]!, text },
  });
  return names[mention.select(view, openDraw("42"), { fallback: { name: "first", options: {} } })]!;
}

const NAMES = ["Zoe", "Ann", "Anna", "Ann Lee", "Bob"];
const BOB = 4;

Deno.test("mention lets the addressed participant answer", () => {
  assert.equal(answering(NAMES, BOB, "What do you think, @Ann?"), "Ann");
  assert.equal(answering(NAMES, BOB, "@Anna, really?"), "Anna");
  assert.equal(answering(NAMES, BOB, "So says (@Ann)."), "Ann");
  assert.equal(answering(NAMES, BOB, "@Ann's idea"), "Ann");
});

Deno.test("mention does not look at the case of letters", () => {
  assert.equal(answering(NAMES, BOB, "@ANN?"), "Ann");
  assert.equal(answering(NAMES, BOB, "@anna?"), "Anna");
});

Deno.test("mention takes the longest name that fits, and no part of a longer word", () => {
  assert.equal(answering(NAMES, BOB, "@Ann Lee, hello"), "Ann Lee");
  assert.equal(answering(NAMES, BOB, "@Ann Leeds is a town"), "Ann");
  assert.equal(answering(NAMES, BOB, "@Annabel is not here"), "Zoe");
  assert.equal(answering(NAMES, BOB, "@Ann_2 is not here"), "Zoe");
  assert.equal(answering(["Zoe", "user1", "user10"], 0, "@user10"), "user10");
});

Deno.test("mention takes the first of several", () => {
  assert.equal(answering(NAMES, BOB, "@Anna and @Ann"), "Anna");
  assert.equal(answering(NAMES, BOB, "@Annabel, @Ann Lee and @Ann"), "Ann Lee");
});

Deno.test("mention skips the author, also where a shorter name begins the author's", () => {
  const annLee = 3;
  assert.equal(answering(NAMES, annLee, "@Ann Lee here. @Anna?"), "Anna");
  assert.equal(answering(NAMES, annLee, "@Ann Lee here."), "Zoe");
  assert.equal(answering(NAMES, annLee, "@Ann Lee here. @Ann?"), "Ann");
});

Deno.test("mention skips the last speaker, whoever addresses them", () => {
  const view = turnView(NAMES, {
    last: 1,
    lastComment: { author: "Mod", text: "@Ann, stay calm, like @Bob" },
  });
  assert.equal(mention.select(view, openDraw("42"), {}), BOB);
});

Deno.test("mention reads names of any script, composed or not", () => {
  const names = ["Zoe", "José", "李雷", "Jos", "हिन्दी"];
  assert.equal(answering(names, 0, "@JOSÉ!"), "José");
  assert.equal(answering(names, 0, "@Jose\u0301!"), "José");
  assert.equal(answering(["Zoe", "Jose\u0301"], 0, "@José!"), "Jose\u0301");
  assert.equal(answering(names, 0, "你好@李雷，你好"), "李雷");
  assert.equal(answering(["Zoe", "Jose"], 0, "@Josè is somebody else".normalize("NFD")), "Zoe");
  assert.equal(answering(names, 0, "@हिन्दी?"), "हिन्दी");
  assert.equal(answering(["Zoe", "हिन्द"], 0, "@हिन्दी is somebody else"), "Zoe");
});

Deno.test("mention reads names that mean something in a regular expression", () => {
  assert.equal(answering(["Zoe", "A.B", "(x)+"], 0, "@AxB"), "Zoe");
  assert.equal(answering(["Zoe", "A.B", "(x)+"], 0, "@A.B"), "A.B");
  assert.equal(answering(["Zoe", "A.B", "(x)+"], 0, "@(x)+"), "(x)+");
});

Deno.test("mention falls back when nobody is addressed", () => {
  for (const text of ["Ann, hello", "@", "@ Ann", "@nobody", "", "@@", "Ann@"]) {
    assert.equal(answering(NAMES, BOB, text), "Zoe", text);
  }
  assert.equal(mention.select(turnView(NAMES), openDraw("42"), { fallback: { name: "first" } }), 0);
});

Deno.test("mention falls back to random where no other strategy is named, with the fallback's options", () => {
  const view = turnView(["Ann", "Bob"], { last: 0 });
  assert.equal(mention.select(view, openDraw("42"), {}), 1);
  const third = turnView(["Ann", "Bob", "Cem", "Dee"], { turn: 2, last: 2, secondToLast: 1 });
  const fallback = { name: "respond", options: { probability: 1 } };
  for (let seed = 0; seed < 50; seed++) {
    assert.equal(mention.select(third, openDraw(String(seed)), { fallback }), 1);
  }
});

Deno.test("mention checks its fallback and the fallback's own options", () => {
  assert.deepEqual(mention.check!({}), []);
  assert.deepEqual(mention.check!({ fallback: { name: "first" } }), []);
  assert.deepEqual(mention.check!({ fallback: { name: "mention" } }), [
    '"mention" cannot fall back to itself',
  ]);
  assert.deepEqual(mention.check!({ fallback: { name: "rnadom" } }), [
    'the fallback "rnadom" is not a turn-taking strategy',
  ]);
  assert.deepEqual(mention.check!({ fallback: { name: "respond", options: { probability: 2 } } }), [
    "probability must be a number from 0 to 1",
  ]);
});
