/** Random texts that can contain any code point. */
import fc from "fast-check";

const CODE_POINT_MAX = 0x10ffff;
const SURROGATES = { from: 0xd800, count: 0x800 };

/** A code point that a well-formed text can have. */
const codePoint = fc.integer({ min: 0, max: CODE_POINT_MAX - SURROGATES.count }).map(
  (place) => String.fromCodePoint(place < SURROGATES.from ? place : place + SURROGATES.count),
  (value) => {
    const place = typeof value === "string" ? value.codePointAt(0) : undefined;
    if (place === undefined || value !== String.fromCodePoint(place) || !value.isWellFormed()) {
      throw new TypeError("Cannot shrink a value: it is not one code point");
    }
    return place < SURROGATES.from ? place : place - SURROGATES.count;
  },
);

/**
 * Gives the same texts as `fc.string({ unit: "binary" })`. That function takes seconds, because in each test
 * file it makes a list of all code points.
 */
export function anyText(
  limits: Readonly<{ minLength?: number; maxLength?: number }> = {},
): fc.Arbitrary<string> {
  return fc.string({ ...limits, unit: codePoint });
}
