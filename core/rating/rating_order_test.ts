import assert from "node:assert/strict";
import fc from "fast-check";
import { drawRatingOrder, type RatableDiscussion, type RatingItem, REPEAT_GAP_MIN } from "./rating_order.ts";

const DRAW = { seed: "7", pass: "mood", rater: "Rita", batch: 0 };
const NONE = { repeat: 0, known: [] };

function knownItems(count: number) {
  return Array.from(
    { length: count },
    (_, item) => ({ item, comments: [{ author: "Ann", text: `${item}` }], answers: { toxicity: "1" } }),
  );
}

function discussionsOf(counts: Readonly<Record<string, number>>, comments = 3): RatableDiscussion[] {
  return Object.entries(counts).flatMap(([condition, count]) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${condition}.r${index}`,
      condition,
      comments: Array.from({ length: comments }, (_, comment) => comment),
    }))
  );
}

function discussionsIn(items: readonly RatingItem[]): readonly string[] {
  return [...new Set(items.flatMap((item) => item.kind === "comment" ? [item.discussion] : []))];
}

Deno.test("drawRatingOrder() shows each comment once, in sequence within its discussion", () => {
  const discussions = discussionsOf({ calm: 4, loud: 4 });
  const items = drawRatingOrder(discussions, DRAW, NONE);
  assert.equal(items.length, 24);
  for (let block = 0; block < items.length; block += 3) {
    const [first, ...rest] = items.slice(block, block + 3);
    assert.ok(first?.kind === "comment");
    const { discussion } = first;
    assert.deepEqual(
      [first, ...rest],
      [0, 1, 2].map((comment) => ({ kind: "comment", discussion, comment })),
    );
  }
});

Deno.test("drawRatingOrder() balances conditions: every part of the order has each condition equally often", () => {
  fc.assert(fc.property(fc.string(), (seed) => {
    const order = discussionsIn(
      drawRatingOrder(discussionsOf({ calm: 6, loud: 6, mild: 6 }), { ...DRAW, seed }, NONE),
    );
    for (let block = 0; block < order.length; block += 3) {
      const conditions = order.slice(block, block + 3).map((id) => id.split(".")[0]);
      assert.deepEqual(conditions.sort(), ["calm", "loud", "mild"]);
    }
  }));
});

Deno.test("drawRatingOrder() spreads a small condition over the whole order", () => {
  fc.assert(fc.property(fc.string(), (seed) => {
    const order = discussionsIn(
      drawRatingOrder(discussionsOf({ common: 20, rare: 2 }), { ...DRAW, seed }, NONE),
    );
    const places = order.flatMap((id, place) => id.startsWith("rare") ? [place] : []);
    assert.ok(places[0]! <= 11 && places[1]! >= 10, `${places}`);
  }));
});

Deno.test("drawRatingOrder() depends only on seed, pass, rater and batch, not on the order of the discussions", () => {
  const discussions = discussionsOf({ calm: 10, loud: 10 });
  const checks = { repeat: 0.1, known: knownItems(2) };
  const items = drawRatingOrder(discussions, DRAW, checks);
  assert.deepEqual(drawRatingOrder(discussions.toReversed(), DRAW, checks), items);
  for (const other of [{ seed: "8" }, { pass: "tone" }, { rater: "Sam" }, { batch: 1 }]) {
    assert.notDeepEqual(drawRatingOrder(discussions, { ...DRAW, ...other }, checks), items);
  }
});

Deno.test("drawRatingOrder() gives each discussion the first place about equally often", () => {
  const counts = new Map<string, number>();
  for (let rater = 0; rater < 900; rater++) {
    const [first] = discussionsIn(
      drawRatingOrder(discussionsOf({ calm: 3, loud: 3 }, 1), { ...DRAW, rater: `${rater}` }, NONE),
    );
    counts.set(first!, (counts.get(first!) ?? 0) + 1);
  }
  // 900 draws of 6 discussions: each discussion is first about 150 times, with a standard deviation of 11.2.
  assert.equal(counts.size, 6);
  for (const count of counts.values()) assert.ok(count > 94 && count < 206, `${count}`);
});

Deno.test("drawRatingOrder() repeats the wanted share of comments, at later places between discussions", () => {
  fc.assert(fc.property(fc.string(), (seed) => {
    const items = drawRatingOrder(discussionsOf({ calm: 10, loud: 10 }, 5), { ...DRAW, seed }, {
      repeat: 0.05,
      known: [],
    });
    assert.equal(items.length, 105);
    for (const [place, item] of items.entries()) {
      if (item.kind !== "repeat") continue;
      const first = items.findIndex((other) =>
        other.kind === "comment" && other.discussion === item.discussion && other.comment === item.comment
      );
      assert.ok(place - first > REPEAT_GAP_MIN, `${first} and ${place}`);
      const [before, after] = [items[place - 1]!, items[place + 1]];
      const isInside = before.kind === "comment" && after?.kind === "comment" &&
        before.discussion === after.discussion;
      assert.ok(!isInside);
    }
  }));
});

Deno.test("drawRatingOrder() shows about one known item for 15 comments, and no known item twice", () => {
  const items = drawRatingOrder(discussionsOf({ calm: 10, loud: 10 }), DRAW, {
    repeat: 0,
    known: knownItems(7),
  });
  const known = items.flatMap((item) => item.kind === "known" ? [item.item] : []);
  assert.equal(known.length, 4);
  assert.equal(new Set(known).size, 4);
});

Deno.test("drawRatingOrder() returns nothing for discussions without comments to rate", () => {
  assert.deepEqual(
    drawRatingOrder(discussionsOf({ calm: 2 }, 0), DRAW, { repeat: 0.5, known: knownItems(1) }),
    [],
  );
});
