/** Sends notices to pages as server-sent events. A slow page gets only the latest state. */
import type { Handler } from "npm:hono@4.13.19";
import { streamSSE } from "npm:hono@4.13.19/streaming";
import { systemClock } from "../../system.ts";
import type { ViewerSource } from "../api.ts";
import { Unsent } from "./unsent.ts";

/** Milliseconds between two messages to a page, and between signs of life. */
export type LiveTiming = Readonly<{ messageMs: number; aliveMs: number }>;

const TIMING: LiveTiming = { messageMs: 250, aliveMs: 15_000 };

/**
 * The route of the notices. A message is a list of them. The `id` of a message numbers the changes so far. A page that connects again sends the last `id`
 * in the header `Last-Event-ID`. If something changed since then, the page is told to ask for everything again.
 *
 * @param signal Ends all streams.
 */
export function followRoute(source: ViewerSource, signal: AbortSignal, timing = TIMING): Handler {
  // Another start of the server cannot say what changed meanwhile.
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
      const end = new AbortController();
      const stop = () => end.abort();
      stream.onAbort(stop);
      signal.addEventListener("abort", stop, { once: true });
      try {
        // The page learns at once that it is connected.
        await stream.writeSSE({ id: idNow(), data: "[]" });
        while (!end.signal.aborted) {
          if (!await unsent.wait(timing.aliveMs, end.signal)) {
            if (!end.signal.aborted) await stream.write(": \n\n");
            continue;
          }
          const id = idNow();
          await stream.writeSSE({ id, data: JSON.stringify(unsent.take()) });
          await systemClock.sleep(timing.messageMs, end.signal).catch(() => {});
        }
      } finally {
        pages.delete(unsent);
        signal.removeEventListener("abort", stop);
      }
    });
}
