/** Says which keys of people are in a copy of a run. */
import { plural } from "../terminal/numbers.ts";

/**
 * Lines that say how many keys were copied and how many were left out.
 *
 * @param copy The word for the copy in the lines.
 */
export function keysText(
  copy: "archive" | "copy",
  { keys, keysLeftOut }: Readonly<{ keys: number; keysLeftOut: number }>,
): string {
  const leftOut = `Left out: ${
    plural(keysLeftOut, "key")
  } of people, so no one can read their words in the ${copy}\n`;
  const copied = `CAUTION: the ${copy} has ${plural(keys, "key")} of people. Anyone who has ${
    keys === 1 ? "it" : "them"
  } can read their words\n`;
  return (keysLeftOut > 0 ? leftOut : "") + (keys > 0 ? copied : "");
}
