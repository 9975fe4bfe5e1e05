/** A source with one discussion of any length that can grow, for tests. */
import { EMPTY_CHAIN, encodeEvent } from "../../../../../core/events/codec.ts";
import type { DiscussionEvent, Envelope } from "../../../../../core/events/mod.ts";
import { portableSha256 } from "../../../../../core/sha256.ts";
import { designWith, seedPosted, turnTaken } from "../../../../../core/testing/mod.ts";
import type { ViewerSource } from "../../../api.ts";
import { fixedSource } from "../../../testing/fixed_source.ts";
import { SAMPLE_RUN } from "../../../testing/sample_discussions.ts";
import { SAMPLE_FACTS } from "../../../testing/sample_source.ts";

/** The name of the discussion. */
export const GROWING = "long.r0001";

/** The source, and a way to let the discussion grow. */
export type GrowingSource = Readonly<{
  source: ViewerSource;
  /** Sets the total number of events that the source has. Listeners get a notice. */
  grow: (events: number) => void;
}>;

const NAMES = ["Ann", "Bob", "Cem"];

/** The name of a turn's speaker, and the turn's comment. */
export function growingComment(turn: number): Readonly<{ participant: string; text: string }> {
  const participant = NAMES[turn % NAMES.length]!;
  return { participant, text: `Comment of turn ${turn + 1}. ${"Buses are late. ".repeat(1 + turn % 7)}` };
}

/**
 * A source with one discussion of one opening and many turns. At first, it has only the first `events`
 * events.
 */
export function growingSource(turns: number, events: number): GrowingSource {
  const log = logOf([
    { type: "DiscussionOpened", data: designWith({ id: GROWING, turns, history: 3 }) },
    seedPosted(0, "Ann", "Should buses run at night?"),
    ...Array.from(
      { length: turns },
      (_, turn) => turnTaken({ turn, comment: turn + 1, ...growingComment(turn) }),
    ),
    { type: "DiscussionCompleted", data: { reason: "turns", turns, comments: turns + 1 } },
  ]);
  let shown = events;
  const { source, notify } = fixedSource({
    runs: () => Promise.resolve([SAMPLE_FACTS]),
    events: (_, __, from) => {
      const end = Math.min(shown, log.length);
      return Promise.resolve({ events: log.slice(from, end), next: end, isEnd: true, damage: null });
    },
  });
  return {
    source,
    grow: (events) => {
      shown = events;
      notify({
        kind: "discussions",
        changed: [{ run: SAMPLE_RUN, discussion: GROWING, events: Math.min(shown, log.length) }],
      });
    },
  };
}

function logOf(events: readonly DiscussionEvent[]): readonly Envelope[] {
  let end = EMPTY_CHAIN;
  return events.map((event, index) => {
    const atMs = Date.UTC(2026, 0, 1) + 1000 * index;
    const sealed = encodeEvent(GROWING, end, { pending: { event }, atMs, sha256: portableSha256 });
    end = sealed.end;
    return JSON.parse(sealed.line);
  });
}
