/** The rules for names in experiment files. */

/** Longest name of a persona, moderator, model or role, in characters. */
export const NAME_LENGTH_MAX = 200;

/**
 * The pattern of a name: one visible line, because transcripts show `Name: text`. It also allows the two
 * joiners, U+200C and U+200D. They are invisible, but Persian and Indic names and emoji need them.
 */
export const VISIBLE_LINE = /^[^\s\p{C}](?:(?:[^\p{C}\u2028\u2029]|[\u200C\u200D])*[^\s\p{C}])?$/u;

/** Whether a name is a visible line that is not too long. */
export function isVisibleLine(name: string): boolean {
  return name.length <= NAME_LENGTH_MAX && VISIBLE_LINE.test(name);
}

/** The names of annotation passes, which are also names of files. */
export const PASS_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/** The rule of {@linkcode PASS_NAME} in words. */
export const PASS_NAME_ERROR = 'a name of at most 100 letters, digits, "-", "_" and "."';
