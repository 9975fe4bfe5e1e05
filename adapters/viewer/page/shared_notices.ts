/**
 * One stream of notices for all tabs of a browser. Browsers allow six connections to a server, so a stream for each tab would
 * block the seventh tab. The tab that holds a lock reads the stream, and passes the notices on to the others. Hidden tabs
 * read nothing.
 */
import type { Notice } from "../api.ts";

const NAME = "syndisco.notices";

/** Reads notices until the signal is aborted. */
export type ReadNotices = (tell: (notice: Notice) => void, end: AbortSignal) => void;

/** Passes notices to the listener while this tab is visible, until the signal is aborted. */
export function shareNotices(
  read: ReadNotices,
  listener: (notice: Notice) => void,
  signal: AbortSignal,
): void {
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }: MessageEvent<Notice>) => listener(data);
  let hidden = new AbortController();
  const begin = async () => {
    hidden = new AbortController();
    const end = AbortSignal.any([hidden.signal, signal]);
    const send = (notice: Notice) => {
      if (end.aborted) return;
      listener(notice);
      channel.postMessage(notice);
    };
    const hold = (isSuccessor: boolean) =>
      new Promise<void>((resolve) => {
        if (end.aborted) return resolve();
        end.addEventListener("abort", () => resolve(), { once: true });
        let mustReload = isSuccessor;
        read((notice) => {
          send(notice);
          if (!mustReload || notice.kind !== "connection" || !notice.isOpen) return;
          // Notices can have been lost between the stream of the earlier tab and this stream.
          mustReload = false;
          send({ kind: "reload" });
        }, end);
      });
    const isFirst = await navigator.locks.request(NAME, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await hold(false);
      return lock !== null;
    });
    if (isFirst || end.aborted) return;
    await navigator.locks.request(NAME, { signal: end }, () => hold(true)).catch((error: unknown) => {
      // The tab was hidden while it waited for the lock.
      if (!end.aborted) throw error;
    });
  };
  const changed = () => {
    if (document.visibilityState === "hidden") hidden.abort();
    else if (hidden.signal.aborted) {
      // The tab missed all notices while it was hidden.
      listener({ kind: "reload" });
      void begin();
    }
  };
  void begin();
  changed();
  document.addEventListener("visibilitychange", changed);
  signal.addEventListener("abort", () => {
    document.removeEventListener("visibilitychange", changed);
    channel.close();
  }, { once: true });
}
