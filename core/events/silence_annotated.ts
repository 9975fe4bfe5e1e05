/** `SilenceAnnotated`: a judgement of a slot in which nothing was said. */
import type { ScaleValue } from "../annotation/scales/mod.ts";

/**
 * Whoever judged a discussion elsewhere judged its silent slots, too. A silence is no comment and has no ordinal: it is
 * named by its place among all slots.
 */
export type SilenceAnnotated = Readonly<{
  type: "SilenceAnnotated";
  data: Readonly<{
    pass: string;
    /** 0-based place among the slots of the discussion: openings, turns and moderations, silent ones included. */
    position: number;
    annotator: string;
    /** Scale → value. */
    values: Readonly<Record<string, ScaleValue>>;
  }>;
}>;
