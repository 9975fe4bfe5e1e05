/** The place in a discussion, from the discussion's address. */
import { type Route, valueOf } from "../base/router.ts";
import { searchTerms } from "./matches.ts";

/** The tabs of the details. */
export const PANES = ["prompt", "raw", "thoughts", "annotations", "timing", "json"] as const;

/** The name of a tab, as the address has it. */
export type PaneName = (typeof PANES)[number];

/** The place in a discussion. */
export type Place = Readonly<{
  /** The position of the chosen slot; `null` for none. */
  at: number | null;
  /** The open tab; `null` if the details are closed. */
  pane: PaneName | null;
  /** The words of the search. */
  query: string;
  terms: readonly string[];
}>;

/** Reads the place. A position behind the last slot does not count before its slot is read. */
export function placeOf(route: Route, slots: number): Place {
  const text = valueOf(route, "at") ?? "";
  const at = /^\d{1,9}$/.test(text) && Number(text) < slots ? Number(text) : null;
  const pane = PANES.find((name) => name === valueOf(route, "pane")) ?? null;
  const query = valueOf(route, "q") ?? "";
  return { at, pane, query, terms: searchTerms(query) };
}
