/** `DiscussionAborted`: the discussion was given up. */

/** The discussion was given up on purpose; its data should not be used as a finished discussion's. */
export type DiscussionAborted = Readonly<{
  type: "DiscussionAborted";
  data: Readonly<{ reason: string; turns: number; comments: number }>;
}>;
