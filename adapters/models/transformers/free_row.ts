/** A request whose reply may be any text. */
import type { ModelReply } from "../../../core/ports/model.ts";
import { Row, type RowSetup, type Vocabulary } from "./row.ts";

/** Longest number of tokens that one character can take: the bytes of UTF-8. */
const TOKENS_PER_CHARACTER = 4;

/** Goes on until the model ends its reply, a stop text comes, or the tokens are used up. */
export class FreeRow extends Row {
  readonly #stop: readonly string[];
  readonly #vocabulary: Vocabulary;
  readonly #tokens: number[] = [];
  readonly #tail: number;

  /** There is never anything to choose. */
  readonly choice = null;

  /**
   * @param setup What is asked, and the texts at which the reply ends.
   * @param vocabulary How tokens become text.
   * @param onReply Is told the reply as soon as it has ended.
   */
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

  /** Is never called. */
  override choose(): never {
    throw new TypeError("Cannot choose an answer: the reply may be any text");
  }

  /** Takes one token further. */
  override take(logits: Float32Array): number {
    const token = this.pick(logits);
    this.#tokens.push(token);
    const { length } = this.#tokens;
    if (this.#vocabulary.endTokens.has(token)) {
      this.end(length, { text: this.#vocabulary.decode(this.#tokens.slice(0, -1)), finishReason: "stop" });
      return token;
    }
    this.see(token);
    const stopped = this.#stoppedText();
    if (stopped !== null) this.end(length, { text: stopped, finishReason: "stop" });
    else if (length >= this.setup.replyTokens) {
      this.end(length, { text: this.#vocabulary.decode(this.#tokens), finishReason: "length" });
    }
    return token;
  }

  /** What stands before the first stop text; `null` when there is none. */
  #stoppedText(): string | null {
    if (this.#stop.length === 0) return null;
    const tail = this.#vocabulary.decode(this.#tokens.slice(-this.#tail));
    if (!this.#stop.some((text) => tail.includes(text))) return null;
    const text = this.#vocabulary.decode(this.#tokens);
    const ends = this.#stop.map((stop) => text.indexOf(stop)).filter((index) => index !== -1);
    return ends.length === 0 ? null : text.slice(0, Math.min(...ends));
  }
}
