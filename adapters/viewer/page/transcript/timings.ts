/** The attempts and times of a request, from the metadata of its event. */
import type { EventMeta } from "../../../../core/events/mod.ts";

/** What the metadata say about a request. Other versions of the program can write other members. */
export type Timing = Readonly<{
  attempts: number | null;
  /** How long the last attempt took, in milliseconds. */
  latencyMs: number | null;
  /** The total wait between the attempts, in milliseconds. */
  waitedMs: number | null;
  /** The server's words about a failure. */
  message: string | null;
  /** The HTTP status of a failure. */
  status: number | null;
}>;

/** Reads metadata without trusting them. */
export function timingOf(meta: EventMeta | undefined): Timing {
  const number = (key: string) => {
    const value = meta?.[key];
    return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
  };
  return {
    attempts: number("attempts"),
    latencyMs: number("latencyMs"),
    waitedMs: number("waitedMs"),
    message: typeof meta?.message === "string" ? meta.message : null,
    status: number("status"),
  };
}

/** A time for people: `0.34 s`, `12 s`, `3 min 20 s`. */
export function durationWords(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const [minutes, hours] = [Math.floor(whole / 60) % 60, Math.floor(whole / 3600)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}
