/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The discussion so far. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { SeenComment } from "../../../core/ports/situation.ts";

/** A comment with more characters than this is folded. */
const FOLDED_CHARS = 5_000;

/** If the reader is at most this many pixels from the end, the page scrolls to new comments. */
const NEAR_END_PX = 80;

type TranscriptProps = Readonly<{ comments: readonly SeenComment[]; own: string; isGrowing: boolean }>;

/** The comments, oldest first. While the discussion grows, new ones scroll into view if the reader is at the end. */
export function Transcript({ comments, own, isGrowing }: TranscriptProps): VNode {
  const isNear = useRef(true);
  const shown = useRef(comments.length);
  const [unseen, setUnseen] = useState(0);
  useEffect(() => {
    const scrolled = () => {
      const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
      isNear.current = scrollHeight - clientHeight - scrollTop < NEAR_END_PX;
      if (isNear.current) setUnseen(0);
    };
    addEventListener("scroll", scrolled, { passive: true });
    return () => removeEventListener("scroll", scrolled);
  }, []);
  useEffect(() => {
    if (!isGrowing) return;
    const added = comments.length - shown.current;
    shown.current = comments.length;
    if (isNear.current) toEnd();
    else if (added > 0) setUnseen((before) => before + added);
  }, [comments]);
  return (
    <section class="discussion" aria-labelledby="discussion-title">
      <h2 id="discussion-title" class={isGrowing ? "aside" : undefined}>
        {isGrowing ? "The discussion so far" : "The discussion"}
      </h2>
      {comments.length === 0 && <p class="soft">There are no comments yet.</p>}
      <ol class="comments">
        {comments.map((comment) => (
          <Comment key={comment.comment} comment={comment} isOwn={comment.author === own} />
        ))}
      </ol>
      {unseen > 0 && (
        <button type="button" class="button unseen-comments" onClick={toEnd}>
          {unseen} new {unseen === 1 ? "comment" : "comments"}
        </button>
      )}
    </section>
  );
}

function toEnd(): void {
  scrollTo({ top: document.documentElement.scrollHeight });
}

/** A comment. Its text comes from a model or a person, so it is shown only as text, never as HTML. */
function Comment({ comment, isOwn }: Readonly<{ comment: SeenComment; isOwn: boolean }>): VNode {
  const [isWhole, setWhole] = useState(false);
  const { author, text } = comment;
  const isFolded = !isWhole && text.length > FOLDED_CHARS;
  return (
    <li>
      <article class={isOwn ? "comment own" : "comment"}>
        <h3>
          <bdi dir="auto">{author}</bdi>
          {isOwn && <span class="soft">(you)</span>}
        </h3>
        <div dir="auto" class="lines">{isFolded ? `${text.slice(0, FOLDED_CHARS)}…` : text}</div>
        {isFolded && (
          <button type="button" class="button quiet" onClick={() => setWhole(true)}>
            Show all {text.length.toLocaleString("en")} characters
          </button>
        )}
      </article>
    </li>
  );
}
