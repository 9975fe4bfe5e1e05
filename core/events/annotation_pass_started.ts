/** `AnnotationPassStarted`: the first event of every pass over a discussion. */
import { type AnnotationDesign, annotationDesignSchema } from "./annotation_design.ts";
import { demand, type EventType } from "./event_type.ts";

/**
 * A pass over the comments of a finished discussion began; `data` holds everything that is needed to resume it. When
 * further annotators of an imported pass come in, it is recorded again and names all of them.
 */
export type AnnotationPassStarted = Readonly<{ type: "AnnotationPassStarted"; data: AnnotationDesign }>;

export const annotationPassStarted: EventType<AnnotationPassStarted> = {
  version: 1,
  schema: annotationDesignSchema,
  follows(order, { data }) {
    // An imported pass starts again when further annotators of it are imported.
    const isFirst = !order.passes.has(data.pass) || data.source !== undefined;
    demand(isFirst, `a second start of the pass "${data.pass}"`);
    return { ...order, passes: new Map(order.passes).set(data.pass, false) };
  },
};
