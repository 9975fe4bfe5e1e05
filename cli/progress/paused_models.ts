/** Describes models that a run waits for, and finds them in its notices. */
import type { PausedModel } from "../../core/ports/mod.ts";
import type { ModelNotice } from "../../core/engine/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatDuration } from "../terminal/numbers.ts";

/** Describes a paused model with the end and the reason of the pause. The text is safe to show. */
export function describePaused(paused: PausedModel): string {
  return `${describeUntil(paused)}: ${neutralise(paused.reason)}`;
}

/** The paused model of a notice. */
export function pausedBy({ model, cause, reason, untilMs }: ModelNotice & { kind: "paused" }): PausedModel {
  return { model, cause, reason, until: new Date(untilMs).toISOString() };
}

/** Describes a paused model with the end of the pause. The text is safe to show. */
export function describeUntil({ model, cause, until }: PausedModel): string {
  const when = cause === "down"
    ? "until it answers again"
    : `until ${until}, because it accepts no more requests`;
  return `${neutralise(model)} ${when}`;
}

/** Describes a notice on one line. The text is safe to show. */
export function describeModel(notice: ModelNotice): string {
  const model = neutralise(notice.model);
  if (notice.kind === "resumed") return `${model} after ${formatDuration(notice.pausedMs)}`;
  const { cause, reason, pauseMsMax } = notice;
  return cause === "down"
    ? `${model} until it answers again, for up to ${formatDuration(pauseMsMax)}: ${neutralise(reason)}`
    : describePaused(pausedBy(notice));
}
