/** Shows how something goes, to whoever watches: as lines that are drawn again, as lines of a log, or as JSON. */
import type { ModelNotice } from "../../core/engine/mod.ts";
import { LiveLines } from "../terminal/live_lines.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { styled } from "../terminal/style.ts";
import type { Io, TextSink } from "../terminal/text_sink.ts";
import { describeNotice, PausedModels } from "./paused_models.ts";

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

/** How far something is, in every form that it can be shown in. */
export type Progress = Readonly<{
  live: (terminal: TextSink) => string[];
  plain: () => string;
  json: () => Readonly<Record<string, unknown>>;
}>;

/** What is watched. */
export type Watched = Readonly<{
  /** How far it is now. */
  progress: () => Progress;
}>;

/** A report that is under way. */
export interface Report {
  /** Something has happened; the first time begins the report. */
  changed(): void;
  /** A discussion was set aside. */
  setAside(setAside: SetAside): void;
  /** Tells of a model that several discussions wait for. */
  model(notice: ModelNotice): void;
  /** Says something to people, whatever the style. The text must be safe to show. */
  say(text: string): void;
  /** Shows where it has come to and ends the report; the first discussions that were set aside. */
  end(): readonly SetAside[];
}

type Display = Readonly<{
  intervalMs: number;
  progress(progress: Progress): void;
  setAside(setAside: SetAside): void;
  model(notice: ModelNotice): void;
  say(text: string): void;
}>;

/**
 * Begins a report; it shows nothing before the first change, so that what cannot begin shows nothing but its error.
 *
 * @param style How.
 * @param io Where: JSON goes to the standard output, everything else to the standard error.
 * @param watched What is watched.
 */
export function openReport(style: ReportStyle, io: Io, { progress }: Watched): Report {
  const display = DISPLAYS[style](io);
  const named: SetAside[] = [];
  const paused = new PausedModels();
  const draw = () => display.progress(besidePauses(progress(), paused));
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    changed() {
      if (timer !== undefined) return;
      draw();
      timer = setInterval(draw, display.intervalMs);
    },
    setAside(setAside) {
      const isNamed = named.length < SET_ASIDE_NAMED_MAX;
      if (isNamed) named.push(setAside);
      if (isNamed || style === "json") display.setAside(setAside);
    },
    model(notice) {
      paused.told(notice);
      display.model(notice);
    },
    say: (text) => display.say(text),
    end() {
      if (timer !== undefined) draw();
      clearInterval(timer);
      return named;
    },
  };
}

/** How far something is, and which models it waits for. */
function besidePauses(progress: Progress, { list, lines, shortLines }: PausedModels): Progress {
  if (list.length === 0) return progress;
  return {
    live: (terminal) => [...progress.live(terminal), ...lines],
    plain: () => [progress.plain(), ...shortLines].join("; "),
    json: () => ({ ...progress.json(), paused: list }),
  };
}

const DISPLAYS: Readonly<Record<ReportStyle, (io: Io) => Display>> = {
  live({ stderr }) {
    const live = new LiveLines(stderr);
    return {
      intervalMs: LIVE_INTERVAL_MS,
      progress: (progress) => live.draw(progress.live(stderr)),
      setAside: (setAside) => live.print(`${styled(stderr, "yellow", "set aside")} ${described(setAside)}\n`),
      model: (notice) => live.print(`${styled(stderr, "yellow", notice.kind)} ${describeNotice(notice)}\n`),
      say: (text) => live.print(`${text}\n`),
    };
  },
  plain({ stderr }) {
    return {
      intervalMs: PLAIN_INTERVAL_MS,
      progress: (progress) => stderr.write(`${progress.plain()}\n`),
      setAside: (setAside) => stderr.write(`set aside ${described(setAside)}\n`),
      model: (notice) => stderr.write(`${notice.kind} ${describeNotice(notice)}\n`),
      say: (text) => stderr.write(`${text}\n`),
    };
  },
  json({ stdout, stderr }) {
    const write = (object: Readonly<Record<string, unknown>>) => stdout.write(`${safeJson(object)}\n`);
    return {
      intervalMs: JSON_INTERVAL_MS,
      progress: (progress) => write(progress.json()),
      setAside: (setAside) => write({ type: "set-aside", ...setAside }),
      model: ({ kind, ...notice }) => write({ type: kind, ...notice }),
      say: (text) => stderr.write(`${text}\n`),
    };
  },
  quiet({ stderr }) {
    return {
      intervalMs: PLAIN_INTERVAL_MS,
      progress() {},
      setAside: (setAside) => stderr.write(`set aside ${described(setAside)}\n`),
      model: (notice) => stderr.write(`${notice.kind} ${describeNotice(notice)}\n`),
      say: (text) => stderr.write(`${text}\n`),
    };
  },
};

function described({ discussion, reason }: SetAside): string {
  return `${neutralise(discussion)}: ${neutralise(reason)}`;
}

/** How a command is watched, by its options and by where it writes. */
export function styleOf(
  { json, quiet }: Readonly<{ json: boolean; quiet: boolean }>,
  { stderr }: Io,
): ReportStyle {
  if (json) return "json";
  if (quiet) return "quiet";
  return stderr.isTerminal ? "live" : "plain";
}

/** What is told of the work that is reported, whatever kind of work it is. */
type WorkNotice = ModelNotice | Readonly<{ kind: "set-aside"; discussion: string; reason: string }>;

/**
 * Feeds a report from the notices of a piece of work.
 *
 * @param report The report.
 * @param keeper Keeps the tally of everything but what is told of models.
 */
export function following<Notice extends Readonly<{ kind: string }>, Tally>(
  report: Report,
  keeper: Readonly<{ count: (notice: Notice) => void; tally: Tally }>,
): Readonly<{
  notify: (notice: Notice | ModelNotice) => void;
  say: Report["say"];
  end: () => Readonly<{ tally: Tally; setAside: readonly SetAside[] }>;
}> {
  return {
    notify(notice) {
      const told = notice as WorkNotice;
      if (told.kind === "paused" || told.kind === "resumed") return report.model(told);
      keeper.count(notice as Notice);
      report.changed();
      if (told.kind === "set-aside") report.setAside({ discussion: told.discussion, reason: told.reason });
    },
    say: report.say,
    end() {
      const setAside = report.end();
      return { tally: keeper.tally, setAside };
    },
  };
}
