import assert from "node:assert/strict";
import { pastOf } from "../../core/discussion/mod.ts";
import type { DiscussionEvent, Envelope } from "../../core/events/mod.ts";
import { designWith, linesOf, rulesWith, seedPosted, turnTaken } from "../../core/testing/mod.ts";
import { CHANCE_TESTS } from "./chance.ts";
import { AS_LOGGED } from "./declaration.ts";
import { Fidelity } from "./fidelity.ts";

const COPIED: readonly DiscussionEvent[] = [
  seedPosted(0, "Ann", "Should buses run at night?"),
  turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "Yes." }),
];

function envelopesOf(stream: string, events: readonly DiscussionEvent[]): Envelope[] {
  return linesOf(stream, events).map((line): Envelope => JSON.parse(line));
}

const PAST = pastOf(envelopesOf("d1", [{ type: "DiscussionOpened", data: designWith() }, ...COPIED]))!;

/** The check "copies of the past" of a branch whose log begins with these copied events. */
function checkOf(copies: readonly DiscussionEvent[], isKnown = true) {
  const opened: DiscussionEvent = {
    type: "DiscussionOpened",
    data: designWith({ id: "d2", forkedFrom: PAST.origin }),
  };
  const declaration = { ...AS_LOGGED, pastOf: () => isKnown ? PAST : null };
  const fidelity = new Fidelity(rulesWith(), { declaration });
  for (const envelope of envelopesOf("d2", [opened, ...copies])) fidelity.add(envelope);
  return fidelity.results(CHANCE_TESTS).find(({ check }) => check === "copies of the past");
}

Deno.test("Fidelity passes branches that begin with the events of their past", () => {
  const { verdict, observed } = checkOf(COPIED)!;
  assert.deepEqual([verdict, observed], ["pass", { count: 2, of: 2, unit: "share" }]);
});

Deno.test("Fidelity flags a branch whose first events differ from its past", () => {
  const changed = turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "No." });
  const { verdict, basis } = checkOf([COPIED[0]!, changed])!;
  assert.equal(verdict, "flag");
  assert.match(basis, /deviations: event 2 of d2/);
});

Deno.test("Fidelity does not check copies if the past is not known", () => {
  assert.equal(checkOf(COPIED, false), undefined);
});
