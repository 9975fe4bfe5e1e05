/** Finds the speakers and the first words of the comments in a list of values. */
import { useEffect, useState } from "npm:preact@11.2.0/hooks";
import type { OutcomePoint } from "../../../../analysis/outcomes/mod.ts";
import { readEvent } from "../../../../analysis/projections/mod.ts";
import type { ViewerSource } from "../../api.ts";

/** A comment in a list. */
export type ListedComment = Readonly<{ speaker: string; beginning: string }>;

/** How much of a comment is shown, in characters. */
const BEGINNING_CHARS = 160;

/** The members of a point that identify its comment. */
type Place = Pick<OutcomePoint, "run" | "discussion" | "position">;

/** Identifies the comment of a point. */
export function commentKey({ run, discussion, position }: Place): string {
  return JSON.stringify([run, discussion, position]);
}

/** The comments of the points, as far as they are loaded. Points of whole discussions have none. */
export function useComments(
  source: ViewerSource,
  points: readonly OutcomePoint[],
): ReadonlyMap<string, ListedComment> {
  const [comments, setComments] = useState<ReadonlyMap<string, ListedComment>>(new Map());
  const wanted = points.map(commentKey).join();
  useEffect(() => {
    const end = new AbortController();
    void load(source, points, (found) => {
      if (!end.signal.aborted) setComments((before) => new Map([...before, ...found]));
      return !end.signal.aborted;
    });
    return () => end.abort();
  }, [source, wanted]);
  return comments;
}

/**
 * Reads one discussion after the other.
 *
 * @param take Called with the comments of each discussion. If it returns `false`, the reading stops.
 */
async function load(
  source: ViewerSource,
  points: readonly Place[],
  take: (found: ReadonlyMap<string, ListedComment>) => boolean,
): Promise<void> {
  const ofComments = points.filter(({ position }) => position !== null);
  const discussions = Map.groupBy(ofComments, ({ run, discussion }) => JSON.stringify([run, discussion]));
  for (const places of discussions.values()) {
    try {
      if (!take(await commentsOf(source, places))) return;
    } catch {
      // The list is useful without these words. A reader who opens the discussion sees why it cannot be read.
      if (!take(new Map())) return;
    }
  }
}

/** The comments at places of one discussion. */
export async function commentsOf(
  source: Pick<ViewerSource, "events">,
  places: readonly Place[],
): Promise<ReadonlyMap<string, ListedComment>> {
  const { run, discussion } = places[0]!;
  const wanted = new Set(places.map(({ position }) => position));
  const found = new Map<string, ListedComment>();
  let [position, from] = [0, 0];
  while (found.size < wanted.size) {
    const { events, next, isEnd, damage } = await source.events(run, discussion, from);
    for (const event of events) {
      const entry = readEvent(event);
      if (entry.kind !== "said") continue;
      if (wanted.has(position)) {
        const { author: speaker, text, withheld } = entry;
        const beginning = text === null ? withheld ?? "" : beginningOf(text);
        found.set(commentKey({ run, discussion, position }), { speaker, beginning });
      }
      position++;
    }
    if (isEnd || damage !== null || next === from) break;
    from = next;
  }
  return found;
}

/** The first words of a long comment, without half a character at the end. */
function beginningOf(text: string): string {
  if (text.length <= BEGINNING_CHARS) return text;
  return `${text.slice(0, BEGINNING_CHARS).replace(/[\ud800-\udbff]$/, "")} …`;
}
