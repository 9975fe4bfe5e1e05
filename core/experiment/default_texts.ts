/** The texts of prompts that are used if the experiment file does not give its own. */

/** Path in the file → its English default. */
export const DEFAULT_TEXTS = {
  "participants.context": "You are taking part in an online discussion.",
  "participants.instructions":
    "Write one short comment, as the person described would write it. Answer what the others said.",
  "moderators.<name>.instructions": "Keep the discussion civil and on its topic.",
  "annotation.annotators.instructions": "You rate comments of online discussions.",
} as const;
