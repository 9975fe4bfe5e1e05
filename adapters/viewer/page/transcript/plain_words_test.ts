import assert from "node:assert/strict";
import { slotsOf } from "../../../../analysis/projections/mod.ts";
import { designWith, seedPosted, turnTaken } from "../../../../core/testing/mod.ts";
import { leftOutWords, missingWords } from "./plain_words.ts";

Deno.test("leftOutWords() counts the words that the figures of the speakers leave out", () => {
  const opened = { type: "DiscussionOpened", data: designWith({ turns: 1 }) } as const;
  const turn = turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "Yes, of course." });
  const withOpening = slotsOf([opened, seedPosted(0, "Ann", "Should buses run?"), turn])!;
  assert.equal(leftOutWords(withOpening), "Not counted: openings (3 words).");
  const copied = withOpening.slots.map((slot) => ({ ...slot, isPast: true as const }));
  assert.equal(
    leftOutWords({ slots: copied }),
    "Not counted: openings and turns copied from the origin (6 words).",
  );
  assert.equal(leftOutWords({ slots: withOpening.slots.slice(1) }), null);
});

Deno.test("missingWords() says why a reply has no words", () => {
  const words = (raw: string | undefined) => missingWords({ silence: "empty", raw }, "");
  assert.equal(words(undefined), "No comment: the reply was empty.");
  assert.equal(words(" \n"), "No comment: the reply was empty.");
  assert.equal(words('""'), "No comment: the reply had only quotation marks.");
  assert.equal(
    words("<think>Well.</think>"),
    "No comment: no words of the reply were left after it was read.",
  );
});
