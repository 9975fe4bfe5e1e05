/** Replies in a required form: plans their fixed parts, choices and free texts, and then writes them. */
import { type AnswerForm, type AnswerSchema, type Choice, labelsOf } from "../../../core/answer_form.ts";
import { ModelError, type ModelReply } from "../../../core/ports/model.ts";
import { answerText, valueOfLabel } from "../../../core/ports/read_answer.ts";
import { type ChoosePart, Row, type RowSetup, type Vocabulary } from "./row.ts";

const LABELS_SHOWN_MAX = 10;

type AnswerPart =
  | Readonly<{ kind: "say"; tokens: readonly number[] }>
  | ChoosePart
  | Readonly<{ kind: "write"; name: string; charactersMax: number }>;

export type AnswerPlan = Readonly<{
  parts: readonly AnswerPart[];
  /** `null` if the reply is one of several answers. */
  schema: AnswerSchema | null;
  /** The most tokens that the reply takes if all its free texts are empty. */
  fixedTokens: number;
}>;

/** Plans a reply. In an object, everything between two values, quotation marks included, is one fixed part. */
export function planAnswer(
  form: AnswerForm,
  { encodeText, endTokens }: Pick<Vocabulary, "encodeText" | "endTokens">,
): AnswerPlan {
  if ("answers" in form) {
    const labels = new Map(form.answers.map((answer) => [answer, encodeText(answer)]));
    const part = choosePart(null, labels, [...endTokens]);
    return { parts: [part], schema: null, fixedTokens: longest(part) };
  }
  const { answerSchema } = form;
  const properties = Object.entries(answerSchema.properties);
  const isQuoted = properties.map(([, property]) => "enum" in property || property.type === "string");
  const texts = properties.map(([name], index) =>
    (index === 0 ? "{" : `${isQuoted[index - 1] ? '"' : ""},`) + `${JSON.stringify(name)}:` +
    (isQuoted[index] ? '"' : "")
  );
  const said = [...texts, `${isQuoted.at(-1) ? '"' : ""}}`].map((text) => encodeText(text));
  const parts: AnswerPart[] = [];
  for (const [index, [name, property]] of properties.entries()) {
    parts.push({ kind: "say", tokens: said[index]! });
    const labels = labelsOf(property);
    if (labels !== null) {
      const encode = (label: string) => encodeText(isQuoted[index] ? withinQuotes(label) : label);
      const tokens = new Map(labels.map((label) => [label, encode(label)]));
      parts.push(choosePart(name, tokens, said[index + 1]!.slice(0, 1)));
    } else if ("maxLength" in property) {
      parts.push({ kind: "write", name, charactersMax: property.maxLength });
    }
  }
  parts.push({ kind: "say", tokens: said.at(-1)! });
  return { parts, schema: answerSchema, fixedTokens: parts.reduce((sum, part) => sum + longest(part), 0) };
}

function longest(part: AnswerPart): number {
  switch (part.kind) {
    case "say":
      return part.tokens.length;
    case "choose":
      return Math.max(...part.labels.values().map(({ length }) => length));
    case "write":
      return 0;
  }
}

