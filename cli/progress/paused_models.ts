/** The models that are paused, as they are shown beside how far something is. */
import type { ModelNotice } from "../../core/engine/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatDuration } from "../terminal/numbers.ts";

/** A model that is paused. */
export type PausedModel = Readonly<{ model: string; cause: string; reason: string; until: string }>;

/** Keeps which models are paused. */
export class PausedModels {
  readonly #paused = new Map<string, PausedModel>();

  /** A model was paused, or answers again. */
  told(notice: ModelNotice): void {
    const { model } = notice;
    if (notice.kind === "resumed") this.#paused.delete(model);
    else {
      const { cause, reason, untilMs } = notice;
      this.#paused.set(model, { model, cause, reason, until: new Date(untilMs).toISOString() });
    }
  }

  /** Those that are paused now. */
  get list(): readonly PausedModel[] {
    return [...this.#paused.values()];
  }

  /** A line for each, with the reason. */
  get lines(): string[] {
    return this.list.map((paused) => `paused ${describePaused(paused)}`);
  }

  /** The same without the reasons, for where these have been told. */
  get shortLines(): string[] {
    return this.list.map((paused) => `paused ${describeUntil(paused)}`);
  }
}

/** Which model is paused, for how long, and why; safe to show. */
export function describePaused(paused: PausedModel): string {
  return `${describeUntil(paused)}: ${neutralise(paused.reason)}`;
}

function describeUntil({ model, cause, until }: PausedModel): string {
  const when = cause === "down"
    ? "until it answers again"
    : `until ${until}, since it takes no more requests`;
  return `${neutralise(model)} ${when}`;
}

/** What a notice says, on one line. */
export function describeNotice(notice: ModelNotice): string {
  const model = neutralise(notice.model);
  if (notice.kind === "resumed") return `${model} after ${formatDuration(notice.pausedMs)}`;
  const { cause, reason, untilMs, pauseMsMax } = notice;
  const longest = formatDuration(pauseMsMax);
  if (cause === "down") return `${model} until it answers again, for up to ${longest}: ${neutralise(reason)}`;
  return describePaused({ model: notice.model, cause, reason, until: new Date(untilMs).toISOString() });
}
