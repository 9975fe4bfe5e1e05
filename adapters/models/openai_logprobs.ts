/** The probabilities of answers, from what a server tells of the likeliest tokens. */
import type { Choice } from "../../core/ports/answer_form.ts";

/** How far above zero rounding may take the logarithm of a probability. */
const LOGPROB_ERROR_MAX = 1e-3;

/** Where an answer stands in a reply. */
export type PlacedAnswer = Readonly<{
  /** One of the answers. */
  answer: string;
  /** All that are allowed. */
  form: Readonly<{ answers: readonly string[] }>;
  /** The reply as it came. */
  raw: string;
  /** Where the answer begins in it, in UTF-16 code units. */
  start: number;
  /** Whether the answer is written as a text in JSON. */
  isQuoted: boolean;
}>;

type Fields = Readonly<Record<string, unknown>>;
type Likely = Readonly<{ token: string; logprob: number }>;

/**
 * Shares out what is allowed by the first token of the answer. There is no choice where that does not tell all answers
 * apart, or where the server does not tell of each of them: what is not known is left out.
 *
 * @param completion The parsed body of the reply; anything at all.
 * @param placed Which answer it gives, and where.
 */
export function choiceOf(completion: unknown, placed: PlacedAnswer): { choice?: Choice } {
  const likely = firstTokens(completion, placed);
  const probabilities = likely === null ? null : sharesOf(likely, placed);
  return probabilities === null ? {} : { choice: { answer: placed.answer, probabilities } };
}

function sharesOf(
  likely: readonly Likely[],
  { form: { answers }, isQuoted }: PlacedAnswer,
): Record<string, number> | null {
  const written = answers.map((answer) => isQuoted ? JSON.stringify(answer).slice(1) : answer);
  const weights = new Map<string, number>();
  for (const { token, logprob } of likely) {
    // Outside of JSON, spaces around an answer do not count.
    const begun = isQuoted ? token : token.trim();
    if (begun === "") continue;
    const meant = answers.filter((_, index) => isBegun(written[index]!, begun, isQuoted));
    if (meant.length > 1) return null;
    for (const answer of meant) weights.set(answer, (weights.get(answer) ?? 0) + Math.exp(logprob));
  }
  const total = weights.values().reduce((sum, weight) => sum + weight, 0);
  if (weights.size < answers.length || !(total > 0)) return null;
  return Object.fromEntries(answers.map((answer) => [answer, weights.get(answer)! / total]));
}

/** In JSON, a token can hold the closing quotation mark and more. */
function isBegun(written: string, token: string, isQuoted: boolean): boolean {
  return written.startsWith(token) || (isQuoted && token.startsWith(written));
}

/** The likeliest tokens where the answer begins; `null` where a server tells none, or of other tokens. */
function firstTokens(completion: unknown, { raw, start, isQuoted }: PlacedAnswer): readonly Likely[] | null {
  const [first] = listIn(completion, "choices");
  const content = isFields(first) ? listIn(first.logprobs, "content") : [];
  let before = "";
  for (const entry of content) {
    if (!isFields(entry) || typeof entry.token !== "string") return null;
    const { token } = entry;
    // Thoughts, for example, are tokens that the reply does not hold.
    if (!raw.startsWith(before)) return null;
    const isFirst = isQuoted
      ? before.length === start
      : before.length + token.length > start && before.length <= start;
    if (isFirst) return raw.startsWith(before + token) ? likelyIn(entry.top_logprobs) : null;
    before += token;
  }
  return null;
}

function likelyIn(list: unknown): readonly Likely[] | null {
  if (!Array.isArray(list)) return null;
  const found: Likely[] = [];
  for (const entry of list) {
    if (!isFields(entry) || typeof entry.token !== "string") return null;
    if (typeof entry.logprob !== "number" || !(entry.logprob <= LOGPROB_ERROR_MAX)) return null;
    found.push({ token: entry.token, logprob: entry.logprob });
  }
  return found;
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = isFields(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
