/** Lengths of comments. */

/**
 * The words of a text: runs of characters that are not white space, whatever script they are in. In scripts without
 * spaces, a run of letters is one word: compare such texts by their characters.
 *
 * @param text A comment.
 * @returns How many.
 */
export function wordCount(text: string): number {
  return text.match(/[^\p{White_Space}]+/gu)?.length ?? 0;
}
