/** Observes discussions: takes the data that analyses need from their slots. */
import { isFreeText, type ScaleValue } from "../../core/annotation/scales/mod.ts";
import { targetComments } from "../../core/annotation/state.ts";
import type { AnnotationDesign } from "../../core/events/mod.ts";
import { measureConduct } from "../projections/conduct.ts";
import { type DiscussionSlots, isCut, type Slot, wasAsked } from "../projections/mod.ts";
import type { MeasureTexts, SpokenText } from "../texts/text_measures.ts";
import type { Judgements, Observation, ObservedSlot } from "./observation.ts";

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
