/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The filters: each value with the number of discussions that it would show. */
import type { VNode } from "npm:preact@11.2.0";
import { useState } from "npm:preact@11.2.0/hooks";
import type { FacetValue } from "../../../../analysis/listing/mod.ts";
import { type Facet, FACET_TITLES, FACETS, HAS_TITLES } from "../base/list_query.ts";
import { count } from "../base/numbers.ts";
import { Button } from "../base/parts.tsx";
import { type Go, type Route, valueOf, withValues } from "../base/router.ts";
import { Words } from "../base/words.tsx";

/** A filter shows this many values until the reader asks for all. */
const VALUES_SHOWN = 6;

type Props = Readonly<{
  facets: Readonly<Record<string, readonly FacetValue[]>>;
  route: Route;
  go: Go;
}>;

/** All filters. A filter without a choice is left out. */
export function Facets({ facets, route, go }: Props): VNode {
  return (
    <div class="facets">
      <h2 class="aside">Filters</h2>
      <label class="name-filter">
        <span>Name of the discussion</span>
        <input
          type="search"
          key={valueOf(route, "name") ?? ""}
          defaultValue={valueOf(route, "name") ?? ""}
          placeholder="Part of the name"
          onChange={(event) => go(withValues(route, { name: event.currentTarget.value || null }))}
        />
      </label>
      {FACETS.filter((facet) => facet !== "factor" || !repeatsConditions(facets, route)).map((facet) => (
        <FacetValues key={facet} facet={facet} values={facets[facet] ?? []} route={route} go={go} />
      ))}
    </div>
  );
}

/** Whether the filter of factors only repeats the filter of conditions, as with a single factor. */
function repeatsConditions(
  { factor = [], condition = [] }: Props["facets"],
  { query }: Route,
): boolean {
  const conditions = new Set(condition.map(({ value }) => value));
  return query.factor === undefined &&
    factor.every(({ value }) => conditions.has(value) || conditions.has(value.slice(value.indexOf("=") + 1)));
}

function FacetValues(
  { facet, values, route, go }: Readonly<{
    facet: Facet;
    values: readonly FacetValue[];
    route: Route;
    go: Go;
  }>,
): VNode | null {
  const [hasAll, setAll] = useState(false);
  const chosen = route.query[facet] ?? [];
  const missing = chosen.filter((value) => !values.some((other) => other.value === value));
  const all = [...missing.map((value) => ({ value, count: 0 })), ...values];
  if (chosen.length === 0 && (all.length === 0 || facet === "run" && all.length === 1)) return null;
  const shown = hasAll
    ? all
    : all.filter(({ value }, index) => index < VALUES_SHOWN || chosen.includes(value));
  const toggle = (value: string, isOn: boolean) =>
    go(withValues(route, { [facet]: isOn ? [...chosen, value] : chosen.filter((other) => other !== value) }));
  return (
    <fieldset>
      <legend>{FACET_TITLES[facet]}</legend>
      <div class={hasAll ? "choices all" : "choices"}>
        {shown.map(({ value, count: rows }) => (
          <label key={value} class={rows === 0 ? "none" : undefined}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={(event) => toggle(value, event.currentTarget.checked)}
            />
            <span class="value" title={value}>
              <FacetText facet={facet} value={value} />
            </span>
            <span class="figure">{count(rows)}</span>
          </label>
        ))}
      </div>
      {all.length > VALUES_SHOWN && (
        <Button kind="quiet" onPress={() => setAll(!hasAll)}>
          {hasAll ? "Show fewer" : `Show all ${count(all.length)}`}
        </Button>
      )}
    </fieldset>
  );
}

/** A value of a filter, in the words of the page. */
export function FacetText({ facet, value }: Readonly<{ facet: Facet; value: string }>): VNode {
  if (facet === "has") return <>{HAS_TITLES[value] ?? value}</>;
  return <Words text={value} />;
}

/** The active filters. Each can be removed alone. */
export function Chips({ route, go }: Readonly<{ route: Route; go: Go }>): VNode | null {
  const name = valueOf(route, "name");
  const chips = FACETS.flatMap((facet) => (route.query[facet] ?? []).map((value) => ({ facet, value })));
  if (chips.length === 0 && name === null) return null;
  return (
    <ul class="chips" aria-label="Active filters">
      {chips.map(({ facet, value }) => (
        <li key={`${facet} ${value}`}>
          <button
            type="button"
            title="Remove this filter"
            onClick={() =>
              go(withValues(route, { [facet]: route.query[facet]!.filter((other) => other !== value) }))}
          >
            <span class="soft">{FACET_TITLES[facet]}:</span> <FacetText facet={facet} value={value} />
            <span aria-hidden="true">✕</span>
            <span class="aside">, remove</span>
          </button>
        </li>
      ))}
      {name !== null && (
        <li>
          <button
            type="button"
            title="Remove this filter"
            onClick={() => go(withValues(route, { name: null }))}
          >
            <span class="soft">Name:</span> <Words text={name} />
            <span aria-hidden="true">✕</span>
            <span class="aside">, remove</span>
          </button>
        </li>
      )}
      <li>
        <Button kind="quiet" onPress={() => go(withoutFilters(route))}>Remove all</Button>
      </li>
    </ul>
  );
}

/** The same route without filters. */
export function withoutFilters(route: Route): Route {
  return withValues(route, Object.fromEntries([...FACETS, "name"].map((name) => [name, null])));
}
