/**
 * Divides a limit among workers: max-min fair, and in whole numbers. If there is not enough for all, workers
 * get their share in turns.
 */

/** How much of a limit a worker wants. */
export type Claim = Readonly<{
  /** Claims with lower numbers come first. No two claims have the same number. */
  turn: number;
  wants: number;
  /** The smallest amount that is useful, at least 1. A smaller share would be wasted. */
  least: number;
}>;

/**
 * A division, in the form of a rule. The share of a claim is computed from the rule and the claim, so that a
 * board need not store shares.
 */
export type Division = Readonly<{
  /**
   * Every claim gets this amount, but at most the amount that it wants, and at least its smallest useful
   * amount.
   */
  level: number;
  /** The division leaves a remainder. So claims up to this turn that want more than the level get 1 more. */
  extraUntil: number;
  /** Claims after this turn get nothing, because there is not enough for all. */
  servedUntil: number;
}>;

/** A turn after all turns: with it, all claims are served. */
export const ALL_SERVED = Number.MAX_SAFE_INTEGER;

/** A division that gives nothing. */
export const NO_DIVISION: Division = { level: 0, extraUntil: -1, servedUntil: -1 };

const EVERYONE_SERVED: Division = { ...NO_DIVISION, servedUntil: ALL_SERVED };

/**
 * Divides an amount among claims. The sum of all shares is at most the amount. If the claims want the whole
 * amount, they get it. There is one exception: a claim with a large smallest amount can wait, and a part of
 * the amount is kept for it.
 *
 * Max-min fair means that a share could grow only if a smaller share became even smaller (Bertsekas and
 * Gallager, Data Networks, 1992, section 6.5.2).
 */
export function divide(amount: number, claims: Iterable<Claim>): Division {
  const inTurn = [...claims].filter(({ wants }) => wants > 0).sort((one, other) => one.turn - other.turn);
  let left = amount;
  for (const [nth, claim] of inTurn.entries()) {
    left -= leastOf(claim);
    // The rest is kept for this claim. Otherwise it would never get its smallest amount.
    if (left < 0) return { ...NO_DIVISION, servedUntil: inTurn[nth - 1]?.turn ?? -1 };
  }
  // If there is enough for all, a claim that comes before the next division can have the rest.
  if (inTurn.reduce((sum, { wants }) => sum + wants, 0) <= amount) {
    return { ...EVERYONE_SERVED, level: amount };
  }
  const sumAt = (level: number) => inTurn.reduce((sum, claim) => sum + atLevel(claim, level), 0);
  // Rounded up: with a fraction, the search would never end.
  let [level, tooMuch] = [0, 1 + Math.ceil(inTurn.reduce((most, { wants }) => Math.max(most, wants), 0))];
  while (tooMuch - level > 1) {
    const middle = Math.floor((level + tooMuch) / 2);
    if (sumAt(middle) <= amount) level = middle;
    else tooMuch = middle;
  }
  const remainder = amount - sumAt(level);
  const extra = inTurn.filter((claim) => atLevel(claim, level + 1) > atLevel(claim, level)).slice(
    0,
    remainder,
  );
  return { level, extraUntil: extra.at(-1)?.turn ?? -1, servedUntil: ALL_SERVED };
}

/** The share of a claim. */
export function shareOf(claim: Claim, { level, extraUntil, servedUntil }: Division): number {
  if (claim.turn > servedUntil) return 0;
  return atLevel(claim, claim.turn <= extraUntil ? level + 1 : level);
}

function leastOf({ wants, least }: Claim): number {
  return Math.min(wants, Math.max(1, least));
}

function atLevel(claim: Claim, level: number): number {
  return Math.max(leastOf(claim), Math.min(claim.wants, level));
}
