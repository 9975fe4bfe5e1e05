/** Lines at the bottom of a terminal that are drawn again and again. */
import { displayWidth } from "./fit.ts";
import type { TextSink } from "./text_sink.ts";

// deno-lint-ignore no-control-regex -- the lines are ours, the sequences are those of `styled`
const ESCAPE_SEQUENCE = /\x1b\[[0-9;]*m/g;

/** A few lines that follow everything else that is written. */
export class LiveLines {
  readonly #sink: TextSink;
  #drawn: readonly string[] = [];

  /** @param sink A terminal. */
  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  /** Draws lines in place of those that were drawn before. Each must fit into one line of the terminal. */
  draw(lines: readonly string[]): void {
    this.#sink.write(this.#erasure() + lines.map((line) => `${line}\n`).join(""));
    this.#drawn = lines;
  }

  /** Writes text that stays, above the lines. */
  print(text: string): void {
    this.#sink.write(`${this.#erasure()}${text}${this.#drawn.map((line) => `${line}\n`).join("")}`);
  }

  /** What takes the lines away: in one write with what follows, so that nothing flickers. */
  #erasure(): string {
    if (this.#drawn.length === 0) return "";
    // A terminal that became narrower has broken the old lines into several rows.
    const columns = this.#sink.columns();
    const rows = this.#drawn.reduce((sum, line) => {
      const width = displayWidth(line.replace(ESCAPE_SEQUENCE, ""));
      return sum + Math.max(1, Math.ceil(width / columns));
    }, 0);
    return `\x1b[${rows}A\r\x1b[J`;
  }
}
