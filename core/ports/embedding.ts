/**
 * Vectors of texts. Models return them. Two vectors with similar directions belong to texts with similar
 * meanings.
 */
import type { TokenUsage } from "../events/models.ts";

/** The vectors of some texts. */
export type Embedded = Readonly<{
  /**
   * A vector for each text, in the order of the texts. All vectors of a model have the same number of elements.
   * The elements are finite, and not all 0. The length of a vector has no meaning: compare only directions.
   */
  vectors: readonly Float32Array[];
  /**
   * How many texts were longer than the model's context. The vector of such a text describes only its
   * beginning. Default: 0.
   */
  cut?: number;
  /** The model that the server reports, if it reports one. */
  servedBy?: string;
  usage?: TokenUsage;
}>;

/** The most elements of a vector. Known models have at most 4,096. */
export const DIMENSION_MAX = 65_536;

/** Says why a list is not a valid list of vectors for `count` texts; `null` if it is valid. */
export function vectorsProblem(vectors: unknown, count: number): string | null {
  if (!Array.isArray(vectors)) return "it has no list of vectors";
  if (vectors.length !== count) {
    return `the number of vectors is ${vectors.length}, and the number of texts is ${count}`;
  }
  const dimension = vectors[0]?.length;
  for (const [index, vector] of vectors.entries()) {
    if (!(vector instanceof Float32Array)) return `vector ${index + 1} is no list of numbers`;
    if (vector.length !== dimension) {
      const nth = index + 1;
      return `the number of elements is ${dimension} in vector 1, but ${vector.length} in vector ${nth}`;
    }
    const problem = vectorProblem(vector);
    if (problem !== null) return `vector ${index + 1} ${problem}`;
  }
  return null;
}

/** Says what is wrong with a vector: it is empty, too long, not finite, or only 0; `null` if it is valid. */
export function vectorProblem(vector: Float32Array): string | null {
  if (vector.length === 0 || vector.length > DIMENSION_MAX) {
    return `has ${vector.length} elements; expected 1 to ${DIMENSION_MAX}`;
  }
  if (!vector.every(Number.isFinite)) return "has an element that is no finite number";
  return vector.every((value) => value === 0) ? "has only elements that are 0" : null;
}

/** A vector of length 1 with the same direction. */
export function directionOf(vector: Float32Array): Float32Array {
  // The elements are divided first, because the squares of large elements would be infinite.
  const largest = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const length = Math.sqrt(vector.reduce((sum, value) => sum + (value / largest) ** 2, 0));
  return vector.map((value) => value / largest / length);
}
