/**
 * Prints the findings of a check or an import. As JSON, prints all; as text, the first 50 and the number of
 * the others.
 */
import { safeJson } from "./neutralise.ts";
import { formatCount } from "./numbers.ts";
import type { TextSink } from "./text_sink.ts";

/** At most this many findings are printed as text. */
const SHOWN_MAX = 50;

/** Counts findings, and writes each at once. */
export class Findings {
  count = 0;
  readonly #write: (object: Readonly<Record<string, unknown>>, text: string) => void;

  /** @param people Where texts go; by default, to `stdout`. JSON always goes to `stdout`. */
  constructor(json: boolean, stdout: TextSink, people: TextSink = stdout) {
    this.#write = json
      ? (object) => stdout.write(`${safeJson(object)}\n`)
      : (_, text) => this.count <= SHOWN_MAX && people.write(`${text}\n`);
  }

  /**
   * Adds a finding as an object for JSON and as a text. Control characters in the text must be escaped
   * already.
   */
  add(object: Readonly<Record<string, unknown>>, text: string): void {
    this.count++;
    this.#write(object, text);
  }

  /** A line with the number of findings that were not printed; empty if all were printed. */
  rest(what = ""): string {
    const rest = this.count - SHOWN_MAX;
    return rest > 0 ? `… and ${formatCount(rest)} more${what}\n` : "";
  }
}
