/** A run's operations log: it says what happened when, to help find causes. It is not part of the run's data. */
import type {
  AnnotationNotice,
  AttemptNotice,
  EmbeddingNotice,
  RunNotice,
  RunOutcome,
} from "../../core/engine/mod.ts";
import type { LogFile } from "./log_file.ts";

/** The levels of the log, most detailed first. Only `trace` includes prompts and replies. */
export const LOG_LEVELS = ["trace", "debug", "info", "warning", "error"] as const;

/** One of the levels. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line of the log. */
export type LogLine = Readonly<{
  atMs: number;
  level: LogLevel;
  message: string;
  /** Fields never contain API keys or HTTP headers. */
  fields: Readonly<Record<string, unknown>>;
  /** Whether the screen also shows this line as a notice. */
  isNotice: boolean;
}>;

/** How a run is logged. */
export type OperationsLogOptions = Readonly<{
  /** Lines below this level are left out. */
  level: LogLevel;
  /** Called for every line that is not left out. */
  watch?: (line: LogLine) => void;
}>;

const CATEGORY = ["syndisco"];

export class OperationsLog {
  readonly #options: OperationsLogOptions;
  readonly #file: LogFile;
  readonly #least: number;

  private constructor(file: LogFile, options: OperationsLogOptions) {
    this.#file = file;
    this.#options = options;
    this.#least = LOG_LEVELS.indexOf(options.level);
  }

  /** Opens the log of a run, and loads the library that writes it. */
  static async open(path: string, options: OperationsLogOptions): Promise<OperationsLog> {
    const { openLogFile } = await import("./log_file.ts");
    return new OperationsLog(await openLogFile(path), options);
  }

  has(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= this.#least;
  }

  write(
    level: LogLevel,
    message: string,
    { fields = {}, chars = 0, isNotice = false }: {
      fields?: LogLine["fields"];
      /** The approximate number of characters in long fields. */
      chars?: number;
      isNotice?: boolean;
    } = {},
  ): void {
    if (!this.has(level)) return;
    const timestamp = Date.now();
    const record = { category: CATEGORY, level, message: [message], rawMessage: message, timestamp };
    this.#file.push({ ...record, properties: fields }, chars);
    this.#options.watch?.({ atMs: timestamp, level, message, fields, isNotice });
  }

  /** @param isPeopled Whether prompts can have words of people. If so, the log leaves out prompts and replies. */
  attempt(model: string, notice: AttemptNotice, isPeopled: () => boolean): void {
    const { request, attempt, durationMs } = notice;
    const failed = "error" in notice;
    if (!failed && !this.has("debug")) return;
    const { discussion, turn, speaker, role } = request.origin;
    const place = role === "annotator" ? { comment: turn, annotator: speaker } : { turn, speaker, role };
    // A request for vectors has no speaker, and is about many comments.
    const where = speaker === "" ? {} : place;
    const fields = { discussion, ...where, model, attempt, durationMs };
    if (failed) {
      const { error: { kind, status, message }, retryInMs } = notice;
      const more = { kind, ...(status === undefined ? {} : { status }), reason: message };
      const retry = retryInMs === null ? {} : { retryInMs: Math.round(retryInMs) };
      this.write("warning", retryInMs === null ? "request failed" : "attempt failed", {
        fields: { ...fields, ...more, ...retry },
      });
    } else {
      const { finishReason, usage } = notice.reply;
      this.write("debug", "answered", { fields: { ...fields, finishReason, ...usage } });
    }
    if (!this.has("trace") || (!failed && notice.reply.finishReason === "sent") || isPeopled()) return;
    const { messages } = request;
    const reply = failed ? "" : notice.reply.text;
    this.write("trace", "prompt and reply", {
      fields: { ...fields, messages, ...(failed ? {} : { reply }) },
      chars: messages.reduce((sum, { content }) => sum + content.length, reply.length),
    });
  }

  notice(notice: RunNotice | AnnotationNotice | EmbeddingNotice): void {
    switch (notice.kind) {
      case "paused": {
        const { model, cause, reason, untilMs, pauseMsMax } = notice;
        return this.write("warning", "model paused", {
          fields: { model, cause, reason, until: new Date(untilMs).toISOString(), pauseMsMax },
          isNotice: true,
        });
      }
      case "resumed": {
        const { model, pausedMs } = notice;
        return this.write("info", "model resumed", { fields: { model, pausedMs }, isNotice: true });
      }
      case "set-aside": {
        const { discussion, reason } = notice;
        return this.write("warning", "failed", { fields: { discussion, reason }, isNotice: true });
      }
      case "left":
        return this.write("info", "skipped: its condition was stopped", {
          fields: { discussion: notice.discussion },
        });
      case "lost":
        return this.write("warning", "lost: another process has it", {
          fields: { discussion: notice.discussion },
          isNotice: true,
        });
      case "interrupted":
        return this.write("info", "put back", { fields: { discussion: notice.discussion } });
      case "opened": {
        if (!this.has("debug")) return;
        const fields = "state" in notice
          ? { discussion: notice.state.design.id, turn: notice.state.turn, resumed: notice.resumed }
          : "progress" in notice
          ? { discussion: notice.discussion, settled: notice.progress.settled }
          : { discussion: notice.discussion, kept: notice.kept };
        return this.write("debug", "opened", { fields });
      }
      case "ended":
        return this.write("info", "ended", { fields: { discussion: notice.discussion } });
      case "skipped":
        return this.write("info", "skipped: not finished", { fields: { discussion: notice.discussion } });
      case "recorded":
      case "embedded":
        return;
    }
  }

  outcome(what: string, { ended, setAside, stopped, cutShort }: RunOutcome): void {
    const failed = cutShort?.by === "failure" || stopped.length > 0;
    this.write(failed ? "error" : "info", `${what} ended`, {
      fields: { ended, setAside, stopped, cutShort },
    });
  }

  /** Writes the waiting lines. Returns why lines are missing, if any are. */
  async close(): Promise<string | null> {
    return await this.#file.close();
  }
}
