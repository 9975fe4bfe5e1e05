/** The tokens of a reply that must have a form: what is fixed, what is chosen, and what is written freely. */
import { type AnswerForm, type AnswerSchema, labelsOf } from "../../../core/ports/answer_form.ts";
import { ModelError } from "../../../core/ports/model.ts";

/** Labels that a message repeats. */
const LABELS_SHOWN_MAX = 10;

/** A choice among labels. */
export type ChoosePart = Readonly<{
  kind: "choose";
  /** The property's name; `null` where the label is the whole reply. */
  name: string | null;
  /** The tokens of each label; none of an empty one. */
  labels: ReadonlyMap<string, readonly number[]>;
  /**
   * Tokens one of which comes after a label. They count where one label is the beginning of another, as 1 is of 10:
   * only what follows tells them apart. `null` where none is.
   */
  followers: readonly number[] | null;
}>;

/** A part of a reply. */
export type AnswerPart =
  | Readonly<{ kind: "say"; tokens: readonly number[] }>
  | ChoosePart
  | Readonly<{ kind: "write"; name: string; charactersMax: number }>;

/** All of a reply. */
export type AnswerPlan = Readonly<{
  parts: readonly AnswerPart[];
  /** `null` where the reply is one of several answers. */
  schema: AnswerSchema | null;
  /** Tokens of all that is not written freely, at most. */
  fixedTokens: number;
}>;

/** What a plan must know of the model. */
export type Tokens = Readonly<{
  encodeText: (text: string) => readonly number[];
  vocabulary: Readonly<{
    /** Tokens that end a reply. */
    endTokens: ReadonlySet<number>;
  }>;
}>;

/**
 * Plans a reply. In an object, what stands between two values, quotation marks included, is said as one piece.
 *
 * @param form What the reply must look like; it is sound.
 * @param model How texts become tokens.
 * @throws {ModelError} `bad-request` when labels have the same tokens.
 */
export function planAnswer(form: AnswerForm, { encodeText, vocabulary }: Tokens): AnswerPlan {
  if ("answers" in form) {
    const labels = tokensOf(form.answers, (answer) => encodeText(answer));
    const part = choosePart(null, labels, [...vocabulary.endTokens]);
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
      const tokens = tokensOf(labels, (label) => encodeText(isQuoted[index] ? withinQuotes(label) : label));
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

function tokensOf(
  labels: readonly string[],
  encode: (label: string) => readonly number[],
): ReadonlyMap<string, readonly number[]> {
  return new Map(labels.map((label) => [label, encode(label)]));
}

function choosePart(
  name: string | null,
  labels: ReadonlyMap<string, readonly number[]>,
  followers: readonly number[],
): ChoosePart {
  // Sorted, what begins with a label comes right behind it.
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
