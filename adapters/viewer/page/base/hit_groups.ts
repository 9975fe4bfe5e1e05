/** The hits of a search by discussion. */
import type { Hit } from "../../api.ts";

/** At most this many hits of a search are shown, and walked through. */
export const HITS_SHOWN_MAX = 500;

/** Hits of one discussion together, in the order of the answer. */
export function hitGroups(hits: readonly Hit[]): readonly (readonly [Hit, ...Hit[]])[] {
  const groups: [Hit, ...Hit[]][] = [];
  for (const hit of hits) {
    const last = groups.at(-1);
    if (last?.[0].run === hit.run && last[0].discussion === hit.discussion) last.push(hit);
    else groups.push([hit]);
  }
  return groups;
}

/** The places in texts that can be searched. */
export const SEARCH_PLACES = ["comments", "thoughts", "raw"] as const;

/** The places that a search in an address covers. */
export function searchPlaces(
  within: readonly string[] = ["comments"],
): readonly (typeof SEARCH_PLACES)[number][] {
  return SEARCH_PLACES.filter((place) => within.includes(place));
}
