/** A request whose reply must have a form, such as a JSON object. */
import type { Choice } from "../../../core/answer_form.ts";
import type { ModelReply } from "../../../core/ports/model.ts";
import { answerText, valueOfLabel } from "../../../core/ports/read_answer.ts";
import type { AnswerPlan, ChoosePart } from "./answer_plan.ts";
import { Row, type RowSetup, type Vocabulary } from "./row.ts";

/** What a row needs to write texts within JSON. */
type FormVocabulary = Vocabulary & Readonly<{ encodeText: (text: string) => readonly number[] }>;

/** Works through a plan: outputs fixed parts, waits for choices, and writes texts. */
export class FormedRow extends Row {
  readonly #plan: AnswerPlan;
  readonly #vocabulary: FormVocabulary;
  readonly #values: Record<string, string> = {};
  readonly #choices: Record<string, Choice> = {};
  /** Tokens of the reply that the model has not been given yet. */
  #queue: number[] = [];
  /** The index of the current part. */
  #part = 0;
  /** The tokens of the text that is being written. */
  #written: number[] = [];
  /** How many tokens texts may still take. */
  #freeTokens: number;
  #tokens = 0;
  #isCut = false;

  /** @param setup The question; `replyTokens` is at least the plan's `fixedTokens`. */
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
    /** Outputs a fixed part, and ends the reply after the last one. */
    this.#advance();
  }

  /** The choice to make before the next token. */
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

  /** Appends a token. */
  override take(logits: Float32Array): number {
    if (this.#queue.length > 0) return this.#queue.shift()!;
    /** Draws a token of a text; `null` if the text has ended. */
    const token = this.#write(logits);
    if (token !== null) return token;
    this.#part++;
    this.#advance();
    // If the reply has just ended, the token does not matter.
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
      // The last token can reach beyond the text: re-encode the part that belongs to the text, if it fits.
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

/** The beginning of a quoted text. */
type Quoted = Readonly<{
  /** The unescaped text. */
  value: string;
  /** The text as written, without the closing quotation mark and anything after it. */
  raw: string;
  /** Whether it is closed, or has reached its longest length. */
  hasEnded: boolean;
}>;

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** A quotation mark, an escape, an unfinished escape at the end, or a character. */
const UNIT = /"|\\u[0-9a-fA-F]{4}|\\u[0-9a-fA-F]{0,3}$|\\[^]|[^]/gu;

const HALF_ESCAPE = /^\\(?:u[0-9a-fA-F]{0,3})?$/;

/**
 * Reads what a model has written after an opening quotation mark. Invalid JSON is read as it was meant: a line break stays
 * a line break, an unknown escape is the character after the backslash.
 *
 * @param written Everything after the opening quotation mark.
 * @param charactersMax The longest length of the text.
 */
export function readQuoted(written: string, charactersMax: number): Quoted {
  let value = "";
  let raw = "";
  let characters = 0;
  for (const { 0: unit, index } of written.matchAll(UNIT)) {
    if (unit === '"') return { value: value.toWellFormed(), raw, hasEnded: true };
    const isLast = index + unit.length === written.length;
    if (isLast && HALF_ESCAPE.test(unit)) break;
    const read = unescaped(unit);
    // Two escapes can form one character, which counts once.
    const isSecondHalf = /[\ud800-\udbff]$/.test(value) && /^[\udc00-\udfff]/.test(read);
    if (!isSecondHalf && characters === charactersMax) {
      return { value: value.toWellFormed(), raw, hasEnded: true };
    }
    characters += isSecondHalf ? 0 : 1;
    value += read;
    raw += unit;
  }
  return { value: value.toWellFormed(), raw, hasEnded: false };
}

function unescaped(unit: string): string {
  if (unit.length === 6) return String.fromCharCode(parseInt(unit.slice(2), 16));
  return unit.startsWith("\\") ? ESCAPES[unit.slice(1)] ?? unit.slice(1) : unit;
}
