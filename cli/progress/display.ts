/** Shows the progress of a run or an annotation: as lines that are redrawn, as plain lines, or as JSON. */
import type { ModelNotice } from "../../core/engine/mod.ts";
import { LiveLines } from "../terminal/live_lines.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import type { PausedModel } from "../../core/ports/mod.ts";
import { describeModel, describePaused, describeUntil, pausedBy } from "./paused_models.ts";
import { styled } from "../terminal/text.ts";
import type { Io, TextSink } from "../terminal/text_sink.ts";

/** How progress is shown. */
export type DisplayStyle = "live" | "plain" | "json" | "quiet";

/** At most this many failed discussions are named. All others are only counted. */
export const FAILED_NAMED_MAX = 5;

/** A discussion that failed, and why. */
export type FailedDiscussion = Readonly<{ discussion: string; reason: string }>;

/** The progress in the form of each style. */
type Progress = Readonly<{
  live: (terminal: TextSink) => string[];
  plain: () => string;
  json: () => Readonly<Record<string, unknown>>;
}>;

/**
 * Work whose progress is shown: a run or an annotation. `keeper` counts its notices; `progress()` reads the
 * counts.
 */
export type Work<Notice, Tally> = Readonly<{
  keeper: Readonly<{ count: (notice: Notice) => void; tally: Tally }>;
  progress: () => Progress;
}>;

/** Shows the progress of work until it ends. */
export interface WorkDisplay<Notice, Tally> {
  /** Counts a notice, and shows failures and pauses. */
  notify(notice: Notice | ModelNotice): void;
  /** Shows a text to people, in every style. Control characters in the text must be escaped already. */
  say(text: string): void;
  /** Shows the progress for the last time. Returns the tally, and the first discussions that failed. */
  end(): Readonly<{ tally: Tally; setAside: readonly FailedDiscussion[] }>;
}

/** Chooses the style from a command's options and its terminal. */
export function styleOf(
  { json, quiet }: Readonly<{ json: boolean; quiet: boolean }>,
  { stderr }: Io,
): DisplayStyle {
  if (json) return "json";
  if (quiet) return "quiet";
  return stderr.isTerminal ? "live" : "plain";
}

/**
 * Shows the progress of work. JSON goes to the standard output, everything else to the standard error. Shows nothing
 * before the first notice: if the work cannot begin, only its error appears.
 */
export function display<Notice extends Readonly<{ kind: string }>, Tally>(
  style: DisplayStyle,
  io: Io,
  { keeper, progress }: Work<Notice, Tally>,
): WorkDisplay<Notice, Tally> {
  const { intervalMs, draw, tell, say } = STYLES[style](io);
  const failed: FailedDiscussion[] = [];
  const paused = new Map<string, PausedModel>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const redraw = () => draw(besidePauses(progress(), [...paused.values()]));
  return {
    notify(notice) {
      if (isOfModel(notice)) {
        if (notice.kind === "resumed") paused.delete(notice.model);
        else paused.set(notice.model, pausedBy(notice));
        const { kind, ...rest } = notice;
        return tell(kind, describeModel(notice), { type: kind, ...rest });
      }
      keeper.count(notice);
      if (timer === undefined) {
        redraw();
        timer = setInterval(redraw, intervalMs);
      }
      if (!isFailure(notice)) return;
      const { discussion, reason } = notice;
      const isNamed = failed.length < FAILED_NAMED_MAX;
      if (isNamed) failed.push({ discussion, reason });
      if (!isNamed && style !== "json") return;
      const text = `${neutralise(discussion)}: ${neutralise(reason)}`;
      tell("failed", text, { type: "set-aside", discussion, reason });
    },
    say,
    end() {
      if (timer !== undefined) redraw();
      clearInterval(timer);
      return { tally: keeper.tally, setAside: failed };
    },
  };
}

type Style = Readonly<{
  /** The time between two calls of `draw()`. */
  intervalMs: number;
  draw: (progress: Progress) => void;
  /** Reports an event: with a label and a text for people, or with an object for programs. */
  tell: (label: string, text: string, object: Readonly<Record<string, unknown>>) => void;
  say: (text: string) => void;
}>;

const STYLES: Readonly<Record<DisplayStyle, (io: Io) => Style>> = {
  live({ stderr }) {
    const live = new LiveLines(stderr);
    return {
      intervalMs: 100,
      draw: (progress) => live.draw(progress.live(stderr)),
      tell: (label, text) => live.print(`${styled(stderr, "yellow", label)} ${text}`),
      say: (text) => live.print(text),
    };
  },
  plain: ({ stderr }) => ({
    intervalMs: 5_000,
    draw: (progress) => stderr.write(`${progress.plain()}\n`),
    tell: (label, text) => stderr.write(`${label} ${text}\n`),
    say: (text) => stderr.write(`${text}\n`),
  }),
  json: ({ stdout, stderr }) => ({
    intervalMs: 1_000,
    draw: (progress) => stdout.write(`${safeJson(progress.json())}\n`),
    tell: (_label, _text, object) => stdout.write(`${safeJson(object)}\n`),
    say: (text) => stderr.write(`${text}\n`),
  }),
  quiet: (io) => ({ ...STYLES.plain(io), draw() {} }),
};

function isOfModel(notice: Readonly<{ kind: string }>): notice is ModelNotice {
  return notice.kind === "paused" || notice.kind === "resumed";
}

function isFailure(notice: Readonly<{ kind: string }>): notice is FailedDiscussion & { kind: "set-aside" } {
  return notice.kind === "set-aside";
}

/** Adds paused models to the progress. Plain lines leave out the reasons, because `tell` has shown them. */
function besidePauses(progress: Progress, paused: readonly PausedModel[]): Progress {
  if (paused.length === 0) return progress;
  return {
    live(terminal) {
      return [...progress.live(terminal), ...paused.map((model) => `paused ${describePaused(model)}`)];
    },
    plain: () => [progress.plain(), ...paused.map((model) => `paused ${describeUntil(model)}`)].join("; "),
    json: () => ({ ...progress.json(), paused }),
  };
}

/** The speed of models varies, so the pace is measured over the last two minutes. */
export const PACE_WINDOW_MS = 120_000;

/** The shortest time between two samples, in milliseconds. It limits the number of samples. */
const SAMPLE_GAP_MS = 1_000;

/** A pace is measured over at least this time, in milliseconds. */
const PACE_AFTER_MS = 1_000;

/** Measures the growth of a count. */
export class Pace {
  readonly #samples: { atMs: number; count: number }[];

  /**
   * @param atMs The time now, in milliseconds.
   * @param count The count now.
   */
  constructor(atMs: number, count: number) {
    this.#samples = [{ atMs, count }];
  }

  /** The growth per second up to now; `null` while the growth is unknown. */
  perSecond(atMs: number, count: number): number | null {
    const samples = this.#samples;
    if (atMs - samples.at(-1)!.atMs >= SAMPLE_GAP_MS) samples.push({ atMs, count });
    while (samples.length > 2 && samples[1]!.atMs <= atMs - PACE_WINDOW_MS) samples.shift();
    const [first] = samples;
    const ms = atMs - first!.atMs;
    return ms < PACE_AFTER_MS ? null : (1000 * (count - first!.count)) / ms;
  }
}

/** The time for the rest of a count, in milliseconds; `null` while the time is unknown. */
export function remainingMs(left: number, perSecond: number | null): number | null {
  if (left <= 0) return 0;
  return perSecond === null || perSecond <= 0 ? null : (1000 * left) / perSecond;
}
