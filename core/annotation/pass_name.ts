/** What a pass can be called: it names a file, too. */
export const PASS_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/** What {@linkcode PASS_NAME} expects, in words. */
export const PASS_NAME_ERROR = 'a name of at most 100 letters, digits, "-", "_" and "."';
