/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The texts of comments, with the matches of a search. Very long texts are folded. */
import type { VNode } from "npm:preact@11.2.0";
import { useMemo, useState } from "npm:preact@11.2.0/hooks";
import { count } from "../base/numbers.ts";
import { Button } from "../base/parts.tsx";
import { useSettings } from "../base/settings.ts";
import { marked } from "../base/words.tsx";
import { matchedParts } from "./matches.ts";
import { piecesOf } from "./pieces.ts";

/** Texts with more characters are folded. */
export const FOLDED_CHARS = 20_000;

/** A text that is shown whole is drawn in pieces of at most this many characters. */
const PIECE_CHARS = 20_000;

const NO_TERMS: readonly string[] = [];

/** A text of several lines. Of a very long text, it first shows the beginning, and the rest on demand. */
export function LongText(
  { text, terms = NO_TERMS, foldedChars = FOLDED_CHARS }: Readonly<{
    text: string;
    terms?: readonly string[];
    /** Texts with more characters are folded. */
    foldedChars?: number;
  }>,
): VNode {
  const { marks } = useSettings();
  const [isWhole, setWhole] = useState(false);
  const isFolded = text.length > foldedChars && !isWhole;
  const pieces = useMemo(
    () => isFolded ? [beginningOf(text, foldedChars)] : piecesOf(text, PIECE_CHARS),
    [text, isFolded, foldedChars],
  );
  return (
    <>
      {pieces.map((piece, place) => (
        <div key={place} dir="auto" class={pieces.length > 1 ? "words lines piece" : "words lines"}>
          {matchedParts(piece, terms).map(({ text, isHit }, index) =>
            isHit
              ? <mark key={index}>{marked(text, marks)}</mark>
              : <span key={index}>{marked(text, marks)}</span>
          )}
          {isFolded && "…"}
        </div>
      ))}
      {isFolded && (
        <p class="fold">
          <Button onPress={() => setWhole(true)}>Show all {count(text.length)} characters</Button>
        </p>
      )}
    </>
  );
}

/** The first `chars` code units of a text, without half a character at the end. */
function beginningOf(text: string, chars: number): string {
  return text.slice(0, chars).replace(/[\ud800-\udbff]$/, "");
}
