/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The comment to rate, below the comments before it. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useRef } from "npm:preact@11.2.0/hooks";
import type { BlindComment, BlindItem } from "../../../core/rating/mod.ts";

/** The discussion up to the comment to rate, which gets the focus. */
export function Item({ item }: Readonly<{ item: BlindItem }>): VNode {
  const marked = useRef<HTMLElement>(null);
  useEffect(() => {
    marked.current?.focus({ preventScroll: true });
    marked.current?.scrollIntoView({ block: "nearest" });
  }, [item.place]);
  return (
    <section class="discussion" aria-label="The discussion so far">
      {item.before.length === 0 ? <p class="soft">This is the first comment.</p> : null}
      <ol class="before">
        {item.before.map((comment, index) => (
          <li key={index}>
            <Comment comment={comment} />
          </li>
        ))}
      </ol>
      <article class="marked" ref={marked} tabIndex={-1} aria-label="The comment to rate">
        <p class="hint">Rate this comment</p>
        <Comment comment={item.comment} />
      </article>
    </section>
  );
}

/** Texts come from models and people: they are only ever text nodes. */
function Comment({ comment: { speaker, text } }: Readonly<{ comment: BlindComment }>): VNode {
  return (
    <div class="comment">
      <span class="speaker">
        <span class="aside">Speaker</span>
        {speaker}
      </span>
      <div class="lines" dir="auto">{text}</div>
    </div>
  );
}
