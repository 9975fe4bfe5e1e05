/** One request in a batch: its question, its reply so far, and whether it has ended. */
import type { Choice } from "../../../core/answer_form.ts";
import type { FinishReason } from "../../../core/events/models.ts";
import type { ModelReply } from "../../../core/ports/model.ts";
import { type Draw, openDraw } from "../../../core/random/mod.ts";
import { pickToken, type SamplerSettings } from "./sampler.ts";

export type Vocabulary = Readonly<{
  endTokens: ReadonlySet<number>;
  /** The text of tokens, without special tokens. */
  decode: (tokens: readonly number[]) => string;
  /** The tokens of a plain text, without special tokens. */
  encodeText: (text: string) => readonly number[];
}>;

export type ChoosePart = Readonly<{
  kind: "choose";
  /** The property's name; `null` if the label is the whole reply. */
  name: string | null;
  /** The tokens of each label; an empty label has none. */
  labels: ReadonlyMap<string, readonly number[]>;
  /** The tokens that can follow a label, if one label is empty or begins another, as 1 begins 10; otherwise `null`. */
  followers: readonly number[] | null;
}>;

export type RowSetup = Readonly<{
  prompt: readonly number[];
  sampler: SamplerSettings;
  replyTokens: number;
  seed: number;
}>;

export abstract class Row {
  readonly setup: RowSetup;
  readonly draw: Draw;
  /** Set when no caller waits for the reply any more. */
  aborted = false;
  readonly #seen: Set<number>;
  readonly #onReply: (reply: ModelReply) => void;
  #hasEnded = false;

  constructor(setup: RowSetup, onReply: (reply: ModelReply) => void) {
    this.setup = setup;
    this.#onReply = onReply;
    this.draw = openDraw(String(setup.seed), "local-sampling");
    this.#seen = new Set(setup.sampler.repetitionPenalty === 1 ? [] : setup.prompt);
  }

  /** Whether the row needs no further steps. */
  get isOver(): boolean {
    return this.aborted || this.#hasEnded;
  }

  /** The choice to make before the next token; `null` if there is none. */
  abstract get choice(): ChoosePart | null;

  abstract choose(choice: Choice): void;

  /** Appends a token, and returns it as input of the next step. */
  abstract take(logits: Float32Array): number;

  protected pick(logits: Float32Array): number {
    return pickToken(logits, this.#seen, this.setup.sampler, this.draw);
  }

  /** Notes a token of the reply, for the repetition penalty. */
  protected see(token: number): void {
    this.#seen.add(token);
  }

  protected end(
    completionTokens: number,
    reply: Readonly<{ text: string; finishReason: FinishReason }> & Pick<ModelReply, "choice" | "choices">,
  ): void {
    this.#hasEnded = true;
    if (this.aborted) return;
    const { text, finishReason, ...choices } = reply;
    const usage = { promptTokens: this.setup.prompt.length, completionTokens };
    this.#onReply({ text, finishReason, usage, ...choices });
  }
}

/** A character takes at most this many tokens: one for each of its bytes in UTF-8. */
const TOKENS_PER_CHARACTER = 4;

/** A row whose reply may be any text. It ends with an end token, a stop text or the last allowed token. */
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
