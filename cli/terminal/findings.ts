/** What a check or an import finds: as JSON lines, or for people, who see the first of them and a count. */
import { safeJson } from "./neutralise.ts";
import { formatCount } from "./numbers.ts";
import type { TextSink } from "./text_sink.ts";

/** At most this many findings are printed for people. */
const SHOWN_MAX = 50;

/** Writes findings as they are found. */
export class Findings {
  count = 0;
  readonly #write: (object: Readonly<Record<string, unknown>>, text: string) => void;

  /** @param people Where texts go; JSON goes to `stdout`. */
  constructor(json: boolean, stdout: TextSink, people: TextSink = stdout) {
    this.#write = json
      ? (object) => stdout.write(`${safeJson(object)}\n`)
      : (_, text) => this.count <= SHOWN_MAX && people.write(`${text}\n`);
  }

  /** Adds a finding: an object for programs, and a text for people, which must be safe to show. */
  add(object: Readonly<Record<string, unknown>>, text: string): void {
    this.count++;
    this.#write(object, text);
  }

  /** A line that says how many findings were not printed; empty when all were. */
  rest(what = ""): string {
    const rest = this.count - SHOWN_MAX;
    return rest > 0 ? `… and ${formatCount(rest)} more${what}\n` : "";
  }
}
