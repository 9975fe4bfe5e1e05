/** The keys of a discussion. */
import type { RefObject } from "npm:preact@11.2.0";
import { useEffect, useRef } from "npm:preact@11.2.0/hooks";
import type { DiscussionSlots, Slot } from "../../../../analysis/projections/mod.ts";
import { besideRoute } from "../base/beside.ts";
import { useKeys } from "../base/keys.ts";
import { listOf } from "../base/list_query.ts";
import { type Go, parseRoute, type Route, valueOf, withValues } from "../base/router.ts";
import type { ShowPosition } from "./comment_list.tsx";
import { commentId } from "./comment.tsx";
import type { Copying } from "./copying.tsx";
import type { LiveLog } from "./live_log.ts";
import { hasTerms, searchTerms } from "./matches.ts";
import { nextAround, nextPosition } from "./moves.ts";
import { type PaneName, type Place, placeOf } from "./place.ts";
import { problemsOf } from "./problems.ts";
import type { Neighbours } from "./use_neighbours.ts";

type MovesProps = Readonly<{
  route: Route;
  go: Go;
  log: LiveLog;
  /** Whether the log was read to its present end. */
  isRead: boolean;
  content: DiscussionSlots | null;
  place: Place;
  choose: (at: number | null, pane?: PaneName | null) => void;
  copying: Copying;
  neighbours: Neighbours;
  branch: (() => void) | null;
  show: RefObject<ShowPosition | null>;
  follow: RefObject<(() => void) | null>;
}>;

/** Moves of the reader. */
export type Moves = Readonly<{
  to: (position: number, block: "center" | "nearest") => void;
  match: (step: 1 | -1) => void;
  /** Goes to the next comment with all words of the query. */
  find: (query: string) => void;
  speaker: (author: string) => void;
  /** The tab that was open last. */
  lastPane: () => PaneName;
}>;

/** Makes the keys work, and shows the place of the address when the discussion appears. */
export function useMoves(props: MovesProps): Moves {
  const { route, go, log, content, place: { at, pane, terms }, choose, copying, neighbours, branch } = props;
  const slots = content?.slots ?? [];
  // The place is read from the address, because keys can come faster than the page is drawn.
  const here = () => placeOf(parseRoute(location.hash), slots.length).at;
  const last = useRef<PaneName>("prompt");
  if (pane !== null) last.current = pane;
  const to = (position: number | null, block: "center" | "nearest" = "nearest") => {
    if (position === null) return;
    choose(position);
    props.show.current?.(position, block);
    // The focus moves one frame later, because a long list must draw the comment first.
    requestAnimationFrame(() => document.getElementById(commentId(position))?.focus({ preventScroll: true }));
  };
  const toLast = () => to(nextPosition(slots, null, { step: -1 }));
  // The move to the last comment waits until the log is read to its end.
  const isLastWanted = useRef(false);
  useEffect(() => {
    if (props.isRead && isLastWanted.current) toLast();
    if (props.isRead) isLastWanted.current = false;
  }, [props.isRead]);
  useFirstPlace(route, at, props.show);
  const fitting = (fits: (slot: Slot) => boolean, step: 1 | -1 = 1) =>
    to(nextAround(slots, here(), { step, fits }), "center");
  const match = (step: 1 | -1) => fitting(({ text }) => hasTerms(text, terms), step);
  const find = (query: string) => {
    const wanted = searchTerms(query);
    const found = nextAround(slots, here(), { step: 1, fits: ({ text }) => hasTerms(text, wanted) });
    go(withValues(parseRoute(location.hash), { q: query || null, at: found ?? here() }), { replace: true });
    if (found !== null) props.show.current?.(found, "center");
  };
  const open = (name: PaneName) => () =>
    choose(at ?? (slots.length > 0 ? 0 : null), pane === name ? null : name);
  const chosen = at === null ? undefined : slots[at];
  useKeys("transcript", {
    next: () => to(nextPosition(slots, here(), { step: 1 })),
    previous: () => to(nextPosition(slots, here(), { step: -1 })),
    first: () => to(nextPosition(slots, null, { step: 1 })),
    last: () => {
      if (props.isRead) toLast();
      else isLastWanted.current = true;
    },
    sameSpeaker: () => chosen !== undefined && fitting(({ author }) => author === chosen.author),
    nextProblem: () => fitting((slot) => content !== null && problemsOf(slot, content, log).length > 0),
    nextMatch: () => match(1),
    previousMatch: () => match(-1),
    nextDiscussion: () => neighbours.next?.(),
    previousDiscussion: () => neighbours.previous?.(),
    prompt: open("prompt"),
    raw: open("raw"),
    thoughts: open("thoughts"),
    annotations: open("annotations"),
    follow: () => props.follow.current?.(),
    copy: () => chosen !== undefined && copying.copy("link", chosen),
    cite: () => chosen !== undefined && copying.copy("citation", chosen),
    branch: () => branch?.(),
    beside: () =>
      content !== null &&
      go(besideRoute({ kind: "replicate", run: route.path[1]!, replicate: content.design.replicate })),
    back: () => pane === null ? go(listOf(route)) : choose(at, null),
  });
  return {
    to,
    match,
    find,
    speaker: (author) => fitting((slot) => slot.author === author && slot.text !== null),
    lastPane: () => last.current,
  };
}

/**
 * Scrolls to the comment of the address as soon as the comment is read. When the address changes, it scrolls
 * again.
 */
function useFirstPlace(route: Route, at: number | null, show: RefObject<ShowPosition | null>): void {
  const key = `${route.path.join("/")}?${valueOf(route, "at")}`;
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (at === null || shown.current === key) return;
    const isFirst = shown.current === null || !shown.current.startsWith(route.path.join("/"));
    shown.current = key;
    show.current?.(at, isFirst ? "center" : "nearest");
  }, [key, at]);
}
