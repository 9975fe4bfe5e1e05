/** An observation: the data of one discussion that analyses need. They are taken from the discussion's slots. */
import { byLabel, type FactorLabels } from "../../core/experiment/factor_labels.ts";
import { isFreeText, type Scale, type ScaleValue } from "../../core/annotation/scales/mod.ts";
import type { AnnotationDesign } from "../../core/events/mod.ts";
import { type Conduct, measureConduct } from "../projections/conduct.ts";
import { targetComments } from "../../core/annotation/state.ts";
import { type DiscussionSlots, isCut, type Slot, wasAsked, type Withheld } from "../projections/mod.ts";
import type { MeasureTexts, SpokenText, TextMeasures } from "../texts/text_measures.ts";

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
 * Observes one discussion.
 *
 * @param measure Measures the texts of the comments. It is asynchronous, so several discussions can be measured
 *   at once.
 * @throws {RangeError} When the log contradicts itself.
 */
export function observe(
  run: string,
  discussion: DiscussionSlots,
  measure: MeasureTexts,
): Promise<Observation> {
  const { design, slots, ending, passes, problem } = discussion;
  if (problem !== null) throw new RangeError(`Cannot observe "${design.id}": ${problem}`);
  const { id, condition, factors, varied, replicate, seed, imported } = design;
  const observed = {
    run,
    discussion: id,
    condition,
    factors,
    varied,
    replicate,
    seed,
    imported: imported !== undefined,
    origin: imported?.id ?? null,
    end: ending?.end ?? "unfinished" as const,
    slots: slots.map(withoutText),
    conduct: measureConduct(discussion),
    judgements: [...passes.values()].flatMap((pass) => judgementsOf(discussion, pass.design)),
  };
  // The observation does not contain the texts. They are needed only until they are measured.
  return measure(spokenTexts(slots)).then((texts) => ({ ...observed, texts }));
}

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

function withoutText(slot: Slot): ObservedSlot {
  const { by, author, role, turn, comment, isPast } = slot;
  return {
    by,
    author,
    role,
    turn,
    comment,
    ...(isPast ? { isPast } : {}),
    ...(isCut(slot) ? { isCut: true } : {}),
    ...(slot.withheld === undefined ? {} : { withheld: slot.withheld }),
  };
}

function spokenTexts(slots: readonly Slot[]): SpokenText[] {
  return slots.filter(wasAsked).flatMap(({ by, text }) => text === null ? [] : [{ by, text }]);
}

function judgementsOf(discussion: DiscussionSlots, design: AnnotationDesign): Judgements[] {
  const { pass, codebook } = design;
  const annotators = design.annotators.map(({ name }) => name);
  const targets = targetsOf(discussion, design);
  return codebook.scales.filter((scale) => !isFreeText(scale)).map((scale) => {
    const rows = new Map(
      annotators.map((name) => [name, discussion.slots.map((): ScaleValue | null => null)]),
    );
    for (const { position, annotations } of discussion.slots) {
      for (const { annotator, values, ...annotation } of annotations) {
        const row = annotation.pass === pass ? rows.get(annotator) : undefined;
        // A scale can have the name of an inherited property, such as `constructor`.
        if (row && values && Object.hasOwn(values, scale.name)) row[position] = values[scale.name]!;
      }
    }
    const reread = design.reparsedFrom === undefined ? {} : { isReread: true } as const;
    return { pass, scale, annotators, targets, values: [...rows.values()], ...reread };
  });
}

/** The positions of the comments that a pass is about. */
function targetsOf(
  { design: { id }, comments }: DiscussionSlots,
  design: AnnotationDesign,
): readonly number[] {
  const all = comments.map(({ comment, by, isPast }) =>
    ({
      comment: comment!,
      by: by === "opening" || by === "intervention" ? "author" : by,
      isPast,
    }) as const
  );
  return targetComments(all, design, id).map((comment) => comments[comment]!.position);
}
