/** Lines at the bottom of a terminal that are redrawn. */
import ansiEscapes from "ansi-escapes";
import { createLogUpdate } from "log-update";
import wrapAnsi from "wrap-ansi";
import type { TextSink } from "./text_sink.ts";

/** A few lines that stay below everything else that is written. */
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
    // A cursor that was hidden would stay hidden after a kill.
    this.#update = createLogUpdate(stream as unknown as NodeJS.WritableStream, { showCursor: true });
  }

  /** Replaces the lines. Each must fit into one line of the terminal. */
  draw(lines: readonly string[]): void {
    this.#eraseBrokenRows();
    this.#drawn = lines.join("\n");
    this.#columns = this.#sink.columns();
    this.#update(this.#drawn);
  }

  /** Writes a line that stays, above the others. */
  print(line: string): void {
    this.#eraseBrokenRows();
    this.#update.clear();
    this.#sink.write(`${line}\n`);
    if (this.#drawn !== "") this.draw(this.#drawn.split("\n"));
  }

  /** A terminal that became narrower has broken the lines into more rows than were drawn. */
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
