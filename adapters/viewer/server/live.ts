/** Sends notices to pages as server-sent events. A slow page gets only the latest state. */
import type { Handler } from "npm:hono@4.13.19";
import { type SSEStreamingApi, streamSSE } from "npm:hono@4.13.19/streaming";
import type { Clock } from "../../../core/ports/mod.ts";
import { systemClock } from "../../system.ts";
import type { ViewerSource } from "../api.ts";
import { Unsent } from "./unsent.ts";

/** The times of messages. */
export type LiveTiming = Readonly<{
  /** At least this many milliseconds between two messages. */
  messageMs: number;
  /** After this many milliseconds without a message, a comment shows that the server is there. */
  aliveMs: number;
  clock: Clock;
}>;

const TIMING: LiveTiming = { messageMs: 250, aliveMs: 15_000, clock: systemClock };

/**
 * The route of the notices. A message is a list of notices. The `id` of a message numbers the changes so far.
 * A page that connects again sends the last `id` in the header `Last-Event-ID`. If something changed since
 * then, the page is told to ask for everything again.
 *
 * @param signal Ends all streams.
 */
export function followRoute(source: ViewerSource, signal: AbortSignal, timing = TIMING): Handler {
  // Each id contains a name of this start of the server, because a later start does not know what changed
  // before.
  const start = crypto.randomUUID();
  let changes = 0;
  const pages = new Set<Unsent>();
  source.follow((notice) => {
    changes++;
    for (const page of pages) page.add(notice);
  }, signal);
  const idNow = () => `${start}-${changes}`;
  return (context) =>
    streamSSE(context, async (stream) => {
      const unsent = new Unsent();
      const last = context.req.header("Last-Event-ID");
      if (last !== undefined && last !== idNow()) unsent.add({ kind: "reload" });
      pages.add(unsent);
      const ended = new AbortController();
      stream.onAbort(() => ended.abort());
      try {
        // The page learns at once that it is connected.
        await stream.writeSSE({ id: idNow(), data: "[]" });
        await sendAll(stream, { unsent, idNow, signal: AbortSignal.any([signal, ended.signal]), timing });
      } finally {
        pages.delete(unsent);
      }
    });
}

type Sending = Readonly<{ unsent: Unsent; idNow: () => string; signal: AbortSignal; timing: LiveTiming }>;

/**
 * Sends notices until the signal is aborted. While a slow page has not read a message, later notices are
 * merged.
 */
async function sendAll(stream: SSEStreamingApi, { unsent, idNow, signal, timing }: Sending): Promise<void> {
  const { messageMs, aliveMs, clock } = timing;
  while (!signal.aborted) {
    const waited = new AbortController();
    const ends = AbortSignal.any([signal, waited.signal]);
    await Promise.race([unsent.wait(ends), clock.sleep(aliveMs, ends).catch(() => {})]);
    waited.abort();
    if (signal.aborted) return;
    if (unsent.isEmpty) await stream.write(": \n\n");
    else {
      const id = idNow();
      await stream.writeSSE({ id, data: JSON.stringify(unsent.take()) });
      await clock.sleep(messageMs, signal).catch(() => {});
    }
  }
}
