/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The hits of a search in the texts, grouped by discussion. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { Hit, SearchAnswer, ViewerSource } from "../../api.ts";
import { useAnswer } from "../base/answer.ts";
import { useKeys } from "../base/keys.ts";
import { filtersOf, listParameter } from "../base/list_query.ts";
import { hitGroups, HITS_SHOWN_MAX, SEARCH_PLACES, searchPlaces } from "../base/hit_groups.ts";
import { WholeName } from "../base/names.tsx";
import { count, counted, share } from "../base/numbers.ts";
import { useNotices } from "../base/page.ts";
import { Answered, Button, Empty, Link } from "../base/parts.tsx";
import { discussionRoute, formatRoute, type Go, type Route, withValues } from "../base/router.ts";
import { useThrottled } from "../base/throttle.ts";
import { Snippet, Words } from "../base/words.tsx";

/** Hits are shown in steps of this size. */
const STEP = 100;

/**
 * While logs are being indexed, the search is repeated. This is the shortest time between repetitions, in
 * milliseconds.
 */
const AGAIN_MS = 3_000;

const PLACE_TITLES = { comments: "comments", thoughts: "thoughts", raw: "raw replies" } as const;

/** The search for a text in the discussions that pass the filters. */
export function Search(
  { source, text, route, go }: Readonly<{ source: ViewerSource; text: string; route: Route; go: Go }>,
): VNode {
  const within = searchPlaces(route.query.within);
  const [limit, setLimit] = useState(STEP);
  const key = JSON.stringify([text, filtersOf(route), within]);
  useEffect(() => setLimit(STEP), [key]);
  const answer = useAnswer(
    `${key} ${limit}`,
    (signal) => source.search({ ...filtersOf(route), text, within, limit }, signal),
  );
  const again = useThrottled(answer.again, AGAIN_MS);
  const isIndexing = answer.value !== null && answer.value.indexed.done < answer.value.indexed.of;
  useNotices(({ kind }) => {
    if (kind === "indexed" && isIndexing) again();
  });
  const choose = (place: typeof SEARCH_PLACES[number], isOn: boolean) => {
    const chosen = SEARCH_PLACES.filter((other) => other === place ? isOn : within.includes(other));
    if (chosen.length > 0) go(withValues(route, { within: chosen }));
  };
  return (
    <section class="search" aria-label="Search">
      <fieldset class="within">
        <legend>Search in</legend>
        {SEARCH_PLACES.map((place) => (
          <label key={place}>
            <input
              type="checkbox"
              checked={within.includes(place)}
              onChange={(event) => choose(place, event.currentTarget.checked)}
            />
            {PLACE_TITLES[place]}
          </label>
        ))}
      </fieldset>
      <Answered answer={answer}>
        {(value) => (
          <>
            <Summary answer={value} isLoading={answer.isLoading} />
            <Hits hits={value.hits} text={text} route={route} go={go} />
            {value.total > value.hits.length && limit < HITS_SHOWN_MAX && (
              <p class="actions">
                <Button onPress={() => setLimit(Math.min(HITS_SHOWN_MAX, limit + STEP))}>Show more</Button>
              </p>
            )}
            {value.total > value.hits.length && limit >= HITS_SHOWN_MAX && (
              <p class="under">
                The page shows the first {count(HITS_SHOWN_MAX)}{" "}
                comments. Filters and further words narrow the search.
              </p>
            )}
          </>
        )}
      </Answered>
    </section>
  );
}

function Summary(
  { answer: { hits, total, isTotalCut, indexed, problem }, isLoading }: Readonly<{
    answer: SearchAnswer;
    isLoading: boolean;
  }>,
): VNode {
  const comments = isTotalCut ? `${count(total)}+ comments` : counted(total, "comment");
  const least = isTotalCut || total > hits.length ? "at least " : "";
  const discussions = `${least}${counted(hitGroups(hits).length, "discussion")}`;
  const found = `${comments} in ${discussions} ${total === 1 ? "matches" : "match"}`;
  return (
    <div class="summary" role="status">
      {problem !== null
        ? (
          <p class="search-problem">
            <Words text={problem} />
          </p>
        )
        : hits.length === 0
        ? (
          <Empty title="No comment matches">
            <p>All words must occur. Try fewer words, or word* for beginnings.</p>
          </Empty>
        )
        : <p>{found}{isLoading && " …"}</p>}
      {problem === null && indexed.done < indexed.of && (
        <p class="indexed">
          <progress max={indexed.of} value={indexed.done} aria-hidden="true" />{" "}
          {share(indexed.done, indexed.of)} indexed. The search covers these {counted(indexed.done, "log")}.
        </p>
      )}
    </div>
  );
}

/** Hits under the names of their discussions. The keys `j` and `k` move between hits. */
function Hits(
  { hits, text, route, go }: Readonly<{ hits: readonly Hit[]; text: string; route: Route; go: Go }>,
): VNode {
  const [at, setAt] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  const links = () => [...list.current?.querySelectorAll<HTMLAnchorElement>("a.hit") ?? []];
  const move = (to: number) => {
    const all = links();
    const link = all[Math.max(0, Math.min(all.length - 1, to))];
    link?.focus();
    link?.scrollIntoView({ block: "nearest" });
  };
  const placeOf = ({ run, discussion, position }: Hit) =>
    discussionRoute(run, discussion, { at: position, q: text, list: listParameter(route) });
  useKeys("discussions", {
    next: () => move(at + 1),
    previous: () => move(at - 1),
    first: () => move(0),
    last: () => move(links().length - 1),
    open: () => {
      const hit = hits[Math.max(0, at)];
      if (hit !== undefined) go(placeOf(hit));
    },
  });
  let index = 0;
  return (
    <div class="hits" ref={list}>
      {hitGroups(hits).map((group) => {
        const [{ run, discussion }] = group;
        return (
          <section key={`${run}\n${discussion}`}>
            <h2>
              <Link to={discussionRoute(run, discussion, { q: text, list: listParameter(route) })}>
                <WholeName discussion={discussion} />
              </Link>
              <span class="soft">{group.length === 1 ? "" : counted(group.length, "match", "matches")}</span>
            </h2>
            <ol>
              {group.map((hit) => {
                const own = index++;
                return (
                  <li key={`${hit.position} ${hit.within}`}>
                    <a class="hit" href={formatRoute(placeOf(hit))} onFocus={() => setAt(own)}>
                      <span class="speaker">
                        <Words text={hit.speaker} />
                      </span>
                      {hit.within !== "comments" && <span class="badge">{PLACE_TITLES[hit.within]}</span>}
                      <Snippet parts={hit.snippet} />
                    </a>
                  </li>
                );
              })}
            </ol>
          </section>
        );
      })}
    </div>
  );
}
