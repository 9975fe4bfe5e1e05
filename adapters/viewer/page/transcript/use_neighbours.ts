/**
 * The discussions before and after this one in the list, or among the hits of the search, from which the
 * reader came.
 */
import { useEffect, useState } from "npm:preact@11.2.0/hooks";
import type { DiscussionRow } from "../../../../analysis/listing/mod.ts";
import type { SearchAnswer, ViewerSource } from "../../api.ts";
import { useAnswer } from "../base/answer.ts";
import { hitGroups, HITS_SHOWN_MAX, searchPlaces } from "../base/hit_groups.ts";
import { filtersOf, inNameOrder, isOutcomeOrder, listOf, listQueryOf, runsOf } from "../base/list_query.ts";
import { useLook } from "../base/look.tsx";
import { count } from "../base/numbers.ts";
import { useShared } from "../base/page.ts";
import { discussionRoute, type Go, type Route, valueOf } from "../base/router.ts";

/** The neighbours in the list. */
export type Neighbours = Readonly<{
  /** Goes to the discussion before or after this one; `null` if there is none. */
  previous: (() => void) | null;
  next: (() => void) | null;
  /** `4 of 36`, or `4 of 36 with hits`; `null` if the discussion is not in the list. */
  place: string | null;
  /**
   * Whether the neighbours are in the order of run and name: the list's order shows an outcome, and no look
   * was recorded.
   */
  isByName: boolean;
}>;

const NONE: Neighbours = { previous: null, next: null, place: null, isByName: false };

/** A discussion, and the slot to show first. */
type Goal = Readonly<{ run: string; discussion: string; at?: number }>;

type Found = Readonly<{ rows: readonly DiscussionRow[]; index: number; offset: number; total: number }>;

/** Looks up the neighbours. A move to a neighbour keeps the list and the open tab. */
export function useNeighbours(
  { source, route, go, run, discussion }: Readonly<{
    source: ViewerSource;
    route: Route;
    go: Go;
    run: string;
    discussion: string;
  }>,
): Neighbours {
  const list = valueOf(route, "list");
  const origin = listOf(route);
  const text = valueOf(origin, "q");
  const names = useShared().runs.map(({ name }) => name);
  const { isRecorded } = useLook(source);
  const wanted = listQueryOf(origin);
  const isByName = text === null && isOutcomeOrder(wanted) && !isRecorded(runsOf(wanted, names));
  const hits = useAnswer(
    JSON.stringify([list]),
    (signal): Promise<SearchAnswer | null> =>
      text === null ? Promise.resolve(null) : source.search({
        ...filtersOf(origin),
        text,
        within: searchPlaces(origin.query.within),
        limit: HITS_SHOWN_MAX,
      }, signal),
  ).value;
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let isEnded = false;
    if (text !== null) return setFound(null);
    const query = { ...isByName ? inNameOrder(wanted) : wanted, around: { run, discussion }, limit: 3 };
    source.list(query).then(({ rows, total, offset = 0 }) => {
      const index = rows.findIndex((row) => row.run === run && row.discussion === discussion);
      if (!isEnded) setFound(index === -1 ? null : { rows, index, offset, total });
      // An error is ignored: without neighbours, the discussion can still be read.
    }, () => isEnded || setFound(null));
    return () => void (isEnded = true);
  }, [source, run, discussion, list, isByName]);
  const to = (goal: Goal | undefined) =>
    goal === undefined ? null : () =>
      go(discussionRoute(goal.run, goal.discussion, {
        at: goal.at,
        list,
        pane: valueOf(route, "pane"),
        q: valueOf(route, "q"),
      }));
  if (text !== null) {
    if (hits === null) return NONE;
    const groups = hitGroups(hits.hits);
    const goals = groups.map(([{ run, discussion, position }]): Goal => ({ run, discussion, at: position }));
    const index = goals.findIndex((goal) => goal.run === run && goal.discussion === discussion);
    if (index === -1) return NONE;
    const least = hits.total > hits.hits.length ? "at least " : "";
    return {
      previous: to(goals[index - 1]),
      next: to(goals[index + 1]),
      place: `${count(index + 1)} of ${least}${count(goals.length)} with hits`,
      isByName,
    };
  }
  if (found === null || found.rows[found.index]?.discussion !== discussion) return NONE;
  return {
    previous: to(found.rows[found.index - 1]),
    next: to(found.rows[found.index + 1]),
    place: `${count(found.offset + found.index + 1)} of ${count(found.total)}`,
    isByName,
  };
}
