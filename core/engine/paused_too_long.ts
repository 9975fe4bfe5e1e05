/** What says that a model was paused for longer than it may be. */

/** A model was paused for as long as it may be. What waited for it can be resumed later. */
export class ModelPausedTooLong extends Error {
  /** Tells this error from others. */
  override readonly name = "ModelPausedTooLong";
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** From here on, a time is told in the next larger unit. */
const UNITS_MAX = 120;

/**
 * The message for people.
 *
 * @param model The model's name.
 * @param pause How long it took, what the server asked for (0 for nothing), until when, and how long it may take.
 */
export function describePause(
  model: string,
  { elapsedMs, statedMs, untilMs, pauseMsMax, reason }: Readonly<{
    elapsedMs: number;
    statedMs: number;
    untilMs: number;
    pauseMsMax: number;
    reason: string;
  }>,
): string {
  const what = statedMs > 0
    ? `The server of the model "${model}" asks to wait ${duration(statedMs)}, until ${
      new Date(untilMs).toISOString()
    }; a pause may take ${duration(pauseMsMax)}. Nothing is lost: run the same command again then`
    : `The model "${model}" did not come back within ${duration(elapsedMs)}. Nothing is lost: run the same ` +
      `command again when it is back`;
  return `${what}, or allow a longer pause. Last error: ${reason}`;
}

function duration(ms: number): string {
  if (ms < UNITS_MAX * SECOND_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < UNITS_MAX * MINUTE_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return `${Math.round(ms / HOUR_MS)} h`;
}
