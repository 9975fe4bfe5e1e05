/** The replies of a stream, with the models that gave them. */
import type { ModelSpec, TokenUsage } from "./models.ts";
import { type DiscussionEvent, isAnnotationEvent } from "./discussion_event.ts";

/** A reply that was paid for. */
export type ReplyCount = Readonly<{
  /** The model's name in the discussion or the pass. */
  model: string;
  /** What the design says of it. */
  spec: ModelSpec | undefined;
  usage: TokenUsage | undefined;
  /** The annotation pass that it belongs to; `null` for the discussion itself. */
  pass: string | null;
}>;

type Specs = Readonly<Record<string, ModelSpec>>;

/** Reads the replies of one stream from its events, in their order. */
export class StreamReplies {
  #models: Specs = {};
  readonly #passes = new Map<string, Specs>();

  /** The reply that an event holds; `null` for none, and for a reply to an earlier pass that was read again. */
  read(event: DiscussionEvent): ReplyCount | null {
    if (event.type === "DiscussionOpened") this.#models = event.data.models;
    if (event.type === "AnnotationPassStarted") {
      if (event.data.reparsedFrom === undefined) this.#passes.set(event.data.pass, event.data.models);
      return null;
    }
    const pass = isAnnotationEvent(event) ? event.data.pass : null;
    const specs = pass === null ? this.#models : this.#passes.get(pass);
    if (specs === undefined || !("generation" in event.data) || !event.data.generation) return null;
    const { model, usage } = event.data.generation;
    return { model, spec: specs[model], usage, pass };
  }
}
