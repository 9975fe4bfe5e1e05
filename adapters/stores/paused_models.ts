/** Finds the models that a run waits for at the end of its operations logs. */
import type { PausedModel } from "../../core/ports/mod.ts";

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
