/** Plans the tokens of a reply that must have a form: fixed parts, choices and free texts. */
import { type AnswerForm, type AnswerSchema, labelsOf } from "../../../core/answer_form.ts";
import { ModelError } from "../../../core/ports/model.ts";

/** How many labels an error message shows. */
const LABELS_SHOWN_MAX = 10;

/** A choice among labels. */
export type ChoosePart = Readonly<{
  kind: "choose";
  /** The property's name; `null` if the label is the whole reply. */
  name: string | null;
  /** The tokens of each label; an empty label has none. */
  labels: ReadonlyMap<string, readonly number[]>;
  /** The tokens that can follow a label. They matter if one label is the beginning of another, as 1 is of 10; `null` if not. */
  followers: readonly number[] | null;
}>;

/** A part of a reply. */
type AnswerPart =
  | Readonly<{ kind: "say"; tokens: readonly number[] }>
  | ChoosePart
  | Readonly<{ kind: "write"; name: string; charactersMax: number }>;

/** The plan of a whole reply. */
export type AnswerPlan = Readonly<{
  parts: readonly AnswerPart[];
  /** `null` if the reply is one of several answers. */
  schema: AnswerSchema | null;
  /** The most tokens that everything but free texts takes. */
  fixedTokens: number;
}>;

/** What planning needs to know of the model. */
type Tokens = Readonly<{
  encodeText: (text: string) => readonly number[];
  vocabulary: Readonly<{
    /** Tokens that end a reply. */
    endTokens: ReadonlySet<number>;
  }>;
}>;

/**
 * Plans a reply. In an object, everything between two values, quotation marks included, is one fixed part.
 *
 * @throws {ModelError} `bad-request` if labels have the same tokens.
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
  // In sorted order, a label that begins with another one comes right after it.
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
