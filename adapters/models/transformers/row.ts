/** One request under way: what it was asked, what it has answered so far, when it has ended. */
import type { Choice } from "../../../core/ports/answer_form.ts";
import type { FinishReason } from "../../../core/events/models.ts";
import type { ModelReply } from "../../../core/ports/model.ts";
import { type Draw, openDraw } from "../../../core/random/mod.ts";
import type { ChoosePart } from "./answer_plan.ts";
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
  seed: number;
}>;

/** A request in a batch. */
export abstract class Row {
  readonly setup: RowSetup;
  readonly draw: Draw;
  /** Nobody waits for it any more. */
  aborted = false;
  readonly #seen: Set<number>;
  readonly #onReply: (reply: ModelReply) => void;
  #hasEnded = false;

  /**
   * @param setup What is asked.
   * @param onReply Is told the reply as soon as it has ended.
   */
  constructor(setup: RowSetup, onReply: (reply: ModelReply) => void) {
    this.setup = setup;
    this.#onReply = onReply;
    this.draw = openDraw(String(setup.seed), "local-sampling");
    this.#seen = new Set(setup.sampler.repetitionPenalty === 1 ? [] : setup.prompt);
  }

  /** Whether there is nothing more to do for it. */
  get isOver(): boolean {
    return this.aborted || this.#hasEnded;
  }

  /** What is to be chosen before the next token can be taken; `null` where nothing is. */
  abstract get choice(): ChoosePart | null;

  /**
   * Makes the choice.
   *
   * @param choice What was chosen, and how likely each label is.
   */
  abstract choose(choice: Choice): void;

  /**
   * Takes one token further.
   *
   * @param logits Of the next token.
   * @returns The token, for the model's next step.
   */
  abstract take(logits: Float32Array): number;

  /** Draws a token. */
  protected pick(logits: Float32Array): number {
    return pickToken(logits, this.#seen, this.setup.sampler, this.draw);
  }

  /** Notes a token that the reply has. */
  protected see(token: number): void {
    this.#seen.add(token);
  }

  /** Ends the reply. */
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
