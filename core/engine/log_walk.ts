/** Goes through a log, and gives each event with the states just before it. */
import { annotationStart, type AnnotationState, evolveAnnotation } from "../annotation/mod.ts";
import { type DiscussionState, evolve, initialState } from "../discussion/mod.ts";
import { type DiscussionEvent, type Envelope, eventOf } from "../events/mod.ts";

/** An event, and the states just before it. */
export type MetEvent = Readonly<{
  envelope: Envelope;
  event: DiscussionEvent;
  state: DiscussionState;
  annotations: AnnotationState;
}>;

/** The events of a log, in order. */
export async function* walkLog(
  envelopes: AsyncIterable<Envelope> | Iterable<Envelope>,
): AsyncGenerator<MetEvent> {
  let state = initialState;
  let annotations = annotationStart();
  for await (const envelope of envelopes) {
    const event = eventOf(envelope);
    yield { envelope, event, state, annotations };
    annotations = evolveAnnotation(annotations, event);
    state = evolve(state, event);
  }
}

/** Whether a branch copied the event from the discussion that it continues. */
export function isCopied({ seq }: Envelope, state: DiscussionState): boolean {
  return state.phase === "open" && seq <= (state.design.forkedFrom?.events ?? 0);
}
