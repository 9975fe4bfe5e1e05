/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The comment to rate, below the comments before it. */
import type { VNode } from "npm:preact@11.2.0";
import { useLayoutEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { BlindComment, BlindItem } from "../../../core/rating/mod.ts";

/** The discussion up to the comment to rate, which gets the focus. */
export function Item({ item }: Readonly<{ item: BlindItem }>): VNode {
  const marked = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    marked.current?.focus({ preventScroll: true });
    marked.current?.scrollIntoView({ block: "nearest" });
  }, [item.place]);
  return (
    <section class="discussion" aria-label="The discussion so far">
      {item.before.length === 0 ? <p class="soft">This is the first comment.</p> : null}
      <ol class="before">
        {item.before.map((comment, index) => (
          <li key={`${item.place}.${index}`}>
            <Comment comment={comment} />
          </li>
        ))}
      </ol>
      <article class="marked" ref={marked} tabIndex={-1} aria-label="The comment to rate">
        <p class="hint">Rate this comment</p>
        <Comment key={item.place} comment={item.comment} />
      </article>
    </section>
  );
}

/** A longer comment is folded, because browsers need seconds to show a megabyte of text. */
const FOLD_CHARS = 20_000;

/** A comment. Its text comes from a model or a person, so it is shown only as text, never as HTML. */
function Comment({ comment: { speaker, text } }: Readonly<{ comment: BlindComment }>): VNode {
  const [isOpen, setIsOpen] = useState(text === null || text.length <= FOLD_CHARS);
  return (
    <div class="comment">
      <span class="speaker">
        <span class="aside">Speaker</span>
        {speaker}
      </span>
      <div>
        {text === null
          ? <p class="soft">withdrawn</p>
          : <div class="lines" dir="auto">{isOpen ? text : `${text.slice(0, FOLD_CHARS)}…`}</div>}
        {isOpen || text === null
          ? null
          : (
            <button type="button" class="button" onClick={() => setIsOpen(true)}>
              Show all {text.length.toLocaleString("en")} characters
            </button>
          )}
      </div>
    </div>
  );
}
