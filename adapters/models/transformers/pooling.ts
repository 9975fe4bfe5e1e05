/** Makes one vector of a text from the vectors of its tokens. */

/** How the vectors of tokens become one: their mean, or the vector of the first token. */
export const POOLINGS = ["mean", "cls"] as const;

export type Pooling = typeof POOLINGS[number];

/** The last hidden states of some texts: texts × tokens × elements. */
export type HiddenStates = Readonly<{ data: Float32Array; dims: readonly number[] }>;

/**
 * The vectors of texts, each of length 1.
 *
 * @param masks For each text and column: 1 for a token of the text, 0 for padding, which does not count.
 */
export function pooled(
  { data, dims }: HiddenStates,
  masks: readonly (readonly number[])[],
  pooling: Pooling,
): Float32Array[] {
  const [, tokens, elements] = dims as [number, number, number];
  return masks.map((mask, text) => {
    const sum = new Float64Array(elements);
    const last = pooling === "cls" ? mask.indexOf(1) + 1 : tokens;
    for (let token = 0; token < last; token++) {
      if (mask[token] !== 1) continue;
      const from = (text * tokens + token) * elements;
      for (let at = 0; at < elements; at++) sum[at]! += data[from + at]!;
    }
    // The mean has the direction of the sum.
    const length = Math.hypot(...sum) || 1;
    return Float32Array.from(sum, (value) => value / length);
  });
}
