/** Waits for something that another process or the server does. */
import assert from "node:assert/strict";

const LOOK_MS = 20;

/** The most checks. They take at least a minute; if the condition is not true by then, it never will be. */
const LOOKS_MAX = 3_000;

/**
 * Waits until something is true.
 *
 * @param what What should happen, for the message if it does not.
 */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; !await isTrue(); looks++) {
    assert.ok(looks < LOOKS_MAX, `it never happens: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
