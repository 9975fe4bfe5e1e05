/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** What plots and tables of outcomes share. */
import type { VNode } from "npm:preact@11.2.0";
import type { OutcomePoint, OutcomeView } from "../../../../analysis/outcomes/mod.ts";
import type { Cell } from "../../../../analysis/report/document.ts";
import { decimalsFor, formatCell } from "../../../../analysis/report/numbers.ts";
import { discussionRoute, type Route, valueOf } from "../base/router.ts";

/** The outcome that plots and tables show, and the page's address. */
export type Shown = Readonly<{ view: OutcomeView; route: Route }>;

/**
 * A plot over time and its legend show at most this many groups, because readers cannot tell more colours
 * apart.
 */
export const GROUPS_MAX = 8;

/** Where a value leads: to its comment, or to its discussion. */
export function placeOf({ run, discussion, position }: OutcomePoint): Route {
  return discussionRoute(run, discussion, { at: position });
}

/** The range of times in an address, counted from 0; `null` for all times. */
export function timesOf(route: Route): readonly [from: number, to: number] | null {
  const [from, to] = [wholeNumber(valueOf(route, "from")), wholeNumber(valueOf(route, "to"))];
  return from === null || to === null ? null : [from, to];
}

/** A whole number in an address; `null` for anything else. */
function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** A time as the page shows it: transcripts count from 1, and analyses from 0. */
export function shownTimes(from: number, to = from): string {
  return from === to ? String(from + 1) : `${from + 1} to ${to + 1}`;
}

/** The name of a discussion; for a comment, also its time in the discussion. */
export function nameOf({ discussion, time }: OutcomePoint, { time: unit }: OutcomeView): string {
  return time === null ? discussion : `${discussion}, ${unit} ${shownTimes(time)}`;
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
