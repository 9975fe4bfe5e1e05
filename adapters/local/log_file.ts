/** The file of a run's operations log. It is rotated, its buffer has a limit, and it never slows the run down. */
import {
  configure,
  getConfig,
  getJsonLinesFormatter,
  type LogRecord,
  reset,
} from "npm:@logtape/logtape@2.4.2";
import { getRotatingFileSink } from "npm:@logtape/file@2.3.10";

/** Largest file, in bytes. The next line begins another file. */
export const LOG_BYTES_MAX = 16 * 1024 * 1024;

/** Files that are kept besides the current one. */
export const LOG_FILES_MAX = 5;

/** Most lines that wait to be written. Further lines are dropped and counted. */
export const LOG_LINES_MAX = 10_000;

/** Most characters of prompts and replies in the waiting lines. Further lines are dropped and counted. */
export const LOG_CHARS_MAX = 16 * 1024 * 1024;

/** Longest time until a line is written, in milliseconds. */
const WRITE_INTERVAL_MS = 100;

/** How long closing waits for a disk, in milliseconds. */
const CLOSE_MS_MAX = 5_000;

export interface LogFile {
  /** Takes a line, and the approximate number of characters in its fields. A full buffer drops the line. */
  push(record: LogRecord, chars: number): void;
  /** Writes the waiting lines. Returns why lines are missing, if any are. */
  close(): Promise<string | null>;
}

export async function openLogFile(path: string): Promise<LogFile> {
  let writeError: string | null = null;
  // The logging library reports failed writes only to the logger that is configured here. A program that has its own
  // loggers configures this one itself.
  const isOurs = getConfig() === null;
  if (isOurs) {
    await configure({
      sinks: {
        failures: ({ properties: { error } }) =>
          writeError ??= error instanceof Error ? error.message : String(error),
      },
      loggers: [{ category: ["logtape", "meta"], sinks: ["failures"], lowestLevel: "warning" }],
    });
  }
  // The first line creates the file, so a refused run leaves nothing behind.
  let opened: ReturnType<typeof openSink> | undefined;
  const openSink = () =>
    getRotatingFileSink(path, {
      maxSize: LOG_BYTES_MAX,
      maxFiles: LOG_FILES_MAX,
      formatter: getJsonLinesFormatter({ properties: "flatten" }),
      nonBlocking: true,
      bufferSize: 65_536,
      flushInterval: WRITE_INTERVAL_MS,
    });
  let waiting: LogRecord[] = [];
  let waitingChars = 0;
  let dropped = 0;
  let droppedInAll = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    timer = undefined;
    if (waiting.length === 0) return;
    try {
      opened ??= openSink();
    } catch (error) {
      writeError ??= error instanceof Error ? error.message : String(error);
      waiting = [];
      waitingChars = 0;
      return;
    }
    const sink = opened;
    for (const record of waiting) sink(record);
    const last = waiting.at(-1)!;
    waiting = [];
    waitingChars = 0;
    if (dropped === 0) return;
    const message = `dropped ${dropped} lines, because they came faster than the disk could write them`;
    sink({ ...last, level: "warning", message: [message], rawMessage: message, properties: { dropped } });
    dropped = 0;
  };
  return {
    push(record, chars) {
      if (waiting.length >= LOG_LINES_MAX || waitingChars + chars > LOG_CHARS_MAX) {
        dropped++;
        droppedInAll++;
        return;
      }
      waiting.push(record);
      waitingChars += chars;
      timer ??= setTimeout(write, WRITE_INTERVAL_MS);
    },
    async close() {
      clearTimeout(timer);
      write();
      if (opened !== undefined) await closed(opened);
      if (isOurs) await reset();
      const reasons = [
        ...(droppedInAll > 0
          ? [`dropped ${droppedInAll} of its lines, because they came faster than the disk could write them`]
          : []),
        ...(writeError === null ? [] : [`writing failed: ${writeError}`]),
      ];
      return reasons.length === 0 ? null : `"${path}" is incomplete: ${reasons.join("; ")}`;
    },
  };
}

async function closed(sink: unknown): Promise<void> {
  let late: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<void>((resolve) => late = setTimeout(resolve, CLOSE_MS_MAX));
  await Promise.race([(sink as AsyncDisposable)[Symbol.asyncDispose](), tooLate]);
  clearTimeout(late);
}
