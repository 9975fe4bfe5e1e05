/**
 * The requests that `doctor` sends to a model. They are short, and the same for every experiment. The prompts
 * of the experiment itself are not sent, because they can be long and cost more.
 */
import type { ModelSetup } from "../../core/experiment/mod.ts";
import type { AnswerForm, Message, ModelRequest } from "../../core/ports/mod.ts";

/** The longest reply that `doctor` asks for, in tokens, even if the file allows longer ones. */
export const REPLY_TOKENS_MAX = 300;

/** A model that follows the system message begins its reply with this word. */
const FIRST_WORD = "Pelican";

/** Whether a reply begins with the word that the system message asks for. */
export function followsSystem(text: string): boolean {
  return new RegExp(`^[^\\p{L}]*${FIRST_WORD}`, "iu").test(text);
}

/** Any two different seeds. */
const SEED = 20_260_301;
const OTHER_SEED = 11_235_813;

/** A question and the form of its answer. */
type Question = Readonly<{ messages: readonly Message[]; form: AnswerForm | null; seed: number }>;

const talk: readonly Message[] = [
  { role: "system", content: `Begin every reply with the word "${FIRST_WORD}".` },
  {
    role: "user",
    content: "Describe a walk through a town in one sentence of about fifteen words. Invent all details.",
  },
];

const rate = (question: string): readonly Message[] => [
  { role: "system", content: "You rate comments of online discussions." },
  { role: "user", content: `The last comment is: "Thank you, that was kind."\n\n${question}` },
];

/** The questions by name, in the order in which they are asked. */
export const QUESTIONS = {
  first: { messages: talk, form: null, seed: SEED },
  repeated: { messages: talk, form: null, seed: SEED },
  otherSeed: { messages: talk, form: null, seed: OTHER_SEED },
  answers: {
    messages: rate("Is the last comment friendly? Answer only with one of these words: yes, no."),
    form: { answers: ["yes", "no"] },
    seed: SEED,
  },
  object: {
    messages: rate(
      "Answer only with a JSON object that has these members: " +
        '"friendly" (is the last comment friendly? yes or no), "toxicity" (a whole number from 1 to 5).',
    ),
    form: {
      answerSchema: {
        type: "object",
        properties: {
          friendly: { enum: ["yes", "no"] },
          toxicity: { type: "integer", minimum: 1, maximum: 5 },
        },
        required: ["friendly", "toxicity"],
        additionalProperties: false,
      },
    },
    seed: SEED,
  },
} as const satisfies Readonly<Record<string, Question>>;

/** The name of a question. */
export type QuestionName = keyof typeof QUESTIONS;

/**
 * The request of a question, with the sampling of the model's entry, except that the reply is short. Replies
 * in free text are also random: they do not have temperature 0.
 */
export function requestOf(name: QuestionName, { sampling }: Pick<ModelSetup, "sampling">): ModelRequest {
  const { messages, form, seed }: Question = QUESTIONS[name];
  const { temperature } = sampling;
  return {
    messages,
    sampling: {
      ...sampling,
      // At temperature 0, all replies are equal, so they would say nothing about the seed.
      ...(form === null && temperature === 0 ? { temperature: 1 } : {}),
      maxTokens: replyTokensMax({ sampling }),
    },
    seed,
    origin: {
      discussion: "doctor",
      turn: 0,
      speaker: "Doctor",
      role: form === null ? "participant" : "annotator",
    },
    ...form,
  };
}

/**
 * The limit of tokens that a request states: the limit of the model's entry, or `REPLY_TOKENS_MAX` if that is
 * lower.
 */
export function replyTokensMax({ sampling: { maxTokens } }: Pick<ModelSetup, "sampling">): number {
  return Math.min(maxTokens ?? REPLY_TOKENS_MAX, REPLY_TOKENS_MAX);
}
