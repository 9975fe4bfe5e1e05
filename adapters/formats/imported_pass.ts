/** Judgements from elsewhere as the events of an annotation pass. */
import type {
  AnnotationDesign,
  Annotator,
  DiscussionEvent,
  ImportSource,
  Scale,
  ScaleValue,
} from "../../core/events/mod.ts";
import { IMPORTED_MODEL } from "../../core/discussion/mod.ts";
import { canonical } from "../../core/json.ts";
import type { Sha256 } from "../../core/sha256.ts";

/** One judgement of one slot. */
export type OutsideJudgement = Readonly<{
  /** 0-based position among all slots. */
  position: number;
  annotator: string;
  values: Readonly<Record<string, ScaleValue>>;
  /** The reply, where the file holds one. */
  raw?: string;
}>;

/** What is known of a pass that was made elsewhere. */
export type OutsidePass = Readonly<{
  pass: string;
  scale: Scale;
  annotators: readonly Annotator[];
  history: number | null;
  source: ImportSource;
}>;

const VERSION_LENGTH = 12;

/**
 * The design of a pass that was made elsewhere.
 *
 * @param pass What is known of it.
 * @param sha256 The hash function.
 */
export function designOfPass(
  { pass, scale, annotators, history, source }: OutsidePass,
  sha256: Sha256,
): AnnotationDesign {
  const scales = [scale];
  const hash = sha256(canonical(scales));
  return {
    pass,
    codebook: { version: hash.slice(0, VERSION_LENGTH), hash, scales },
    annotators,
    models: Object.fromEntries(
      annotators.flatMap(({ model }) => model === undefined ? [] : [[model, IMPORTED_MODEL]]),
    ),
    history,
    targets: { of: "all" },
    requests: "together",
    retries: 0,
    seed: "",
    prompt: { version: 1 },
    source,
  };
}

/**
 * The events of a pass over one discussion, in the order of its slots.
 *
 * @param design The pass's design.
 * @param judgements At most one for each slot and annotator.
 * @param comments The ordinal of the comment in each slot; `null` for a silent one.
 */
export function eventsOfPass(
  design: AnnotationDesign,
  judgements: readonly OutsideJudgement[],
  comments: readonly (number | null)[],
): DiscussionEvent[] {
  const { pass } = design;
  return [
    { type: "AnnotationPassStarted", data: design },
    ...judgementEvents(pass, judgements, comments),
    { type: "AnnotationPassCompleted", data: { pass, annotated: judgements.length, unparsed: 0 } },
  ];
}

/**
 * The events of judgements alone, in the order of the slots.
 *
 * @param pass The pass's name.
 * @param judgements At most one for each slot and annotator.
 * @param comments The ordinal of the comment in each slot; `null` for a silent one.
 */
export function judgementEvents(
  pass: string,
  judgements: readonly OutsideJudgement[],
  comments: readonly (number | null)[],
): DiscussionEvent[] {
  return judgements.toSorted((a, b) => a.position - b.position).map(
    ({ position, annotator, values, raw }) => {
      const comment = comments[position]!;
      const said = raw === undefined ? {} : { raw };
      return comment === null
        ? { type: "SilenceAnnotated", data: { pass, position, annotator, values } }
        : { type: "CommentAnnotated", data: { pass, comment, annotator, values, ...said } };
    },
  );
}
