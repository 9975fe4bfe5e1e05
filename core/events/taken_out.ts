/** What was taken out of a reply before it was read. */

/** Members of every event that holds a reply; each is left out where there was nothing of it. */
export type TakenOut = Readonly<{
  /** What the model thought: what its server sent beside the text, then what stood in the text. */
  thoughts?: string;
  /** What else was taken off the text: labels with the speaker's name, marks of chat templates. */
  removed?: readonly string[];
}>;

/** The members that there are. */
export function takenOut(
  { thoughts, removed }: Readonly<{ thoughts: string | null; removed: readonly string[] }>,
): TakenOut {
  return {
    ...(thoughts === null ? {} : { thoughts }),
    ...(removed.length === 0 ? {} : { removed }),
  };
}
