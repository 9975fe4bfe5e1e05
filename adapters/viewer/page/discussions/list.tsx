/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The list of discussions. All rows have the same height, and only the rows on the screen are drawn. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useLayoutEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { DiscussionRow, ListQuery } from "../../../../analysis/listing/mod.ts";
import { useKeys } from "../base/keys.ts";
import { listParameter, OUTCOME_ORDER } from "../base/list_query.ts";
import { rate } from "../base/numbers.ts";
import { discussionRoute, formatRoute, type Go, type Route, withValues } from "../base/router.ts";
import { useSettings } from "../base/settings.ts";
import { useVirtual } from "../base/virtual.ts";
import { type Column, Name, tracksOf } from "./columns.tsx";
import type { Rows } from "./rows.ts";

/** Heights of a row in rem. On a narrow screen, a row is a card. */
const HEIGHTS = { dense: 2, calm: 2.75, card: 5.5 } as const;

const NARROW = "(max-width: 40rem)";

type Place = Readonly<{ at: number; offset: number }>;

/**
 * Address of a list → where the reader was in it. A reader who comes back to the list finds the same place.
 */
const places = new Map<string, Place>();
const PLACES_MAX = 50;

/** The list. */
export function DiscussionList(
  { rows, total, columns, query, route, go }: Readonly<{
    rows: Rows;
    total: number;
    columns: readonly Column[];
    query: ListQuery;
    route: Route;
    go: Go;
  }>,
): VNode {
  const address = formatRoute(route);
  const [at, setAt] = useState(places.get(address)?.at ?? 0);
  const scroller = useRef<HTMLDivElement>(null);
  const hasFocus = useRef(false);
  const mustFocus = useRef(false);
  const height = useRowHeight();
  const list = useVirtual({
    count: total,
    heightOf: () => height,
    scroller: () => scroller.current,
    keyOf: String,
    kept: at,
  });
  useEffect(() => list.measure(), [height]);
  useLayoutEffect(() => {
    const place = places.get(address);
    setAt(place?.at ?? 0);
    if (scroller.current !== null) scroller.current.scrollTop = place?.offset ?? 0;
  }, [address]);
  const items = list.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => {
    if (list.range !== null) rows.want(list.range.startIndex, list.range.endIndex);
    else rows.want(first, last);
    remember(address, { at, offset: scroller.current?.scrollTop ?? 0 });
  });
  useLayoutEffect(() => {
    // Gives the focus back to a row whose element was replaced. A row that is still being loaded gets the
    // focus later.
    const isLost = hasFocus.current && document.activeElement === document.body;
    if (mustFocus.current || isLost) mustFocus.current = !focusRow(scroller.current, at);
  });
  const move = (to: number) => {
    const index = Math.max(0, Math.min(total - 1, to));
    setAt(index);
    list.scrollToIndex(index, { align: "auto" });
    mustFocus.current = !focusRow(scroller.current, index);
  };
  const screen = () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
  const placeOf = (row: DiscussionRow) =>
    discussionRoute(row.run, row.discussion, { list: listParameter(route) });
  useKeys("discussions", {
    next: () => move(hasFocus.current ? at + 1 : at),
    previous: () => move(at - 1),
    first: () => move(0),
    last: () => move(total - 1),
    pageDown: () => move(at + screen()),
    pageUp: () => move(at - screen()),
    open: () => {
      const row = rows.rowAt(at);
      if (row !== undefined) go(placeOf(row));
    },
  });
  const outcome = query.sort?.startsWith(OUTCOME_ORDER) ? query.sort.slice(OUTCOME_ORDER.length) : null;
  const shown = outcome === null ? columns : [outcomeColumn(outcome), ...columns];
  const { tracks, least } = tracksOf(shown);
  return (
    <div
      class="list"
      ref={scroller}
      role="table"
      aria-label="Discussions"
      aria-rowcount={total + 1}
      aria-colcount={shown.length + 1}
      style={{ "--tracks": tracks, "--least": least }}
    >
      <div role="rowgroup" class="head">
        <div role="row" aria-rowindex={1} class="row">
          <Heading id="discussion" title="Discussion" query={query} route={route} go={go} />
          {shown.map(({ id, title, isSortable, isNumber }) =>
            isSortable
              ? (
                <Heading
                  key={id}
                  id={id}
                  title={title}
                  isNumber={isNumber}
                  query={query}
                  route={route}
                  go={go}
                />
              )
              : <span key={id} role="columnheader" class={isNumber ? "number" : undefined}>{title}</span>
          )}
        </div>
      </div>
      <div
        role="rowgroup"
        class="rows"
        style={{ height: `${list.getTotalSize()}px` }}
        onFocusCapture={() => (hasFocus.current = true)}
        onBlurCapture={(event) => {
          // A row that leaves the screen loses the focus. The reader did not move the focus, so it still
          // belongs to the list.
          if (event.relatedTarget !== null) hasFocus.current = false;
        }}
      >
        {items.map(({ index, key, start }) => {
          const row = rows.rowAt(index);
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              class={`row ${index === at ? "current" : ""}`}
              style={{ transform: `translateY(${start}px)`, height: `${height}px` }}
            >
              <span role="rowheader" class="name">
                {row === undefined ? <span class="soft">Loading …</span> : (
                  <a
                    href={formatRoute(placeOf(row))}
                    tabIndex={index === at ? 0 : -1}
                    data-row={index}
                    title={row.discussion}
                    aria-label={row.discussion}
                    onFocus={() => setAt(index)}
                  >
                    <Name discussion={row.discussion} columns={shown} />
                  </a>
                )}
              </span>
              {shown.map(({ id, title, isNumber, isOnCards, show }) => (
                <span
                  key={id}
                  role="cell"
                  data-title={title}
                  class={`${isNumber ? "number" : ""} ${isOnCards ? "on-cards" : ""} column-${id}`}
                >
                  {row !== undefined && (id === "outcome" ? outcomeText(rows.outcomeAt(index)) : show(row))}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function outcomeColumn(outcome: string): Column {
  return { id: "outcome", title: outcome, width: [6, 0], isNumber: true, isOnCards: true, show: () => "" };
}

function outcomeText(value: number | null): string {
  return value === null ? "–" : rate(value);
}

/**
 * A heading that sorts by its column. A second press reverses the order, and a third press restores the
 * list's own order.
 */
function Heading(
  { id, title, isNumber, query, route, go }: Readonly<{
    id: string;
    title: string;
    isNumber?: boolean;
    query: ListQuery;
    route: Route;
    go: Go;
  }>,
): VNode {
  const isSorted = query.sort === id;
  // Large numbers and late times come first.
  const startsDown = isNumber === true || id === "lastAt" || id === "openedAt";
  const isDown = query.descending === true;
  const next = !isSorted
    ? { sort: id, descending: startsDown ? "true" : null }
    : isDown === startsDown
    ? { sort: id, descending: startsDown ? null : "true" }
    : { sort: null, descending: null };
  return (
    <span
      role="columnheader"
      class={isNumber ? "number" : undefined}
      aria-sort={isSorted ? (isDown ? "descending" : "ascending") : "none"}
    >
      <button type="button" onClick={() => go(withValues(route, next))}>
        {title}
        {isSorted && <span aria-hidden="true">{isDown ? " ↓" : " ↑"}</span>}
      </button>
    </span>
  );
}

function remember(address: string, place: Place): void {
  places.delete(address);
  places.set(address, place);
  const [oldest] = places.keys();
  if (places.size > PLACES_MAX) places.delete(oldest!);
}

/**
 * Focuses a row.
 *
 * @returns Whether the row is there.
 */
function focusRow(scroller: HTMLElement | null, index: number): boolean {
  const link = scroller?.querySelector<HTMLElement>(`a[data-row="${index}"]`) ?? null;
  if (link !== document.activeElement) link?.focus({ preventScroll: true });
  return link !== null;
}

function useRowHeight(): number {
  const { density } = useSettings();
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const changed = () => setNarrow(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.round(rem * HEIGHTS[isNarrow ? "card" : density]);
}
