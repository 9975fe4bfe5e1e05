/** What analysis needs of one discussion: all that was said and judged, without the texts. */
import type { Scale, ScaleValue } from "../../core/events/mod.ts";
import type { Conduct } from "../projections/conduct.ts";
import type { Unavailable } from "../statistics/unavailable.ts";

/** A place in a discussion at which somebody spoke or was asked to. */
export type Slot = Readonly<{
  by: "opening" | "participant" | "moderator";
  author: string;
  /** The author's role; `null` for none. */
  role: string | null;
  /** 0-based: a participant's turn, or that after which a moderator was asked; `null` for openings. */
  turn: number | null;
  /** The comment's 0-based ordinal; `null` where nothing was said. */
  comment: number | null;
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
  slots: readonly Slot[];
  conduct: Conduct;
  diversity: number | Unavailable;
  /** Of how many words of each comment, the first ones, diversity was taken; `null` for all. */
  wordsCompared: number | null;
  distinct2: number | Unavailable;
  judgements: readonly Judgements[];
}>;
