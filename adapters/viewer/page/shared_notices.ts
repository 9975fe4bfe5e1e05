/**
 * One stream of notices for all tabs of a browser. Browsers allow six connections to a server, so a stream for each tab would
 * block the seventh tab. The tab that holds a lock reads the stream, and passes the notices on to the others. Hidden tabs
 * read nothing.
 */
import type { Notice } from "../api.ts";

const NAME = "syndisco.notices";

/** Reads notices until the signal is aborted. */
export type ReadNotices = (tell: (notice: Notice) => void, end: AbortSignal) => void;

/** Tells the listener of notices while this tab is visible, until the signal is aborted. */
export function shareNotices(
  read: ReadNotices,
  listener: (notice: Notice) => void,
  signal: AbortSignal,
): void {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }: MessageEvent<Notice>) => listener(data);
  let hidden = new AbortController();
  const begin = () => {
    hidden = new AbortController();
    const end = AbortSignal.any([hidden.signal, signal]);
    navigator.locks.request(NAME, { signal: end }, () =>
      new Promise<void>((resolve) => {
        end.addEventListener("abort", () => resolve(), { once: true });
        read((notice) => {
          if (end.aborted) return;
          listener(notice);
          channel.postMessage(notice);
        }, end);
      })).catch((error: unknown) => {
        // The tab was hidden while it waited for the lock.
        if (!end.aborted) throw error;
      });
  };
  const changed = () => {
    if (document.visibilityState === "hidden") hidden.abort();
    else if (hidden.signal.aborted) {
      // The tab missed what was sent meanwhile.
      listener({ kind: "reload" });
      begin();
    }
  };
  begin();
  changed();
  document.addEventListener("visibilitychange", changed);
  signal.addEventListener("abort", () => {
    document.removeEventListener("visibilitychange", changed);
    channel.close();
  }, { once: true });
}
