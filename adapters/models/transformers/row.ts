/** One request under way: what it was asked, what it has answered so far, when it has ended. */
import type { FinishReason, ModelReply } from "../../../core/ports/model.ts";
import { type Draw, openDraw } from "../../../core/random/mod.ts";
import { pickToken, type SamplerSettings } from "./sampler.ts";

/** What a row must know of the model. */
export type Vocabulary = Readonly<{
  /** Tokens that end a reply. */
  endTokens: ReadonlySet<number>;
  /** The text of tokens, without the special ones. */
  decode: (tokens: readonly number[]) => string;
}>;

/** What a request comes to. */
export type RowSetup = Readonly<{
  prompt: readonly number[];
  sampler: SamplerSettings;
  /** Longest reply, in tokens. */
  replyTokens: number;
  stop: readonly string[];
  seed: number;
  /** The tokens of each allowed answer, for a request that allows only some. */
  answers?: ReadonlyMap<string, readonly number[]>;
}>;

/** Longest number of tokens that one character can take: the bytes of UTF-8. */
const TOKENS_PER_CHARACTER = 4;

/** A request in a batch. */
export class Row {
  readonly setup: RowSetup;
  readonly draw: Draw;
  readonly #vocabulary: Vocabulary;
  readonly #seen: Set<number>;
  readonly #tokens: number[] = [];
  readonly #tail: number;
  /** Nobody waits for it any more. */
  aborted = false;
  readonly #onReply: (reply: ModelReply) => void;
  #hasEnded = false;

  /**
   * @param setup What is asked.
   * @param vocabulary How tokens become text.
   * @param onReply Is told the reply as soon as it has ended.
   */
  constructor(setup: RowSetup, vocabulary: Vocabulary, onReply: (reply: ModelReply) => void) {
    this.setup = setup;
    this.#onReply = onReply;
    this.draw = openDraw(String(setup.seed), "local-sampling");
    this.#vocabulary = vocabulary;
    this.#seen = new Set(setup.sampler.repetitionPenalty === 1 ? [] : setup.prompt);
    const longestStop = Math.max(0, ...setup.stop.map((text) => text.length));
    this.#tail = TOKENS_PER_CHARACTER * (longestStop + 1);
  }

  /** Whether there is nothing more to do for it. */
  get isOver(): boolean {
    return this.aborted || this.#hasEnded;
  }

  /**
   * Takes one token further.
   *
   * @param logits Of the next token.
   * @returns The token, for the model's next step.
   */
  take(logits: Float32Array): number {
    const { sampler, replyTokens, stop } = this.setup;
    const token = pickToken(logits, this.#seen, sampler, this.draw);
    this.#tokens.push(token);
    if (this.#vocabulary.endTokens.has(token)) {
      this.#end(this.#vocabulary.decode(this.#tokens.slice(0, -1)), "stop");
      return token;
    }
    this.#seen.add(token);
    if (stop.length > 0) {
      const tail = this.#vocabulary.decode(this.#tokens.slice(-this.#tail));
      if (stop.some((text) => tail.includes(text))) {
        const text = this.#vocabulary.decode(this.#tokens);
        const ends = stop.map((stop) => text.indexOf(stop)).filter((index) => index !== -1);
        if (ends.length > 0) {
          this.#end(text.slice(0, Math.min(...ends)), "stop");
          return token;
        }
      }
    }
    if (this.#tokens.length >= replyTokens) this.#end(this.#vocabulary.decode(this.#tokens), "length");
    return token;
  }

  /**
   * Ends a request that allows only some answers.
   *
   * @param choice What was chosen, and how likely each answer is.
   */
  choose(choice: NonNullable<ModelReply["choice"]>): void {
    this.#tokens.push(...this.setup.answers!.get(choice.answer)!);
    this.#end(choice.answer, "stop", choice);
  }

  #end(text: string, finishReason: FinishReason, choice?: ModelReply["choice"]): void {
    this.#hasEnded = true;
    if (this.aborted) return;
    const usage = { promptTokens: this.setup.prompt.length, completionTokens: this.#tokens.length };
    this.#onReply({ text, finishReason, usage, ...(choice === undefined ? {} : { choice }) });
  }
}
