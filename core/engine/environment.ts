/** What a discussion needs from outside, and the result of one step. */
import type { Past, Rules } from "../discussion/mod.ts";
import type { DiscussionEvent, ForkOrigin, ModelSpec } from "../events/mod.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventStore } from "../ports/event_store.ts";
import type { ModelError } from "../ports/model.ts";
import type { RetryPolicy } from "./limits.ts";
import type { LimitedModel } from "./request.ts";

/** The ports, models and rules that a discussion needs. */
export type Environment = Readonly<{
  store: EventStore;
  /** Looks a model up by its name and its description in the design. */
  models: (name: string, spec: ModelSpec) => LimitedModel;
  rules: Rules;
  clock: Clock;
  retry: RetryPolicy;
  /** Finds the past of a branch; `null` if it is not known. Missing in an environment without branches. */
  past?: (origin: ForkOrigin) => Past | null;
  /**
   * The hash of the run log's last event, which new discussions record. Missing for discussions outside of a
   * run.
   */
  runLog?: string;
}>;

/** The result of one step. */
export type Advance = Readonly<{
  /** The events that are now durable, in this order. */
  events: readonly DiscussionEvent[];
  /** The error of the request, if it failed. The discussion is then still at the same turn. */
  error?: ModelError;
  /** The model that was asked, by its name in the design. */
  model?: string;
}>;
