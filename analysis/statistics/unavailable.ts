/** The result of a statistic that cannot be computed. */

/** The reason why a statistic cannot be computed, as half a sentence that a report can show. */
export type Unavailable = Readonly<{ unavailable: string }>;

/**
 * Says why a statistic cannot be computed.
 *
 * @param reason For example `there are no values`, without a capital letter and without a full stop.
 */
export function unavailable(reason: string): Unavailable {
  return { unavailable: reason };
}

/**
 * Whether a statistic returned a reason instead of its result.
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
