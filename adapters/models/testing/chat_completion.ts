/** Completions that the stub server answers with: a function of the request, so that runs can be repeated. */
import type { ChatRequest } from "./chat_request.ts";
import { structuredReply } from "./structured_reply.ts";

const WORDS = [
  "agree",
  "although",
  "because",
  "better",
  "bus",
  "city",
  "cost",
  "day",
  "fair",
  "help",
  "idea",
  "late",
  "maybe",
  "money",
  "never",
  "night",
  "often",
  "people",
  "plan",
  "problem",
  "question",
  "really",
  "right",
  "service",
  "street",
  "think",
  "time",
  "want",
  "why",
  "work",
];

/** Words of a reply, before `max_tokens` and `stop` shorten it. */
const REPLY_WORDS = 12;

/** The body of a successful answer. */
export type ChatCompletion = Readonly<{
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: readonly Readonly<Record<string, unknown>>[];
  usage: Readonly<{ prompt_tokens: number; completion_tokens: number; total_tokens: number }>;
}>;

/**
 * Answers a request. Words stand for tokens.
 *
 * @param request A valid request.
 * @param bodyText The exact text of its body: all that the reply depends on.
 * @returns The completion, as the specification describes it.
 */
export function completeChat(request: ChatRequest, bodyText: string): ChatCompletion {
  const hash = fnv1a(bodyText);
  const { text, finishReason, words } = replyTo(request, hash);
  const promptTokens = request.messages.reduce((sum, { content }) => sum + countWords(content), 0);
  return {
    id: `chatcmpl-${hash.toString(16).padStart(8, "0")}`,
    object: "chat.completion",
    created: 1_767_225_600,
    model: request.model,
    choices: [{
      index: 0,
      message: { role: "assistant", content: text, refusal: null },
      logprobs: null,
      finish_reason: finishReason,
    }],
    usage: { prompt_tokens: promptTokens, completion_tokens: words, total_tokens: promptTokens + words },
  };
}

function replyTo(request: ChatRequest, hash: number): { text: string; finishReason: string; words: number } {
  const structured = structuredReply(request, hash);
  if (structured !== null) return { text: structured, finishReason: "stop", words: countWords(structured) };
  const limit = request.max_completion_tokens ?? request.max_tokens ?? REPLY_WORDS;
  const words: string[] = [];
  let state = hash;
  for (let index = 0; index < Math.min(limit, REPLY_WORDS); index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words.push(WORDS[state % WORDS.length]!);
  }
  const whole = words.join(" ");
  const stops = typeof request.stop === "string" ? [request.stop] : request.stop ?? [];
  const cuts = stops.map((stop) => whole.indexOf(stop)).filter((at) => at >= 0);
  const text = cuts.length > 0 ? whole.slice(0, Math.min(...cuts)) : whole;
  const isCutByLimit = cuts.length === 0 && limit < REPLY_WORDS;
  return { text, finishReason: isCutByLimit ? "length" : "stop", words: countWords(text) };
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
