import assert from "node:assert/strict";
import fc from "fast-check";
import type { DiscussionDesign, DiscussionEvent } from "../events/mod.ts";
import { designWith, play, stateAfter } from "../testing/mod.ts";
import { someDesign, someReplies } from "../testing/arbitraries.ts";

const isTurn = ({ type }: DiscussionEvent) => type === "TurnTaken" || type === "TurnPassed";

/** Runs random designs with random replies, and checks each discussion. */
function ofAnyDiscussion(check: (design: DiscussionDesign, played: ReturnType<typeof play>) => void): void {
  fc.assert(fc.property(someDesign, someReplies, (design, replies) => {
    check(design, play(design, (_, nth) => replies[nth % replies.length]!));
  }));
}

Deno.test("any discussion ends after its number of turns, and counts its turns and comments correctly", () => {
  ofAnyDiscussion((design, { events }) => {
    const comments = events.filter(({ data }) => "comment" in data).length;
    assert.equal(events.filter(isTurn).length, design.turns);
    assert.deepEqual(events.at(-1), {
      type: "DiscussionCompleted",
      data: { reason: "turns", turns: design.turns, comments },
    });
  });
});

Deno.test("any discussion numbers turns and comments without gaps, and gives a moderator's answer the number of the last turn", () => {
  ofAnyDiscussion((design, { events }) => {
    const ordinals = events.flatMap(({ data }) => "comment" in data ? [data.comment] : []);
    assert.deepEqual(ordinals, [...ordinals.keys()]);
    const turns = events.filter(isTurn).map(({ data }) => "turn" in data && data.turn);
    assert.deepEqual(turns, [...Array(design.turns).keys()]);
    let turn = -1;
    for (const { type, data } of events) {
      if (type === "TurnTaken" || type === "TurnPassed") turn = data.turn;
      if (type === "ModeratorIntervened" || type === "ModeratorAbstained") assert.equal(data.turn, turn);
    }
  });
});

Deno.test("any discussion posts all its openings unchanged before its first turn", () => {
  ofAnyDiscussion((design, { events }) => {
    const seeds = events.slice(1, 1 + design.openings.length);
    assert.deepEqual(
      seeds,
      design.openings.map(({ author, text }, comment) => ({
        type: "SeedCommentPosted",
        data: { comment, author, text },
      })),
    );
  });
});

Deno.test("folding the events of any discussion gives its last state again, even after they were written and read as JSON", () => {
  ofAnyDiscussion((_, { events, states }) => {
    assert.deepEqual(stateAfter(events), states.at(-1));
    assert.deepEqual(stateAfter(JSON.parse(JSON.stringify(events))), states.at(-1));
  });
});

Deno.test("any discussion's prompts show the last comments of its history, and no silence", () => {
  fc.assert(fc.property(someDesign, fc.array(fc.boolean(), { minLength: 1 }), (design, silent) => {
    // Every comment and every silence has its own number, so that the test can find it in prompts.
    const { asked } = play(
      { ...design, passWord: "", openings: [], interventions: [] },
      (_, nth) =>
        silent[nth % silent.length] ? { text: `<silence ${nth}>`, finishReason: "refused" } : `<said ${nth}>`,
    );
    for (const [nth, { request }] of asked.entries()) {
      const prompt = JSON.stringify(request.messages);
      assert.ok(!prompt.includes("<silence"));
      const shown = [...prompt.matchAll(/<said (\d+)>/g)].map(([, number]) => Number(number));
      const said = [...Array(nth).keys()].filter((number) => !silent[number % silent.length]);
      assert.deepEqual(shown, design.history === 0 ? [] : said.slice(-(design.history ?? said.length)));
    }
  }));
});

Deno.test("conditions of one replicate have the same speakers in the same turns", () => {
  fc.assert(fc.property(someDesign, (design) => {
    fc.pre(design.turnTaking.name !== "mention");
    const speakers = (changes: Partial<DiscussionDesign>) =>
      play(designWith({ ...design, ...changes }), () => "Hm.").asked
        .filter(({ request }) => request.origin.role === "participant")
        .map(({ request }) => request.origin.speaker);
    assert.deepEqual(speakers({ id: "d2", condition: "other", moderator: null, history: 1 }), speakers({}));
  }));
});
