/** A line of the operations log, as people read it. */
import type { LogLine } from "../../adapters/local/mod.ts";
import { neutralise } from "./neutralise.ts";

/** Longest value that is shown, in characters; `log.jsonl` has all of it. */
const VALUE_LENGTH_MAX = 500;

/**
 * One line of text that is safe to show: time, level, message, and the fields as `key=value`.
 *
 * @param line The line.
 */
export function logLine({ atMs, level, message, fields }: LogLine): string {
  const time = new Date(atMs).toISOString().slice(11, 19);
  const values = Object.entries(fields).map(([key, value]) => ` ${key}=${shown(value)}`);
  return `${time} ${level} ${neutralise(message)}${values.join("")}`;
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
  const cut = text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
  return neutralise(typeof value === "string" ? JSON.stringify(cut) : cut);
}
