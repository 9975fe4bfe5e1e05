/** `SilenceAnnotated`: an annotation of a slot in which nothing was said. */
import { z } from "../zod.ts";
import type { ScaleValue } from "../annotation/scales/mod.ts";
import { demand, demandRunningPass, type EventType } from "./event_type.ts";
import { count, values } from "./shapes.ts";

/**
 * Annotators elsewhere annotated silent slots, too. A silence is not a comment and has no ordinal: it is named by its
 * position among all slots.
 */
export type SilenceAnnotated = Readonly<{
  type: "SilenceAnnotated";
  data: Readonly<{
    pass: string;
    /** 0-based position among the slots of the discussion: openings, turns and moderations, silent ones included. */
    position: number;
    annotator: string;
    /** Scale → value. */
    values: Readonly<Record<string, ScaleValue>>;
  }>;
}>;

export const silenceAnnotated: EventType<SilenceAnnotated> = {
  version: 1,
  schema: z.object({ pass: z.string(), position: count, annotator: z.string(), values }),
  follows(order, { type, data }) {
    demandRunningPass(order, type, data.pass);
    demand(data.position < order.slots, `an annotation of slot ${data.position}, of ${order.slots}`);
    return order;
  },
};
