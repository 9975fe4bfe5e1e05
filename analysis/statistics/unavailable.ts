/** What stands in the place of a figure that cannot be computed. */

/** Why a figure cannot be computed, as half a sentence that a report can show: never NaN, never an infinity. */
export type Unavailable = Readonly<{ unavailable: string }>;

/**
 * Says why a figure cannot be computed.
 *
 * @param reason What the data lack, such as `there are no values`: no capital, no full stop.
 * @returns What a statistic gives in place of its figures.
 */
export function unavailable(reason: string): Unavailable {
  return { unavailable: reason };
}

/**
 * Tells whether a statistic could not be computed.
 *
 * @param result What a statistic gave.
 * @returns Whether it is a reason rather than figures.
 *
 * @example
 * ```ts
 * import { isUnavailable, unavailable } from "./unavailable.ts";
 * import assert from "node:assert/strict";
 *
 * const share = (part: number, all: number) => all > 0 ? part / all : unavailable("there are no comments");
 * assert.equal(isUnavailable(share(1, 4)), false);
 * assert.equal(isUnavailable(share(0, 0)), true);
 * ```
 */
export function isUnavailable<T>(result: T | Unavailable): result is Unavailable {
  return typeof result === "object" && result !== null && "unavailable" in result;
}
