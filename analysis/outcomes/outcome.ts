/** An outcome: what is compared between conditions, as numbers by discussion. */
import type { Scale } from "../../core/events/mod.ts";

/** One value of an outcome. */
export type OutcomeValue = Readonly<{
  value: number;
  /** The place in the discussion, as the analysis counts it; `null` for a figure of the whole discussion. */
  time: number | null;
}>;

/** An outcome of some discussions. */
export type Outcome = Readonly<{
  /** As an analysis names it: `toxicity`, `second/toxicity`, `stance=against`, `diversity`. */
  name: string;
  /** Whether the analysis declares it. */
  declared: boolean;
  /** What has a value: every comment that counts, or a discussion as a whole. */
  unit: "comment" | "discussion";
  /** The scale that it was judged on; `null` for figures of discussions. */
  scale: Scale | null;
  /** One list a discussion, in the order of the observations; empty where a discussion has no value. */
  values: readonly (readonly OutcomeValue[])[];
  /** Values that should be there and are not: comments that no annotator gave a value, discussions without the figure. */
  missing: number;
  /** The same, one count a discussion. */
  missingIn: readonly number[];
}>;
