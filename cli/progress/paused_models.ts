/** Finds the models that a run waits for, from its notices or from the end of its operations log. */
import type { ModelNotice } from "../../core/engine/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatDuration } from "../terminal/numbers.ts";

/** A model that is paused. */
export type PausedModel = Readonly<{ model: string; cause: string; reason: string; until: string }>;

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

/** At most this many bytes are read from the end of each log. */
const TAIL_BYTES_MAX = 1_048_576;

/** The fields of a log line that are needed here. */
type Line = Readonly<{ message?: unknown }> & Partial<Record<keyof PausedModel, unknown>>;

/** The models that are paused, according to the last entries of these operations logs. */
export function pausedModels(logs: readonly string[]): readonly PausedModel[] {
  return logs.flatMap((log) => pausedIn(tailOf(log)));
}

function pausedIn(lines: readonly string[]): readonly PausedModel[] {
  const paused = new Map<unknown, PausedModel>();
  for (const line of lines) {
    const { message, model, cause, reason, until } = parsed(line);
    if (message === "model paused") {
      const texts = { model: String(model), cause: String(cause), reason: String(reason) };
      paused.set(model, { ...texts, until: String(until) });
    } else if (message === "model resumed") paused.delete(model);
    else if (message === "run begins" || message === "annotation begins") paused.clear();
  }
  return [...paused.values()];
}

function parsed(line: string): Line {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    // The first line of the tail may be cut, and the run may still be writing the last line.
    return {};
  }
}

function tailOf(path: string): readonly string[] {
  using file = Deno.openSync(path);
  const { size } = file.statSync();
  const from = Math.max(0, size - TAIL_BYTES_MAX);
  file.seekSync(from, Deno.SeekMode.Start);
  const bytes = new Uint8Array(size - from);
  let length = 0;
  for (let read; length < bytes.length && (read = file.readSync(bytes.subarray(length))) !== null;) {
    length += read;
  }
  return new TextDecoder().decode(bytes.subarray(0, length)).split("\n");
}
