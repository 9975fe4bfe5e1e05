/** Redraws lines at the bottom of a terminal. */
import ansiEscapes from "npm:ansi-escapes@7.3.0";
import { createLogUpdate } from "npm:log-update@8.0.0";
import wrapAnsi from "npm:wrap-ansi@10.0.2";
import type { TextSink } from "./text_sink.ts";

/** A few lines that stay below all other output. */
export class LiveLines {
  readonly #sink: TextSink;
  readonly #update: ReturnType<typeof createLogUpdate>;
  #drawn = "";
  #columns = 0;

  /** @param sink A terminal. */
  constructor(sink: TextSink) {
    this.#sink = sink;
    const stream = {
      isTTY: true,
      write: (text: string) => sink.write(text),
      get columns() {
        return sink.columns();
      },
    };
    // A hidden cursor would stay hidden if the process is killed, so the cursor is shown.
    this.#update = createLogUpdate(stream as unknown as NodeJS.WritableStream, { showCursor: true });
  }

  /** Replaces the lines. Each must fit into one line of the terminal. */
  draw(lines: readonly string[]): void {
    this.#eraseBrokenRows();
    this.#drawn = lines.join("\n");
    this.#columns = this.#sink.columns();
    this.#update(this.#drawn);
  }

  /** Writes a permanent line above the redrawn lines. */
  print(line: string): void {
    this.#eraseBrokenRows();
    this.#update.clear();
    this.#sink.write(`${line}\n`);
    if (this.#drawn !== "") this.draw(this.#drawn.split("\n"));
  }

  /** Erases additional rows, because a terminal that became narrower has broken the lines. */
  #eraseBrokenRows(): void {
    const rows = (columns: number) =>
      wrapAnsi(this.#drawn, columns, { hard: true, trim: false, wordWrap: false }).split("\n").length;
    const columns = this.#sink.columns();
    if (columns >= this.#columns) return;
    const more = rows(columns) - rows(this.#columns);
    if (more > 0) this.#sink.write(ansiEscapes.eraseLines(more + 1));
    this.#columns = columns;
  }
}
