/** One request to a local model: its question, its reply so far, and what comes next. */
import type { Choice } from "../../../core/answer_form.ts";
import type { FinishReason } from "../../../core/events/models.ts";
import type { ModelReply } from "../../../core/ports/model.ts";
import { type Draw, openDraw } from "../../../core/random/mod.ts";

export type SamplerSettings = Readonly<{
  /** 0 takes the likeliest token. */
  temperature: number;
  /** Keeps this many of the likeliest tokens; 0 keeps all. */
  topK: number;
  /** Keeps the likeliest tokens, as few as possible, whose probabilities sum to at least this; 1 keeps all. */
  topP: number;
  /** Keeps tokens with at least this share of the highest probability; 0 keeps all. */
  minP: number;
  /** 1 changes nothing. */
  repetitionPenalty: number;
}>;

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

/**
 * A request in work. The code that runs the model repeats two steps until the row is over. First, the model reads
 * all of `input`. Then the code draws a token and gives it to `take()`; if `choice` is not `null`, it makes that
 * choice instead and gives it to `choose()`. Both methods add tokens to `input`.
 */
export abstract class Row {
  readonly setup: RowSetup;
  /** Draws tokens and choices. */
  readonly draw: Draw;
  /** The tokens of the prompt and the reply, for the repetition penalty; empty without one. */
  readonly seen: Set<number>;
  /** The tokens that the model has not read yet. The code that runs the model removes those that it has read. */
  readonly input: number[];
  /** Set when no caller waits for the reply any more. */
  aborted = false;
  readonly #onReply: (reply: ModelReply) => void;
  #hasEnded = false;

  constructor(setup: RowSetup, onReply: (reply: ModelReply) => void) {
    this.setup = setup;
    this.#onReply = onReply;
    this.draw = openDraw(String(setup.seed), "local-sampling");
    this.seen = new Set(setup.sampler.repetitionPenalty === 1 ? [] : setup.prompt);
    this.input = [...setup.prompt];
  }

  /** Whether the row needs no further steps. */
  get isOver(): boolean {
    return this.aborted || this.#hasEnded;
  }

  /** The choice to make next; `null` if a token is drawn next. */
  abstract get choice(): ChoosePart | null;

  abstract choose(choice: Choice): void;

  /** Takes the token that was drawn. */
  abstract take(token: number): void;

  /** Appends a token of the reply. */
  protected say(token: number): void {
    this.input.push(token);
    if (this.setup.sampler.repetitionPenalty !== 1) this.seen.add(token);
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
