/** The models that a run waits for now, by its operations log. */
import { join } from "node:path";
import type { PausedModel } from "../progress/paused_models.ts";

/** The end of each log that is looked at, in bytes. */
const TAIL_BYTES_MAX = 1_048_576;

const LOG_FILE = /^log(\.\d+-of-\d+)?\.jsonl$/;

/** A line of the log, as far as it concerns this. */
type Line = Readonly<{ message?: unknown }> & Partial<Record<keyof PausedModel, unknown>>;

/**
 * The models that are paused by the last that the run's logs say of them. Where a run has no log, none are known.
 */
export function pausedModels(folder: string): readonly PausedModel[] {
  const logs = [...Deno.readDirSync(folder)].filter(({ name }) => LOG_FILE.test(name));
  return logs.flatMap(({ name }) => pausedIn(tailOf(join(folder, name))));
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
    // The first line of the tail is cut, and the last one may be under way.
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
