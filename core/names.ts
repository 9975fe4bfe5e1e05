/** What names in experiment files can be. */

/** Longest name of a persona, moderator, model or role, in characters. */
export const NAME_LENGTH_MAX = 200;

/**
 * Names stand in transcripts as `Name: text`, so they are one line of something visible. The joiners are invisible but
 * belong to the spelling of Persian and Indic names, and to emoji.
 */
export const VISIBLE_LINE = /^[^\s\p{C}](?:(?:[^\p{C}\u2028\u2029]|[\u200C\u200D])*[^\s\p{C}])?$/u;

/** What a pass can be called: it names a file, too. */
export const PASS_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/** What {@linkcode PASS_NAME} expects, in words. */
export const PASS_NAME_ERROR = 'a name of at most 100 letters, digits, "-", "_" and "."';
