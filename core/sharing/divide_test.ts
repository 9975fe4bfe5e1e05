import assert from "node:assert/strict";
import fc from "fast-check";
import { type Claim, divide, shareOf } from "./divide.ts";

function sharesOf(amount: number, claims: readonly Claim[]): number[] {
  const division = divide(amount, claims);
  return claims.map((claim) => shareOf(claim, division));
}

function claimsOf(wants: readonly number[], least = 1): Claim[] {
  return wants.map((each, turn) => ({ turn, wants: each, least }));
}

const CLAIMS = fc.array(
  fc.record({ wants: fc.integer({ min: 0, max: 50 }), least: fc.integer({ min: 1, max: 8 }) }),
  { maxLength: 12 },
).chain((claims) =>
  fc.shuffledSubarray(claims.map((_, turn) => turn), { minLength: claims.length })
    .map((turns) => claims.map((claim, nth) => ({ ...claim, turn: turns[nth]! })))
);
const AMOUNT = fc.integer({ min: 0, max: 200 });
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

Deno.test("divide() is max-min fair, as in the worked example of a textbook", () => {
  // Tanenbaum and Wetherall, Computer Networks: of 10, the demands 2, 2.6, 4 and 5 get 2, 2.6, 2.7 and 2.7.
  // The numbers here are tenths.
  assert.deepEqual(sharesOf(100, claimsOf([20, 26, 40, 50])), [20, 26, 27, 27]);
});

Deno.test("divide() gives a remainder to the claims with the first turns", () => {
  assert.deepEqual(sharesOf(8, claimsOf([9, 9, 9])), [3, 3, 2]);
  assert.deepEqual(
    sharesOf(8, [
      { turn: 3, wants: 9, least: 1 },
      { turn: 1, wants: 9, least: 1 },
      { turn: 2, wants: 2, least: 1 },
    ]),
    [3, 3, 2],
  );
});

Deno.test("divide() serves the claims with the first turns if there is not enough for all", () => {
  assert.deepEqual(sharesOf(2, claimsOf([5, 0, 5, 5])), [1, 0, 1, 0]);
  assert.deepEqual(sharesOf(0, claimsOf([1])), [0]);
});

Deno.test("divide() keeps the amount for a claim whose smallest amount is larger", () => {
  assert.deepEqual(sharesOf(900, claimsOf([400, 800, 400], 300)), [300, 300, 300]);
  assert.deepEqual(sharesOf(500, claimsOf([400, 800, 400], 300)), [300, 0, 0]);
});

Deno.test("divide() ends even if a claim wants a fraction", () => {
  assert.deepEqual(sharesOf(100, claimsOf([100.5])), [100]);
});

Deno.test("divide() never gives more than the amount, and never gives a claim more than it wants", () => {
  fc.assert(fc.property(AMOUNT, CLAIMS, (amount, claims) => {
    const shares = sharesOf(amount, claims);
    assert.ok(sum(shares) <= amount);
    for (const [nth, share] of shares.entries()) {
      assert.ok(Number.isInteger(share) && share >= 0 && share <= claims[nth]!.wants);
    }
  }));
});

Deno.test("divide() uses the whole wanted amount, and a share could grow only at the cost of a smaller one", () => {
  fc.assert(fc.property(AMOUNT, CLAIMS, (amount, mixed) => {
    const claims = mixed.map((claim) => ({ ...claim, least: 1 }));
    const shares = sharesOf(amount, claims);
    assert.equal(sum(shares), Math.min(amount, sum(claims.map(({ wants }) => wants))));
    for (const [nth, share] of shares.entries()) {
      if (share < claims[nth]!.wants) assert.ok(shares.every((other) => other <= share + 1));
    }
  }));
});

Deno.test("divide() serves the claim with the earliest turn as soon as the amount is enough for it", () => {
  fc.assert(fc.property(AMOUNT, CLAIMS, (amount, claims) => {
    const [first] = claims.filter(({ wants }) => wants > 0).sort((one, other) => one.turn - other.turn);
    if (first === undefined) return;
    const share = shareOf(first, divide(amount, claims));
    const least = Math.min(first.wants, first.least);
    assert.equal(share >= least, amount >= least);
  }));
});
