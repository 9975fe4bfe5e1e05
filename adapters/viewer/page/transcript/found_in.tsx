/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Finds words in one discussion. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useMemo, useRef } from "npm:preact@11.2.0/hooks";
import type { DiscussionSlots } from "../../../../analysis/projections/mod.ts";
import { KEY_TABLE } from "../base/key_table.ts";
import { counted } from "../base/numbers.ts";
import { Button } from "../base/parts.tsx";
import { type Go, parseRoute, withValues } from "../base/router.ts";
import { ALL_DRAWN_MAX } from "./comment_list.tsx";
import { hasTerms } from "./matches.ts";
import type { Place } from "./place.ts";

/** How long after the last typed letter the search begins, in milliseconds. */
const TYPING_MS = 250;

const KEYS = KEY_TABLE.transcript.keys;

/**
 * A search field, and the number of comments with all its words. If only a part of the list is drawn, Ctrl+F
 * leads here.
 */
export function FoundIn(
  { go, content: { slots }, place: { query, terms }, onMatch, onFind }: Readonly<{
    go: Go;
    content: DiscussionSlots;
    place: Place;
    onMatch: (step: 1 | -1) => void;
    onFind: (query: string) => void;
  }>,
): VNode {
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const found = useMemo(() => slots.filter(({ text }) => hasTerms(text, terms)).length, [
    slots.length,
    query,
  ]);
  useEffect(() => {
    if (field.current !== null && document.activeElement !== field.current) field.current.value = query;
  }, [query]);
  const isLong = slots.length > ALL_DRAWN_MAX;
  useEffect(() => {
    if (!isLong) return;
    const find = (event: KeyboardEvent) => {
      if (event.key !== "f" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      field.current?.select();
    };
    addEventListener("keydown", find);
    return () => removeEventListener("keydown", find);
  }, [isLong]);
  const search = () => {
    clearTimeout(timer.current);
    go(withValues(parseRoute(location.hash), { q: field.current?.value.trim() || null }), { replace: true });
  };
  return (
    <form
      class="find"
      onSubmit={(event) => {
        event.preventDefault();
        clearTimeout(timer.current);
        onFind(field.current?.value.trim() ?? "");
      }}
    >
      <input
        type="search"
        ref={field}
        aria-label="Find in this discussion"
        placeholder="Find in this discussion"
        autocomplete="off"
        onInput={() => {
          clearTimeout(timer.current);
          timer.current = setTimeout(search, TYPING_MS);
        }}
        onKeyDown={(event) => event.key === "Escape" && document.getElementById("main")?.focus()}
      />
      {terms.length > 0 && (
        <>
          <span class="soft" role="status">{counted(found, "comment")}</span>
          <Button kind="quiet" disabled={found === 0} onPress={() => onMatch(1)} entry={KEYS.nextMatch}>
            Next
          </Button>
        </>
      )}
    </form>
  );
}
