/** What analysis needs of one discussion: all that was said and judged, without the texts. */
import type { Scale, ScaleValue } from "../../core/events/mod.ts";
import type { Conduct } from "../projections/conduct.ts";
import type { Slot } from "../projections/slots.ts";
import type { Unavailable } from "../statistics/unavailable.ts";

/** A slot without its texts: observations of a whole run are kept in memory. */
export type ObservedSlot =
  & Pick<Slot, "by" | "author" | "role" | "turn" | "comment">
  & Readonly<{
    /** Nothing was said because the reply was cut before any text: nobody chose this silence. */
    isCut?: true;
  }>;

/** What annotators said of one discussion on one scale; judgements that are texts are not kept. */
export type Judgements = Readonly<{
  pass: string;
  scale: Scale;
  /** In the order of the pass. */
  annotators: readonly string[];
  /** The positions of the comments that the pass judges. */
  targets: readonly number[];
  /** Annotator → position of the slot → value; `null` where there is none. */
  values: readonly (readonly (ScaleValue | null)[])[];
}>;

/** One discussion as its log tells it. */
export type Observation = Readonly<{
  /** The run's name: that of its folder. */
  run: string;
  /** The discussion's name, unique in its run. */
  discussion: string;
  condition: string;
  /** Factor → label of its level. */
  factors: Readonly<Record<string, string>>;
  /** What was drawn rather than crossed: path → label. */
  varied: Readonly<Record<string, string>>;
  /** 1-based. Conditions of a matched design share it. */
  replicate: number;
  seed: string;
  /** Whether it was held elsewhere. */
  imported: boolean;
  /** What the file that it was imported from calls it; `null` where there is none, or it gives no name. */
  origin: string | null;
  end: "completed" | "aborted" | "unfinished";
  /** In the order of the log: the position of a slot is its index. */
  slots: readonly ObservedSlot[];
  conduct: Conduct;
  diversity: number | Unavailable;
  /** Of how many words of each comment, the first ones, diversity was taken; `null` for all. */
  wordsCompared: number | null;
  distinct2: number | Unavailable;
  judgements: readonly Judgements[];
}>;
