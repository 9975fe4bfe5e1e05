/** Groups the hits of a search by discussion. */
import type { Hit } from "../../api.ts";

/**
 * At most this many hits of a search are shown. The keys for the next and the previous match visit only these
 * hits.
 */
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

/** The kinds of texts that can be searched. */
export const SEARCH_PLACES = ["comments", "thoughts", "raw"] as const;

/** The kinds of texts that a search covers, from its address. */
export function searchPlaces(
  within: readonly string[] = ["comments"],
): readonly (typeof SEARCH_PLACES)[number][] {
  return SEARCH_PLACES.filter((place) => within.includes(place));
}
