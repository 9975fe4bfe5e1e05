/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The column of comments. It follows new comments only if the reader is at the end. */
import type { RefObject, VNode } from "npm:preact@11.2.0";
import { useEffect, useLayoutEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { DiscussionSlots } from "../../../../analysis/projections/mod.ts";
import { KEY_TABLE } from "../base/key_table.ts";
import { count, counted } from "../base/numbers.ts";
import { useShared } from "../base/page.ts";
import { Button } from "../base/parts.tsx";
import { formatRoute, type Route, withValues } from "../base/router.ts";
import { ALL_DRAWN_MAX, CommentList, type ShowPosition } from "./comment_list.tsx";
import { Comment, commentId } from "./comment.tsx";
import { FailedRequests } from "./failed_requests.tsx";
import { endWords } from "./plain_words.ts";
import type { Place } from "./place.ts";
import type { LogView } from "./use_log.ts";
import { Words } from "../base/words.tsx";

/** A reader this close to the end, in pixels, sees new comments at once. */
const AT_END_PX = 30;

type ColumnProps = Readonly<{
  view: LogView;
  content: DiscussionSlots;
  place: Place;
  route: Route;
  classOf: (author: string) => string;
  onChoose: (position: number) => void;
  isPrinting: boolean;
  show: RefObject<ShowPosition | null>;
  /** Receives the function that switches following on and off. */
  follow: RefObject<(() => void) | null>;
}>;

/** The column. */
export function CommentColumn(props: ColumnProps): VNode {
  const { view: { log, isRead }, content, place: { at, terms }, route, classOf, onChoose, isPrinting, show } =
    props;
  const { slots, ending } = content;
  const [, run = "", discussion = ""] = route.path;
  const choose = useRef(onChoose);
  choose.current = onChoose;
  const [stable] = useState(() => (position: number) => choose.current(position));
  const link = useLink(route);
  const { unseen, isFollowing, toEnd, setFollowing } = useFollowing(slots.length, isRead);
  props.follow.current = () => isFollowing ? setFollowing(false) : toEnd();
  const sameTerms = useSame(terms);
  const sizeDrawn = slots.length > ALL_DRAWN_MAX ? slots.length : null;
  return (
    <section class="transcript" aria-labelledby="transcript">
      <h2 id="transcript" class="aside">Transcript</h2>
      <CommentList
        key={`${run}/${discussion}`}
        size={slots.length}
        isWhole={isPrinting}
        idOf={commentId}
        onReady={(ready) => void (show.current = ready)}
        draw={(position) => {
          const slot = slots[position]!;
          return (
            <Comment
              slot={slot}
              content={content}
              log={log}
              annotated={slot.annotations.length}
              failed={log.failuresBefore(position).length}
              of={sizeDrawn}
              className={classOf(slot.author)}
              isChosen={position === at}
              terms={sameTerms}
              link={link}
              onChoose={stable}
            />
          );
        }}
      />
      <FailedRequests failures={log.failuresBefore(slots.length)} isAnswered={false} />
      {ending !== null && (
        <p class="ending">
          <Words text={endWords(ending)} />
        </p>
      )}
      {ending === null && isRead && (
        <p class="live">
          <Button
            pressed={isFollowing}
            onPress={() => props.follow.current?.()}
            entry={KEY_TABLE.transcript.keys.follow}
          >
            Follow
          </Button>
          <span class="soft">The discussion has not ended.</span>
        </p>
      )}
      {unseen > 0 && (
        <p class="unseen-count">
          <Button kind="main" onPress={toEnd} label={`Show ${counted(unseen, "new comment")}`}>
            {count(unseen)} new
          </Button>
        </p>
      )}
    </section>
  );
}

/**
 * A function that makes links to comments. It is the same function as long as the rest of the address is the
 * same, so that comments are not drawn again.
 */
function useLink(route: Route): (position: number) => Route {
  const make = (base: Route) => ({ key: formatRoute(base), to: (at: number) => withValues(base, { at }) });
  const base = withValues(route, { at: null });
  const link = useRef(make(base));
  if (link.current.key !== formatRoute(base)) link.current = make(base);
  return link.current.to;
}

/** The terms of the search, as the same list as long as the words are the same. */
function useSame(terms: readonly string[]): readonly string[] {
  const last = useRef(terms);
  if (last.current.join("\n") !== terms.join("\n")) last.current = terms;
  return last.current;
}

/** How many new comments the reader has not seen, and whether the page follows new comments. */
function useFollowing(size: number, isRead: boolean) {
  const { announce } = useShared();
  const [seen, setSeen] = useState(size);
  const [isFollowing, setFollowing] = useState(false);
  const known = useRef({ size, isRead: false, isAtEnd: false });
  useEffect(() => {
    const scrolled = () => {
      const isAtEnd = document.documentElement.scrollHeight - innerHeight - scrollY < AT_END_PX;
      known.current.isAtEnd = isAtEnd;
      setFollowing(isAtEnd);
      if (isAtEnd) setSeen(known.current.size);
    };
    addEventListener("scroll", scrolled, { passive: true });
    return () => removeEventListener("scroll", scrolled);
  }, []);
  const toEnd = () => {
    scrollTo(0, document.documentElement.scrollHeight);
    setSeen(known.current.size);
  };
  useLayoutEffect(() => {
    const before = known.current;
    known.current = { ...before, size, isRead: before.isRead || isRead };
    // Comments that were in the log when the page opened are not new.
    if (!before.isRead) return setSeen(size);
    if (size <= before.size) return;
    if (before.isAtEnd && isFollowing) toEnd();
    else announce(counted(size - seen, "new comment"));
  }, [size, isRead]);
  return { unseen: Math.max(0, size - seen), isFollowing, toEnd, setFollowing };
}
