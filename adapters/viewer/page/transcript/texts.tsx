/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The texts of comments, with matches, and folded if they are very long. */
import type { VNode } from "npm:preact@11.2.0";
import { useState } from "npm:preact@11.2.0/hooks";
import { count } from "../base/numbers.ts";
import { Button } from "../base/parts.tsx";
import { useSettings } from "../base/settings.ts";
import { marked } from "../base/words.tsx";
import { matchedParts } from "./matches.ts";

/** A longer text is folded. */
export const FOLDED_CHARS = 20_000;

const NO_TERMS: readonly string[] = [];

/** A text of several lines. A very long one shows its beginning, and the rest on demand. */
export function LongText(
  { text, terms = NO_TERMS }: Readonly<{ text: string; terms?: readonly string[] }>,
): VNode {
  const { marks } = useSettings();
  const [isWhole, setWhole] = useState(false);
  const isFolded = text.length > FOLDED_CHARS && !isWhole;
  const shown = isFolded ? beginningOf(text) : text;
  return (
    <>
      <div dir="auto" class="words lines">
        {matchedParts(shown, terms).map(({ text, isHit }, index) =>
          isHit
            ? <mark key={index}>{marked(text, marks)}</mark>
            : <span key={index}>{marked(text, marks)}</span>
        )}
        {isFolded && "…"}
      </div>
      {isFolded && (
        <p class="fold">
          <Button onPress={() => setWhole(true)}>Show all {count(text.length)} characters</Button>
        </p>
      )}
    </>
  );
}

/** Cuts no character in half. */
function beginningOf(text: string): string {
  return text.slice(0, FOLDED_CHARS).replace(/[\ud800-\udbff]$/, "");
}
