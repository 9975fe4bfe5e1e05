/** Reads the log of a discussion, and continues reading while it grows. */
import { useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { ViewerSource } from "../../api.ts";
import { messageOf } from "../base/answer.ts";
import { useNotices } from "../base/page.ts";
import { LiveLog } from "./live_log.ts";

/** A log in the page. */
export type LogView = Readonly<{
  log: LiveLog;
  /** Whether the log was read to its present end. */
  isRead: boolean;
  /** The damage at which the log cannot be read further; `null` if there is none. */
  damage: string | null;
  /** Why the log cannot be read; `null` if it can. */
  problem: string | null;
  /** Asks again after a problem. */
  again: () => void;
}>;

type Read = Omit<LogView, "again">;

/** Reads the log of a discussion. The component is drawn again whenever the log has grown. */
export function useLog(source: ViewerSource, run: string, discussion: string): LogView {
  const [read, setRead] = useState<Read>(beginning);
  const more = useRef<() => void>(() => {});
  const current = useRef(read.log);
  useEffect(() => {
    const reader = readingOf({ source, run, discussion }, (next) => {
      current.current = next.log;
      setRead(next);
    });
    setRead(beginning());
    more.current = reader.more;
    reader.more();
    return reader.end;
  }, [source, run, discussion]);
  useNotices((notice) => {
    const isGrown = notice.kind === "discussions" &&
      notice.changed.some((changed) =>
        changed.run === run && changed.discussion === discussion && changed.events !== current.current.length
      );
    if (isGrown || notice.kind === "reload") more.current();
  });
  return { ...read, again: () => more.current() };
}

function beginning(): Read {
  return { log: new LiveLog(), isRead: false, damage: null, problem: null };
}

/**
 * Reads new events, one answer after the other. If `more()` is called during reading, it reads once more
 * afterwards.
 */
function readingOf(
  { source, run, discussion }: Readonly<{ source: ViewerSource; run: string; discussion: string }>,
  show: (read: Read) => void,
) {
  let log = new LiveLog();
  let isEnded = false;
  let isReading = false;
  let isWanted = false;
  const readAll = async () => {
    for (;;) {
      const { events, isEnd, damage } = await source.events(run, discussion, log.length);
      if (isEnded) return;
      try {
        log.add(events);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        // The log was replaced by another log, which is read from its beginning.
        if (log.length === 0) throw error;
        log = new LiveLog();
        continue;
      }
      const isRead = isEnd || damage !== null || events.length === 0;
      show({ log, isRead, damage, problem: null });
      if (isRead) return;
    }
  };
  const more = () => {
    isWanted = true;
    if (isReading || isEnded) return;
    isReading = true;
    (async () => {
      while (isWanted && !isEnded) {
        isWanted = false;
        await readAll();
      }
    })().catch((error: unknown) => {
      if (!isEnded) show({ log, isRead: false, damage: null, problem: messageOf(error) });
    }).finally(() => {
      isReading = false;
    });
  };
  return { more, end: () => void (isEnded = true) };
}
