/** Reads the logs of several discussions, and continues reading while they grow. */
import { useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { ViewerSource } from "../../api.ts";
import { messageOf } from "../base/answer.ts";
import type { Named } from "../base/beside.ts";
import { useNotices } from "../base/page.ts";
import { LiveLog } from "../transcript/live_log.ts";

/** A column: a discussion, and its log as far as it was read. */
export type Column =
  & Named
  & Readonly<{
    log: LiveLog;
    isRead: boolean;
    /** Why the log cannot be read to its end; `null` if it can. */
    problem: string | null;
  }>;

/**
 * Reads the logs.
 *
 * @returns One column for each discussion, in the same order.
 */
export function useLogs(source: ViewerSource, discussions: readonly Named[]): readonly Column[] {
  const key = JSON.stringify(discussions.map(({ run, discussion }) => [run, discussion]));
  const [state, setState] = useState<Readonly<{ key: string; columns: readonly Column[] }>>({
    key,
    columns: [],
  });
  const more = useRef<(run: string, discussion: string) => void>(() => {});
  useEffect(() => {
    let isEnded = false;
    let columns: readonly Column[] = discussions.map(({ run, discussion }) => ({
      run,
      discussion,
      log: new LiveLog(),
      isRead: false,
      problem: null,
    }));
    const show = (changed: Column) => {
      if (isEnded) return;
      columns = columns.map((column) => isSame(column, changed) ? changed : column);
      setState({ key, columns });
    };
    const reading = new Set<LiveLog>();
    const read = async (column: Column) => {
      const { run, discussion, log } = column;
      if (reading.has(log)) return;
      reading.add(log);
      try {
        for (;;) {
          const { events, isEnd, damage } = await source.events(run, discussion, log.length);
          log.add(events);
          if (!isEnd && damage === null && events.length > 0) continue;
          return show({ ...column, isRead: true, problem: damage });
        }
      } catch (error) {
        show({ ...column, isRead: true, problem: messageOf(error) });
      } finally {
        reading.delete(log);
      }
    };
    more.current = (run, discussion) => {
      for (const column of columns) if (isSame(column, { run, discussion })) void read(column);
    };
    setState({ key, columns });
    for (const column of columns) void read(column);
    return () => void (isEnded = true);
  }, [source, key]);
  useNotices((notice) => {
    if (notice.kind === "discussions") {
      for (const { run, discussion } of notice.changed) more.current(run, discussion);
    } else if (notice.kind === "reload") {
      for (const { run, discussion } of discussions) more.current(run, discussion);
    }
  });
  return state.key === key ? state.columns : [];
}

function isSame(one: Named, other: Named): boolean {
  return one.run === other.run && one.discussion === other.discussion;
}
