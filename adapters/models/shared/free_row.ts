/** A reply that may be any text. It ends with an end token, a stop text or the last allowed token. */
import type { ModelReply } from "../../../core/ports/model.ts";
import { Row, type RowSetup, type Vocabulary } from "./row.ts";

/** A character takes at most this many tokens: one for each of its bytes in UTF-8. */
const TOKENS_PER_CHARACTER = 4;

export class FreeRow extends Row {
  readonly #stop: readonly string[];
  readonly #vocabulary: Vocabulary;
  readonly #tokens: number[] = [];
  readonly #tail: number;

  readonly choice = null;

  constructor(
    setup: RowSetup & Readonly<{ stop: readonly string[] }>,
    vocabulary: Vocabulary,
    onReply: (reply: ModelReply) => void,
  ) {
    super(setup, onReply);
    this.#stop = setup.stop;
    this.#vocabulary = vocabulary;
    const longestStop = Math.max(0, ...setup.stop.map((text) => text.length));
    this.#tail = TOKENS_PER_CHARACTER * (longestStop + 1);
  }

  override choose(): never {
    throw new TypeError("Cannot choose an answer: the reply may be any text");
  }

  override take(token: number): void {
    this.#tokens.push(token);
    const { length } = this.#tokens;
    if (this.#vocabulary.endTokens.has(token)) {
      const text = this.#vocabulary.decode(this.#tokens.slice(0, -1));
      return this.end(length, { text, finishReason: "stop" });
    }
    this.say(token);
    const stopped = this.#stoppedText();
    if (stopped !== null) this.end(length, { text: stopped, finishReason: "stop" });
    else if (length >= this.setup.replyTokens) {
      this.end(length, { text: this.#vocabulary.decode(this.#tokens), finishReason: "length" });
    }
  }

  /** The text before the first stop text; `null` if the reply contains none. */
  #stoppedText(): string | null {
    if (this.#stop.length === 0) return null;
    const tail = this.#vocabulary.decode(this.#tokens.slice(-this.#tail));
    if (!this.#stop.some((text) => tail.includes(text))) return null;
    const text = this.#vocabulary.decode(this.#tokens);
    const ends = this.#stop.map((stop) => text.indexOf(stop)).filter((index) => index !== -1);
    return ends.length === 0 ? null : text.slice(0, Math.min(...ends));
  }
}
