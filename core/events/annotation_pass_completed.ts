/** `AnnotationPassCompleted`: the last event of a pass. */
import { z } from "../zod.ts";
import { demandRunningPass, type EventType } from "./event_type.ts";
import { count } from "./shapes.ts";

/** Everything that the pass asks about the discussion has been answered, or could not be read. */
export type AnnotationPassCompleted = Readonly<{
  type: "AnnotationPassCompleted";
  data: Readonly<{
    pass: string;
    /** Requests whose reply was read. */
    annotated: number;
    /** Requests that failed after all retries, because no reply could be read. */
    unparsed: number;
  }>;
}>;

export const annotationPassCompleted: EventType<AnnotationPassCompleted> = {
  version: 1,
  schema: z.object({ pass: z.string(), annotated: count, unparsed: count }),
  follows(order, { type, data }) {
    demandRunningPass(order, type, data.pass);
    return { ...order, passes: new Map(order.passes).set(data.pass, true) };
  },
};
