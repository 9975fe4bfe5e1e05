/** Models that are paused, as they are shown. */
import type { ModelNotice } from "../../core/engine/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatDuration } from "../terminal/numbers.ts";

/** A model that is paused. */
export type PausedModel = Readonly<{ model: string; cause: string; reason: string; until: string }>;

/** Which model is paused, until when, and why; safe to show. */
export function describePaused(paused: PausedModel): string {
  return `${describeUntil(paused)}: ${neutralise(paused.reason)}`;
}

/** The model that a notice says is paused. */
export function pausedBy({ model, cause, reason, untilMs }: ModelNotice & { kind: "paused" }): PausedModel {
  return { model, cause, reason, until: new Date(untilMs).toISOString() };
}

/** Which model is paused, and until when; safe to show. */
export function describeUntil({ model, cause, until }: PausedModel): string {
  const when = cause === "down"
    ? "until it answers again"
    : `until ${until}, because it accepts no more requests`;
  return `${neutralise(model)} ${when}`;
}

/** What a notice says, on one line; safe to show. */
export function describeModel(notice: ModelNotice): string {
  const model = neutralise(notice.model);
  if (notice.kind === "resumed") return `${model} after ${formatDuration(notice.pausedMs)}`;
  const { cause, reason, pauseMsMax } = notice;
  return cause === "down"
    ? `${model} until it answers again, for up to ${formatDuration(pauseMsMax)}: ${neutralise(reason)}`
    : describePaused(pausedBy(notice));
}
