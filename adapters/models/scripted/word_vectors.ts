/** Vectors of texts for tests and dry runs: texts that share words have near vectors. */
import { openDraw } from "../../../core/random/mod.ts";

const DIMENSION = 32;

/** The vectors of at most this many words are kept in memory. */
const WORDS_MAX = 10_000;

const known = new Map<string, Float32Array>();

/** The sum of the vectors of a text's words. Each word has a random vector of its own. */
export function vectorOfWords(text: string): Float32Array {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text];
  const vector = new Float32Array(DIMENSION);
  for (const word of words) vectorOfWord(word).forEach((value, at) => vector[at]! += value);
  return vector;
}

function vectorOfWord(word: string): Float32Array {
  const found = known.get(word);
  if (found !== undefined) return found;
  const draw = openDraw(word, "scripted", "embedding");
  const vector = Float32Array.from({ length: DIMENSION }, () => draw.uniform() - 0.5);
  if (known.size < WORDS_MAX) known.set(word, vector);
  return vector;
}
