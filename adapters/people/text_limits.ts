/** What a person may send as a text. The page and the server check the same. */

/** The longest comment of a person, in characters. */
export const COMMENT_CHARS_MAX = 20_000;

/** Characters that no keyboard writes: controls except tabs and line breaks, and halves of characters. */
const UNWRITABLE = /[\p{Cc}\p{Cs}]/u;
const WRITABLE_CONTROLS = /[\t\n\r]/g;

/** Why a text cannot be sent, as the end of a sentence; `null` if it can. */
export function textProblem(text: string): string | null {
  if (text.length > COMMENT_CHARS_MAX) {
    return `it has ${text.length} characters, and at most ${COMMENT_CHARS_MAX} are possible`;
  }
  return UNWRITABLE.test(text.replace(WRITABLE_CONTROLS, ""))
    ? "it contains invisible control characters"
    : null;
}

/** A text without the characters that cannot be sent, such as controls in a pasted text. */
export function withoutUnwritable(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(
    /[\p{Cc}\p{Cs}]/gu,
    (sign) => sign === "\t" || sign === "\n" ? sign : "",
  );
}
