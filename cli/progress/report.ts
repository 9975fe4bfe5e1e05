/** Tells whoever watches how a run goes: as bars, as lines, or as JSON. */
import type { RunNotice } from "../../core/engine/mod.ts";
import { LiveLines } from "../terminal/live_lines.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { styled } from "../terminal/style.ts";
import type { Io } from "../terminal/text_sink.ts";
import { Pace, remainingMs } from "./pace.ts";
import { type Tally, TallyKeeper, type Totals } from "./tally.ts";
import { liveView, type Moment, plainView, turnsLeft } from "./view.ts";

/** How a run is watched. */
export type ReportStyle = "live" | "plain" | "json" | "quiet";

/** Time between two drawings of the bars. */
export const LIVE_INTERVAL_MS = 100;

/** Time between two lines in a file or a pipe. */
export const PLAIN_INTERVAL_MS = 5_000;

/** Time between two objects of progress in JSON. */
export const JSON_INTERVAL_MS = 1_000;

/** Discussions that are named when they are set aside; further ones are only counted. */
export const SET_ASIDE_NAMED_MAX = 5;

/** A discussion that was set aside, and why. */
export type SetAside = Readonly<{ discussion: string; reason: string }>;

/** The report of a run, while it runs. */
export interface ProgressReport {
  /** Takes a notice of the run. */
  notify(notice: RunNotice): void;
  /** Says something to people, whatever the style. The text must be safe to show. */
  say(text: string): void;
  /** Shows where the run has come to and ends the report. */
  end(): Readonly<{ tally: Tally; setAside: readonly SetAside[] }>;
}

/** How one style shows things. */
type Display = Readonly<{
  intervalMs: number;
  progress(moment: Moment): void;
  setAside(setAside: SetAside, isNamed: boolean): void;
  say(text: string): void;
}>;

/**
 * Reports a run, from its first notice on: one that cannot begin shows nothing but its error.
 *
 * @param style How.
 * @param io Where: JSON goes to the standard output, everything else to the standard error.
 * @param totals What the run sets out to do.
 */
export function reportProgress(style: ReportStyle, io: Io, totals: Totals): ProgressReport {
  const display = DISPLAYS[style](io);
  const keeper = new TallyKeeper(totals);
  const setAside: SetAside[] = [];
  const turns = new Pace(performance.now(), 0);
  const tokens = new Pace(performance.now(), 0);
  const moment = (): Moment => {
    const { tally } = keeper;
    const now = performance.now();
    return {
      tally,
      turnsPerSecond: turns.perSecond(now, tally.turns.ended - tally.turns.endedBefore),
      tokensPerSecond: tokens.perSecond(now, tally.tokens.prompt + tally.tokens.completion),
    };
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    notify(notice) {
      keeper.count(notice);
      if (timer === undefined) {
        display.progress(moment());
        timer = setInterval(() => display.progress(moment()), display.intervalMs);
      }
      if (notice.kind !== "set-aside") return;
      const { discussion, reason } = notice;
      const isNamed = setAside.length < SET_ASIDE_NAMED_MAX;
      if (isNamed) setAside.push({ discussion, reason });
      display.setAside({ discussion, reason }, isNamed);
    },
    say: (text) => display.say(text),
    end() {
      const last = moment();
      if (timer !== undefined) display.progress(last);
      clearInterval(timer);
      return { tally: last.tally, setAside };
    },
  };
}

const DISPLAYS: Readonly<Record<ReportStyle, (io: Io) => Display>> = {
  live({ stderr }) {
    const live = new LiveLines(stderr);
    return {
      intervalMs: LIVE_INTERVAL_MS,
      progress: (moment) => live.draw(liveView(stderr, moment)),
      setAside(setAside, isNamed) {
        if (isNamed) live.print(`${styled(stderr, "yellow", "set aside")} ${described(setAside)}\n`);
      },
      say: (text) => live.print(`${text}\n`),
    };
  },
  plain({ stderr }) {
    return {
      intervalMs: PLAIN_INTERVAL_MS,
      progress: (moment) => stderr.write(`${plainView(moment)}\n`),
      setAside(setAside, isNamed) {
        if (isNamed) stderr.write(`set aside ${described(setAside)}\n`);
      },
      say: (text) => stderr.write(`${text}\n`),
    };
  },
  json({ stdout, stderr }) {
    const write = (object: Readonly<Record<string, unknown>>) => stdout.write(`${safeJson(object)}\n`);
    return {
      intervalMs: JSON_INTERVAL_MS,
      progress({ tally, turnsPerSecond }) {
        write({
          type: "progress",
          ...tally,
          turnsPerSecond,
          remainingMs: remainingMs(turnsLeft(tally), turnsPerSecond),
        });
      },
      setAside: (setAside) => write({ type: "set-aside", ...setAside }),
      say: (text) => stderr.write(`${text}\n`),
    };
  },
  quiet({ stderr }) {
    return {
      intervalMs: PLAIN_INTERVAL_MS,
      progress() {},
      setAside(setAside, isNamed) {
        if (isNamed) stderr.write(`set aside ${described(setAside)}\n`);
      },
      say: (text) => stderr.write(`${text}\n`),
    };
  },
};

function described({ discussion, reason }: SetAside): string {
  return `${neutralise(discussion)}: ${neutralise(reason)}`;
}
