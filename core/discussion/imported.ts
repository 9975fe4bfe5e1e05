/** What stands in a design where it is not known, since the discussion was held elsewhere. */
import type { ModelSpec } from "../events/models.ts";
import type { RuleSpec } from "../events/discussion_design.ts";

/** Stands where a rule would stand that was followed elsewhere, and is not known here. */
export const IMPORTED_RULE: RuleSpec = { name: "imported", options: {} };

/** All that is known here of a model that was asked elsewhere, besides its name. */
export const IMPORTED_MODEL: ModelSpec = { adapter: "imported", sampling: {}, options: {} };

/** The model of those whose model is not told. */
export const UNKNOWN_MODEL = "unknown";
