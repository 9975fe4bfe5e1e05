/** `DiscussionOpened`: the first event of every discussion. */
import type { DiscussionDesign } from "../discussion/design.ts";

/** A discussion was opened; `data` holds everything that is needed to go on from here alone. */
export type DiscussionOpened = Readonly<{ type: "DiscussionOpened"; data: DiscussionDesign }>;
