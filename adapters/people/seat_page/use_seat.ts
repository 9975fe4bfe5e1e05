/** Follows the seat: what the server says, and whether it can be reached. */
import { useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { SeenComment } from "../../../core/ports/situation.ts";
import { type Connection, follow } from "../page_parts/follow.ts";
import type { SeatConsent } from "../seat_messages.ts";
import type { SeatView } from "../seat_view.ts";
import type { SeatServer } from "./server.ts";

/** The seat as the page knows it. */
export type KnownSeat = Readonly<{
  view: SeatView | null;
  connection: Connection;
  /** All comments that the page has seen. */
  comments: readonly SeenComment[];
  /** When the time of the question ends, in milliseconds of `performance.now()`; `null` without a limit. */
  deadlineMs: number | null;
  consent: (answer: SeatConsent) => Promise<void>;
}>;

/** Follows the seat of a server. */
export function useSeat(server: SeatServer): KnownSeat {
  const [view, setView] = useState<SeatView | null>(null);
  const [connection, setConnection] = useState<Connection>({ kind: "opening" });
  const [deadlineMs, setDeadlineMs] = useState<number | null>(null);
  const comments = useRef<readonly SeenComment[]>([]);
  const accept = (next: SeatView) => {
    comments.current = merged(comments.current, next);
    const left = next.question?.leftMs ?? null;
    // The server's clock decides how much time is left. The page counts down from this, so its own clock may be wrong.
    setDeadlineMs(left === null ? null : performance.now() + left);
    setView(next);
    setConnection({ kind: "open" });
  };
  useEffect(() => {
    const end = new AbortController();
    const { signal } = end;
    void follow({ ask: (seen) => server.news(seen, signal), accept, fail: setConnection, signal });
    return () => end.abort();
  }, [server]);
  return {
    view,
    connection,
    comments: comments.current,
    deadlineMs,
    consent: async (answer) => accept(await server.consent(answer)),
  };
}

/** Adds new comments to those that the page has seen. The server sends only the latest. */
function merged(
  known: readonly SeenComment[],
  { phase, comments, withdrawn }: SeatView,
): readonly SeenComment[] {
  if (["consent", "declined", "missed", "withdrew"].includes(phase)) return [];
  const from = comments[0]?.comment ?? Infinity;
  const before = known.filter(({ comment, author }) => comment < from && !withdrawn.includes(author));
  return [...before, ...comments];
}
