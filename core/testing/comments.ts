/** Comments for benchmarks of code that reads texts. */
import { type Draw, openDraw } from "../random/mod.ts";

const COMMENTS = 30;
const WORDS = 64;
const VOCABULARY = 2000;

/**
 * A comment of 64 words. As in a real language, a few words are very frequent: the probability of word n is
 * in proportion to 1 / n.
 */
export function drawnComment(draw: Draw): string {
  const word = () => `w${Math.floor(Math.exp(draw.uniform() * Math.log(VOCABULARY)))}`;
  return Array.from({ length: WORDS }, word).join(" ");
}

/** The comments of discussions with 30 comments each. */
export function drawnDiscussions(count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, nth) => {
    const draw = openDraw("bench", "discussion", nth);
    return Array.from({ length: COMMENTS }, () => drawnComment(draw));
  });
}