function withinQuotes(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function choosePart(
  name: string | null,
  labels: ReadonlyMap<string, readonly number[]>,
  followers: readonly number[],
): ChoosePart {
  // If the tokens of a label begin other labels, one of these other labels comes right after it in sorted order.
  const keys = [...labels.values().map((tokens) => tokens.map((token) => `${token} `).join(""))].sort();
  const follows = (apart: (key: string, next: string) => boolean) =>
    keys.some((key, index) => index + 1 < keys.length && apart(key, keys[index + 1]!));
  const isAmbiguous = follows((key, next) => next.startsWith(key)) || keys[0] === "";
  if (follows((key, next) => key === next) || (keys[0] === "" && followers.length === 0)) {
    const all = JSON.stringify([...labels.keys()].slice(0, LABELS_SHOWN_MAX));
    throw new ModelError("bad-request", `Cannot choose among ${all}: the model cannot tell them all apart`);
  }
  return { kind: "choose", name, labels, followers: isAmbiguous && followers.length > 0 ? followers : null };
}

/** Follows a plan: outputs fixed parts, waits for choices, and writes texts. */
export class FormedRow extends Row {
  readonly #plan: AnswerPlan;
  readonly #vocabulary: Vocabulary;
  readonly #values: Record<string, string> = {};
  readonly #choices: Record<string, Choice> = {};
  #part = 0;
  #written: number[] = [];
  /** How many tokens the texts may still take. */
  #freeTokens: number;
  #tokens = 0;
  #isCut = false;

  /** `setup.replyTokens` is at least the plan's `fixedTokens`. */
  constructor(
    setup: RowSetup,
    plan: AnswerPlan,
    vocabulary: Vocabulary,
    onReply: (reply: ModelReply) => void,
  ) {
    super(setup, onReply);
    this.#plan = plan;
    this.#vocabulary = vocabulary;
    this.#freeTokens = setup.replyTokens - plan.fixedTokens;
    this.#advance();
  }

  override get choice(): ChoosePart | null {
    const part = this.#plan.parts[this.#part];
    return part?.kind === "choose" ? part : null;
  }

  override choose(choice: Choice): void {
    const { name, labels } = this.choice!;
    const tokens = labels.get(choice.answer)!;
    if (name === null) {
      return this.end(tokens.length, { text: choice.answer, finishReason: "stop", choice });
    }
    this.#values[name] = choice.answer;
    this.#choices[name] = choice;
    this.#sayAll(tokens);
    this.#part++;
    this.#advance();
  }

  /** Takes a drawn token of a text, and ends the text if it is complete. */
  override take(token: number): void {
    const part = this.#plan.parts[this.#part]!;
    if (part.kind !== "write") {
      throw new TypeError(`Cannot write a text: the next part has the kind ${part.kind}`);
    }
    const { name, charactersMax } = part;
    const { decode, encodeText, endTokens } = this.#vocabulary;
    const before = this.#written;
    const isEnd = endTokens.has(token);
    const now = readQuoted(decode(isEnd ? before : [...before, token]), charactersMax);
    if (!isEnd && !now.hasEnded && this.#freeTokens > 1) {
      this.#written = [...before, token];
      this.#freeTokens--;
      return this.#sayAll([token]);
    }
    if (!isEnd) {
      // The last token can reach beyond the end of the text. Then only its part before that end enters the reply,
      // if the reply may still take enough tokens.
      const already = readQuoted(decode(before), charactersMax).raw;
      const own = encodeText(now.raw.startsWith(already) ? now.raw.slice(already.length) : "");
      const kept = own.length <= this.#freeTokens ? own : [];
      this.#freeTokens -= kept.length;
      this.#sayAll(kept);
    }
    this.#endText(name, now.value, { isCut: !isEnd && !now.hasEnded });
    this.#advance();
  }

  #endText(name: string, value: string, { isCut }: Readonly<{ isCut: boolean }>): void {
    this.#values[name] = value;
    this.#isCut ||= isCut;
    this.#written = [];
    this.#part++;
  }

  /** Outputs fixed parts up to the next choice or text, and ends the reply after the last part. */
  #advance(): void {
    const part = this.#plan.parts[this.#part];
    if (part === undefined) return this.#endObject();
    if (part.kind === "say") {
      this.#sayAll(part.tokens);
      this.#part++;
      this.#advance();
    } else if (part.kind === "write" && this.#freeTokens <= 0) {
      this.#endText(part.name, "", { isCut: true });
      this.#advance();
    }
  }

  #sayAll(tokens: readonly number[]): void {
    for (const token of tokens) {
      this.#tokens++;
      this.say(token);
    }
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

/** The part of a quoted text that has been written so far. */
type Quoted = Readonly<{
  value: string;
  /** The text as written, without the closing quotation mark and anything after it. */
  raw: string;
  /** Whether the text is closed, or has reached its maximum length. */
  hasEnded: boolean;
}>;

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** A quotation mark, an escape, an unfinished escape at the end, or a character. */
const UNIT = /"|\\u[0-9a-fA-F]{4}|\\u[0-9a-fA-F]{0,3}$|\\[^]|[^]/gu;

const HALF_ESCAPE = /^\\(?:u[0-9a-fA-F]{0,3})?$/;

/**
 * Reads the text that a model has written after an opening quotation mark. It accepts some invalid JSON: a line
 * break stays a line break, and an unknown escape is the character after the backslash.
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
