/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The list of discussions, and the search in their texts. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import { KEY_TABLE } from "../base/key_table.ts";
import { useKeys } from "../base/keys.ts";
import { filtersOf, isOutcomeOrder, listQueryOf, runsOf } from "../base/list_query.ts";
import { useLook } from "../base/look.tsx";
import { count, counted } from "../base/numbers.ts";
import { type PageProps, useShared } from "../base/page.ts";
import { Button, Empty, Problem } from "../base/parts.tsx";
import { formatRoute, valueOf, withValues } from "../base/router.ts";
import { useSettings } from "../base/settings.ts";
import { shownColumns } from "./columns.tsx";
import { Chips, Facets, withoutFilters } from "./facets.tsx";
import { DiscussionList } from "./list.tsx";
import { type Rows, useRows } from "./rows.ts";
import { Search } from "./search.tsx";
import { ColumnChoice, SortChoice } from "./tools.tsx";

const KEYS = KEY_TABLE.discussions.keys;

/** The page of discussions. */
export function Discussions({ source, route, go }: PageProps): VNode {
  const { runs, announce } = useShared();
  const settings = useSettings();
  const look = useLook(source);
  const [hasColumns, setColumns] = useState(false);
  const filters = useRef<HTMLDetailsElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const text = valueOf(route, "q");
  const query = listQueryOf(route);
  const looked = runsOf(query, runs.map(({ name }) => name));
  const isAllowed = !isOutcomeOrder(query) || look.isRecorded(looked);
  const rows = useRows(source, JSON.stringify(query), isAllowed ? query : null);
  const columns = shownColumns(settings.columns, runs.length > 1);
  const hasFilters = Object.keys(filtersOf(route)).length > 0;
  const outcomes = [...new Set(runs.flatMap(({ look }) => look?.outcomes.map(({ name }) => name) ?? []))];
  const ask = () => look.ask(looked, () => {});
  useEffect(() => {
    if (!isAllowed) ask();
  }, [isAllowed]);
  useEffect(() => {
    if (rows.total !== null && text === null) announce(counted(rows.total, "discussion"));
  }, [rows.total, text]);
  const skip = (event: Event) => {
    event.preventDefault();
    content.current?.focus();
  };
  useKeys("discussions", {
    filters: () => {
      if (filters.current !== null) filters.current.open = true;
      filters.current?.querySelector("input")?.focus();
    },
    columns: () => setColumns(true),
    refresh: rows.refresh,
    clear: () => {
      if (text !== null) go(withValues(route, { q: null, within: null }));
      else if (hasFilters) go(withoutFilters(route));
    },
  });
  return (
    <div class="discussions">
      <a class="skip" href={formatRoute(route)} onClick={skip}>Skip the filters</a>
      <details ref={filters} class="filters" open={!matchMedia("(max-width: 60rem)").matches}>
        <summary>Filters</summary>
        <Facets facets={rows.facets} route={route} go={go} />
      </details>
      <div class="content" ref={content} tabIndex={-1}>
        <div class="top">
          <h1>{text === null ? "Discussions" : "Search"}</h1>
          {text === null
            ? (
              <>
                <Counts rows={rows} />
                <div class="tools">
                  <News rows={rows} />
                  <SortChoice query={query} outcomes={outcomes} onLook={ask} route={route} go={go} />
                  <Button onPress={() => setColumns(true)} entry={KEYS.columns}>Columns</Button>
                </div>
              </>
            )
            : (
              <div class="tools">
                <Button onPress={() => go(withValues(route, { q: null, within: null }))} entry={KEYS.clear}>
                  Leave the search
                </Button>
              </div>
            )}
        </div>
        <Chips route={route} go={go} />
        {rows.problem !== null && <Problem text={rows.problem} onRetry={rows.refresh} />}
        {text !== null
          ? <Search source={source} text={text} route={route} go={go} />
          : !isAllowed
          ? (
            <Empty title="This order shows an outcome">
              <p>The list is shown after the look is recorded.</p>
              <p class="actions">
                <Button kind="main" onPress={ask}>Look at outcomes …</Button>
                <Button onPress={() => go(withValues(route, { sort: null, descending: null }))}>
                  Order by run and name
                </Button>
              </p>
            </Empty>
          )
          : rows.total === null
          ? rows.problem === null && <p class="loading" role="status">Loading …</p>
          : rows.total === 0
          ? (
            <Empty
              title={rows.all === 0 ? "There are no discussions yet" : "No discussion passes these filters"}
            >
              {hasFilters && (
                <Button onPress={() => go(withoutFilters(route))} entry={KEYS.clear}>
                  Remove all filters
                </Button>
              )}
            </Empty>
          )
          : (
            <DiscussionList
              rows={rows}
              total={rows.total}
              columns={columns}
              query={query}
              route={route}
              go={go}
            />
          )}
      </div>
      {hasColumns && <ColumnChoice shown={columns} onClose={() => setColumns(false)} />}
      {look.dialog}
    </div>
  );
}

function Counts({ rows: { total, all } }: Readonly<{ rows: Rows }>): VNode | null {
  if (total === null) return null;
  return (
    <p class="counts">
      {total === all ? counted(all, "discussion") : `${count(total)} of ${counted(all, "discussion")}`}
    </p>
  );
}

/** Says that the list has changed. Nothing moves until the reader asks for it. */
function News({ rows: { news, refresh } }: Readonly<{ rows: Rows }>): VNode | null {
  if (news === null) return null;
  return (
    <Button kind="main" onPress={refresh} entry={KEYS.refresh}>
      {news === 0 ? "The list has changed" : `${count(news)} new`}
    </Button>
  );
}
