/** A request whose reply must have a form. */
import type { Choice } from "../../../core/ports/answer_form.ts";
import type { ModelReply } from "../../../core/ports/model.ts";
import { answerText, valueOfLabel } from "../../../core/ports/read_answer.ts";
import type { AnswerPlan, ChoosePart } from "./answer_plan.ts";
import { readQuoted } from "./quoted.ts";
import { Row, type RowSetup, type Vocabulary } from "./row.ts";

/** What a row must know of the model to write texts within JSON. */
export type FormVocabulary = Vocabulary & Readonly<{ encodeText: (text: string) => readonly number[] }>;

/** Goes through a plan part by part: says what is fixed, waits for choices, and writes texts. */
export class FormedRow extends Row {
  readonly #plan: AnswerPlan;
  readonly #vocabulary: FormVocabulary;
  readonly #values: Record<string, string> = {};
  readonly #choices: Record<string, Choice> = {};
  /** Tokens that are settled, and still to be given to the model. */
  #queue: number[] = [];
  /** Which part comes next, or is being written. */
  #part = 0;
  /** Tokens of the text that is being written. */
  #written: number[] = [];
  /** Tokens that texts may still take. */
  #freeTokens: number;
  #tokens = 0;
  #isCut = false;

  /**
   * @param setup What is asked; `replyTokens` is no less than what the plan's fixed parts take.
   * @param plan The parts of the reply.
   * @param vocabulary How tokens become text, and text tokens.
   * @param onReply Is told the reply as soon as it has ended.
   */
  constructor(
    setup: RowSetup,
    plan: AnswerPlan,
    vocabulary: FormVocabulary,
    onReply: (reply: ModelReply) => void,
  ) {
    super(setup, onReply);
    this.#plan = plan;
    this.#vocabulary = vocabulary;
    this.#freeTokens = setup.replyTokens - plan.fixedTokens;
    this.#advance();
  }

  /** What is to be chosen before the next token can be taken. */
  override get choice(): ChoosePart | null {
    const part = this.#plan.parts[this.#part];
    return this.#queue.length === 0 && part?.kind === "choose" ? part : null;
  }

  /** Makes the choice. */
  override choose(choice: Choice): void {
    const { name, labels } = this.choice!;
    const tokens = labels.get(choice.answer)!;
    if (name === null) {
      return this.end(tokens.length, { text: choice.answer, finishReason: "stop", choice });
    }
    this.#values[name] = choice.answer;
    this.#choices[name] = choice;
    this.#say(tokens);
    this.#part++;
    this.#advance();
  }

  /** Takes one token further. */
  override take(logits: Float32Array): number {
    if (this.#queue.length > 0) return this.#queue.shift()!;
    const token = this.#write(logits);
    if (token !== null) return token;
    this.#part++;
    this.#advance();
    // What was written last may have ended the reply; the token is then of no account.
    return this.#queue.shift() ?? 0;
  }

  /** Draws a token of a text; `null` when the text has ended, which has then been noted. */
  #write(logits: Float32Array): number | null {
    const part = this.#plan.parts[this.#part]!;
    if (part.kind !== "write") throw new TypeError(`Cannot write a text: the next part is to ${part.kind}`);
    const { name, charactersMax } = part;
    const { decode, encodeText, endTokens } = this.#vocabulary;
    const before = this.#written;
    const token = this.#freeTokens > 0 ? this.pick(logits) : null;
    const isEnd = token === null || endTokens.has(token);
    const now = readQuoted(decode(isEnd ? before : [...before, token]), charactersMax);
    if (!isEnd && !now.hasEnded && this.#freeTokens > 1) {
      this.#written = [...before, token];
      this.#freeTokens--;
      this.#note(token);
      return token;
    }
    this.#isCut ||= token === null || (!isEnd && !now.hasEnded);
    this.#values[name] = now.value;
    if (!isEnd) {
      // A token can hold the end of a text and more: what is the text's own is said in other tokens, as far as it fits.
      const already = readQuoted(decode(before), charactersMax).raw;
      const own = encodeText(now.raw.startsWith(already) ? now.raw.slice(already.length) : "");
      const kept = own.length <= this.#freeTokens ? own : [];
      this.#freeTokens -= kept.length;
      this.#say(kept);
    }
    this.#written = [];
    return null;
  }

  /** Says what is fixed from here on; ends the reply when nothing else is left. */
  #advance(): void {
    const part = this.#plan.parts[this.#part];
    if (part?.kind !== "say") return;
    this.#say(part.tokens);
    this.#part++;
    if (this.#part === this.#plan.parts.length) this.#endObject();
  }

  #say(tokens: readonly number[]): void {
    this.#queue.push(...tokens);
    for (const token of tokens) this.#note(token);
  }

  #note(token: number): void {
    this.#tokens++;
    this.see(token);
  }

  #endObject(): void {
    const schema = this.#plan.schema!;
    const values = Object.entries(schema.properties).map(([name, property]) => {
      const said = this.#values[name]!;
      return [name, "maxLength" in property ? said : valueOfLabel(property, said)];
    });
    this.end(this.#tokens, {
      text: answerText(schema, Object.fromEntries(values)),
      finishReason: this.#isCut ? "length" : "stop",
      choices: this.#choices,
    });
  }
}
