/** An observation: the data of one discussion that analyses need. `observe.ts` takes them from the discussion's slots. */
import { byLabel, type FactorLabels } from "../../core/experiment/factor_labels.ts";
import type { Scale, ScaleValue } from "../../core/annotation/scales/mod.ts";
import type { Conduct } from "../projections/conduct.ts";
import type { Slot, Withheld } from "../projections/mod.ts";
import type { TextMeasures } from "../texts/text_measures.ts";

/** A slot without texts. The observations of a whole run are kept in memory, and texts would be too large. */
export type ObservedSlot =
  & Pick<Slot, "by" | "author" | "role" | "turn" | "comment" | "isPast">
  & Readonly<{
    /** The reply was cut before any text, so the speaker did not choose this silence. */
    isCut?: true;
    /** Set if the slot has a person's words that cannot be read: the reason. */
    withheld?: Withheld;
  }>;

/** The annotations of one discussion on one scale. Annotations that are texts are not kept. */
export type Judgements = Readonly<{
  pass: string;
  scale: Scale;
  /** The annotators' names, in the order of the pass. */
  annotators: readonly string[];
  /** The positions of the comments that the pass is about. */
  targets: readonly number[];
  /** Index of the annotator → position of the slot → value; `null` without a value. */
  values: readonly (readonly (ScaleValue | null)[])[];
  /** Set if the pass only parsed the replies of another pass again. */
  isReread?: true;
}>;

/** One discussion, as its log records it. */
export type Observation = Readonly<{
  /** The run's name, which is its folder's name. */
  run: string;
  /** The discussion's name, unique in its run. */
  discussion: string;
  condition: string;
  /** Factor → label of its level. */
  factors: Readonly<Record<string, string>>;
  /** Settings that were drawn for each discussion, and are not crossed as factors are: path → label. */
  varied: Readonly<Record<string, string>>;
  /** 1-based. In a matched design, discussions of different conditions with the same number belong together. */
  replicate: number;
  seed: string;
  imported: boolean;
  /** The discussion's name in the file that it was imported from; `null` if it has none. */
  origin: string | null;
  end: "completed" | "aborted" | "unfinished";
  /** In the order of the log. The index of a slot is its position. */
  slots: readonly ObservedSlot[];
  conduct: Conduct;
  texts: TextMeasures;
  judgements: readonly Judgements[];
}>;

/**
 * The completed discussions, which are the only ones that count in results. The same observations give the same
 * list again.
 */
export function completedOf(observations: readonly Observation[]): readonly Observation[] {
  const known = COMPLETED.get(observations);
  if (known !== undefined) return known;
  const completed = observations.filter(({ end }) => end === "completed");
  const all = completed.length === observations.length ? observations : completed;
  COMPLETED.set(observations, all);
  return all;
}

const COMPLETED = new WeakMap<readonly Observation[], readonly Observation[]>();

/** An observation with the labels of factors in place of their paths. */
export function observationByLabel(observation: Observation, labels: FactorLabels): Observation {
  if (Object.keys(labels).length === 0) return observation;
  const { factors, varied } = observation;
  return { ...observation, factors: byLabel(factors, labels), varied: byLabel(varied, labels) };
}
