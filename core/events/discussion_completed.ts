/** `DiscussionCompleted`: the discussion reached its end. */

/** The discussion ended as designed, or was ended early by the caller's own rule. */
export type DiscussionCompleted = Readonly<{
  type: "DiscussionCompleted";
  data: Readonly<{
    reason: "turns" | "stopped-early";
    /** Turns that were asked for, silent ones included. */
    turns: number;
    /** Comments posted, opening comments and interventions included. */
    comments: number;
    /** The caller's words, where it was ended early. */
    note?: string;
  }>;
}>;
