/** What the program and a worker that measures texts tell each other. */
import type { TextMeasures } from "../../analysis/mod.ts";

/** From the program: the comments of one discussion. Each is answered by one {@linkcode Measured}. */
export type ToMeasure = Readonly<{ id: number; comments: readonly string[] }>;

/** From the worker: what the comments came to, or what went wrong. */
export type Measured = Readonly<{ id: number } & ({ measures: TextMeasures } | { failure: string })>;
