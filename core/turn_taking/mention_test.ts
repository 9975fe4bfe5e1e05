import assert from "node:assert/strict";
import fc from "fast-check";
import { openDraw } from "../random/mod.ts";
import { turnView } from "../testing/mod.ts";
import { turnTakingStrategies, type TurnTakingStrategy, type TurnTakingView } from "./mod.ts";

/** A fallback for the tests. It always chooses the first participant, so that the tests can recognise it. */
const first: TurnTakingStrategy = { name: "first", select: () => 0 };
const mention = turnTakingStrategies([first]).get("mention")!;

/**
 * The next speaker after the participant with the index `last` wrote the text. If the fallback decides, it is
 * participant 0.
 */
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

Deno.test("mention ignores upper and lower case", () => {
  assert.equal(answering(NAMES, BOB, "@ANN?"), "Ann");
  assert.equal(answering(NAMES, BOB, "@anna?"), "Anna");
});

Deno.test("mention chooses the longest name that matches, and ignores names that are a part of a longer word", () => {
  assert.equal(answering(NAMES, BOB, "@Ann Lee, hello"), "Ann Lee");
  assert.equal(answering(NAMES, BOB, "@Ann Leeds is a town"), "Ann");
  assert.equal(answering(NAMES, BOB, "@Annabel is not here"), "Zoe");
  assert.equal(answering(NAMES, BOB, "@Ann_2 is not here"), "Zoe");
  assert.equal(answering(["Zoe", "user1", "user10"], 0, "@user10"), "user10");
});

Deno.test("mention chooses the first of several addressed participants", () => {
  assert.equal(answering(NAMES, BOB, "@Anna and @Ann"), "Anna");
  assert.equal(answering(NAMES, BOB, "@Annabel, @Ann Lee and @Ann"), "Ann Lee");
});

Deno.test("mention skips the author, even if the author's name begins with another participant's name", () => {
  const annLee = 3;
  assert.equal(answering(NAMES, annLee, "@Ann Lee here. @Anna?"), "Anna");
  assert.equal(answering(NAMES, annLee, "@Ann Lee here."), "Zoe");
  assert.equal(answering(NAMES, annLee, "@Ann Lee here. @Ann?"), "Ann");
});

Deno.test("mention skips the last speaker, even if the moderator addresses that participant", () => {
  const view = turnView(NAMES, {
    last: 1,
    lastComment: { author: "Mod", text: "@Ann, stay calm, like @Bob" },
  });
  assert.equal(mention.select(view, openDraw("42"), {}), BOB);
});

Deno.test("mention finds names in any script, with composed or decomposed accents", () => {
  const names = ["Zoe", "José", "李雷", "Jos", "हिन्दी"];
  assert.equal(answering(names, 0, "@JOSÉ!"), "José");
  assert.equal(answering(names, 0, "@Jose\u0301!"), "José");
  assert.equal(answering(["Zoe", "Jose\u0301"], 0, "@José!"), "Jose\u0301");
  assert.equal(answering(names, 0, "你好@李雷，你好"), "李雷");
  assert.equal(answering(["Zoe", "Jose"], 0, "@Josè is another person".normalize("NFD")), "Zoe");
  assert.equal(answering(names, 0, "@हिन्दी?"), "हिन्दी");
  assert.equal(answering(["Zoe", "हिन्द"], 0, "@हिन्दी is another person"), "Zoe");
});

Deno.test("mention finds names with special characters of regular expressions", () => {
  assert.equal(answering(["Zoe", "A.B", "(x)+"], 0, "@AxB"), "Zoe");
  assert.equal(answering(["Zoe", "A.B", "(x)+"], 0, "@A.B"), "A.B");
  assert.equal(answering(["Zoe", "A.B", "(x)+"], 0, "@(x)+"), "(x)+");
});

Deno.test("mention uses its fallback if no participant is addressed", () => {
  for (const text of ["Ann, hello", "@", "@ Ann", "@unknown", "", "@@", "Ann@"]) {
    assert.equal(answering(NAMES, BOB, text), "Zoe", text);
  }
  assert.equal(mention.select(turnView(NAMES), openDraw("42"), { fallback: { name: "first" } }), 0);
});

Deno.test("mention uses random as its fallback by default, and passes options to any other fallback", () => {
  const view = turnView(["Ann", "Bob"], { last: 0 });
  assert.equal(mention.select(view, openDraw("42"), {}), 1);
  const third = turnView(["Ann", "Bob", "Cem", "Dee"], { turn: 2, last: 2, secondToLast: 1 });
  const fallback = { name: "respond", options: { probability: 1 } };
  for (let seed = 0; seed < 50; seed++) {
    assert.equal(mention.select(third, openDraw(String(seed)), { fallback }), 1);
  }
});

/**
 * The definition of mention: at every "@", find the longest name that matches. Choose the first of these
 * names that is not the author's or the last speaker's.
 */
function byDefinition(names: readonly string[], last: number, text: string): number | null {
  const folded = (one: string) => one.normalize("NFC").toLowerCase();
  const said = folded(text);
  for (const { index: mark } of said.matchAll(/@/g)) {
    const fitting = names.map((name, index) => ({ index, name: folded(name) })).filter(({ name }) => {
      const rest = said.slice(mark + 1);
      return rest.startsWith(name) && !/^[\p{L}\p{M}\p{N}_]/u.test(rest.slice(name.length));
    });
    const longest = fitting.toSorted((a, b) => b.name.length - a.name.length || a.index - b.index)[0];
    if (longest !== undefined && longest.index !== last && names[longest.index] !== names[last]) {
      return longest.index;
    }
  }
  return null;
}

Deno.test("mention chooses the participant that its definition says, for any names and texts", () => {
  const part = fc.constantFrom(
    "a",
    "A",
    "ab",
    "b",
    " ",
    "@",
    ".",
    "*",
    "(",
    "é",
    "e\u0301",
    "İ",
    "ß",
    "𝔸",
    "1",
    "_",
    "李",
  );
  const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
  const names = fc.uniqueArray(name, { minLength: 2, maxLength: 8 });
  const piece = fc.oneof(part, fc.constant("@"), fc.nat(7));
  fc.assert(
    fc.property(names, fc.array(piece, { maxLength: 30 }), fc.nat(7), (all, pieces, speaker) => {
      const last = speaker % all.length;
      const text = pieces.map((one) => typeof one === "number" ? `@${all[one % all.length]}` : one).join("");
      const view = turnView(all, { turn: 3, last, lastComment: { author: all[last]!, text } });
      const chosen = mention.select(view, openDraw("42"), { fallback: { name: "unknown", options: {} } });
      const expected = byDefinition(all, last, text);
      if (expected !== null) assert.equal(chosen, expected);
      else {assert.equal(
          mention.select(view, openDraw("42"), { fallback: { name: "first", options: {} } }),
          0,
        );}
    }),
    { numRuns: 2000 },
  );
});

Deno.test("mention stays fast with thousands of names", () => {
  const names = Array.from({ length: 5000 }, (_, at) => `user ${at}`);
  const text = "@user @".repeat(150_000);
  assert.equal(answering(names, 0, text), names[0]);
  assert.equal(answering(names, 0, `${text}user 4999`), names[4999]);
});
