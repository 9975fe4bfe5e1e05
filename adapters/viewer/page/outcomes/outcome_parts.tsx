/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** What plots and tables of outcomes share. */
import type { VNode } from "npm:preact@11.2.0";
import type { OutcomePoint, OutcomeView } from "../../../../analysis/outcomes/mod.ts";
import type { Cell } from "../../../../analysis/report/document.ts";
import { decimalsFor, formatCell } from "../../../../analysis/report/numbers.ts";
import { discussionRoute, type Route } from "../base/router.ts";

/** What plots and tables show, and where. */
export type Shown = Readonly<{ view: OutcomeView; route: Route }>;

/** A course and its legend show at most this many groups, because more cannot be distinguished. */
export const GROUPS_MAX = 8;

/** Where a value leads: to its comment, or to its discussion. */
export function placeOf({ run, discussion, position }: OutcomePoint): Route {
  return discussionRoute(run, discussion, { at: position });
}

/** A discussion, or the time of a comment in it. */
export function nameOf({ discussion, time }: OutcomePoint, { time: unit }: OutcomeView): string {
  return time === null ? discussion : `${discussion}, ${unit} ${time}`;
}

/** Formats all cells with the decimals that they need. */
export function formatFor(cells: readonly Cell[]): (cell: Cell) => string {
  const decimals = decimalsFor(cells);
  return (cell) => formatCell(cell, { kind: "number", decimals });
}

/** The colour of a group or a label. */
export function Swatch({ place }: Readonly<{ place: number }>): VNode {
  return <span class={`swatch speaker-${place % GROUPS_MAX + 1}`} aria-hidden="true" />;
}
