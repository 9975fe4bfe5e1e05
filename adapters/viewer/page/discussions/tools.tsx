/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** What stands above the list: order, columns. */
import type { VNode } from "npm:preact@11.2.0";
import type { ListQuery } from "../../../../analysis/listing/mod.ts";
import { Dialog } from "../base/dialog.tsx";
import { OUTCOME_ORDER as OUTCOME } from "../base/list_query.ts";
import { type Go, type Route, withValues } from "../base/router.ts";
import { changeSettings } from "../base/settings.ts";
import { Button } from "../base/parts.tsx";
import { type Column, COLUMNS } from "./columns.tsx";

/**
 * The choice of the order. An order by an outcome shows this outcome, so the page first asks to record a
 * look.
 */
export function SortChoice(
  { query, outcomes, onLook, route, go }: Readonly<{
    query: ListQuery;
    /** The outcomes that a look has shown; empty before the first look. */
    outcomes: readonly string[];
    onLook: () => void;
    route: Route;
    go: Go;
  }>,
): VNode {
  const { sort = "", descending = false } = query;
  const sorted = sort.startsWith(OUTCOME) ? [sort.slice(OUTCOME.length)] : [];
  const known = [...new Set([...outcomes, ...sorted])];
  const sortable = [
    { id: "discussion", title: "Discussion" },
    ...COLUMNS.filter(({ isSortable }) => isSortable),
  ];
  return (
    <span class="sort">
      <label>
        <span>Order by</span>
        <select
          value={sort}
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (value === OUTCOME) {
              event.currentTarget.value = sort;
              onLook();
            } else go(withValues(route, { sort: value || null }));
          }}
        >
          <option value="">run and name</option>
          {sortable.map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
          <optgroup label="Outcomes">
            {known.map((name) => <option key={name} value={`${OUTCOME}${name}`}>{name}</option>)}
            {known.length === 0 && <option value={OUTCOME}>an outcome …</option>}
          </optgroup>
        </select>
      </label>
      <Button
        label={descending
          ? "Largest first; change to smallest first"
          : "Smallest first; change to largest first"}
        onPress={() => go(withValues(route, { descending: descending ? null : "true" }))}
      >
        {descending ? "↓" : "↑"}
      </Button>
    </span>
  );
}

/** The dialog that chooses columns. */
export function ColumnChoice(
  { shown, onClose }: Readonly<{ shown: readonly Column[]; onClose: () => void }>,
): VNode {
  const ids = shown.map(({ id }) => id);
  return (
    <Dialog title="Columns" onClose={onClose}>
      <div class="column-choice">
        {COLUMNS.map(({ id, title }) => (
          <label key={id} class="switch">
            <input
              type="checkbox"
              checked={ids.includes(id)}
              onChange={(event) =>
                changeSettings({
                  columns: event.currentTarget.checked ? [...ids, id] : ids.filter((other) => other !== id),
                })}
            />
            {title}
          </label>
        ))}
      </div>
      <p class="actions">
        <Button onPress={() => changeSettings({ columns: null })}>Use the default columns</Button>
      </p>
    </Dialog>
  );
}
