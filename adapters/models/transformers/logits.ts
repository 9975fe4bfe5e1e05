/** What a model says of the tokens that could come next. */

/** Logits of the positions that were computed: rows × positions × tokens. */
export type Logits = Readonly<{ data: Float32Array; positions: number; tokens: number }>;
