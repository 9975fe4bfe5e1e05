/** The text of a message, and the thoughts beside it, in the forms in which servers send them. */

/** What a message holds. */
export type MessageText = Readonly<{
  /** `null` where it holds no text, not even an empty one. */
  text: string | null;
  /** The thoughts that are no part of the text; `null` for none. */
  reasoning: string | null;
  /** The words of a refusal; `null` for none. */
  refusal: string | null;
}>;

type Fields = Readonly<Record<string, unknown>>;

/** Where servers put thoughts beside the content. Some repeat them in several: the first that says something counts. */
const REASONING_FIELDS = [
  "reasoning_content", // DeepSeek, vLLM, SGLang, llama.cpp, Qwen, GLM, LM Studio
  "reasoning", // OpenRouter, Groq, Ollama, Together, newer vLLM, gpt-oss
  "thinking", // Ollama, Anthropic's forms
  "reasoning_details", // OpenRouter
  "thinking_blocks", // LiteLLM
  "reasoning_text",
  "thoughts",
  "thought",
];

/** Members that hold the words of a part, or further parts. */
const WORDS_FIELDS = ["text", "thinking", "reasoning", "content", "summary", "value", "refusal"];

const THOUGHT_TYPE = /think|thought|reason|summary|analysis/i;

/** How deep parts are looked into. */
const DEPTH_MAX = 8;

/**
 * Reads a message's content: a text, or a list of parts, of which some are thoughts.
 *
 * @param message The message of a choice.
 */
export function readMessage(message: Fields): MessageText {
  const found: Found = { texts: [], thoughts: [], refusals: [] };
  collect(message.content, found, "texts");
  const { refusal } = message;
  if (typeof refusal === "string" && refusal !== "") found.refusals.push(refusal);
  const beside = REASONING_FIELDS.map((field) => wordsOf(message[field])).find((words) => words !== "");
  const thoughts = [...(beside === undefined ? [] : [beside]), ...found.thoughts];
  return {
    text: found.texts.length === 0 ? null : found.texts.join(""),
    reasoning: thoughts.length === 0 ? null : thoughts.join("\n\n"),
    refusal: found.refusals.length === 0 ? null : found.refusals.join("\n"),
  };
}

type Found = { texts: string[]; thoughts: string[]; refusals: string[] };

function collect(content: unknown, found: Found, kind: keyof Found, depth = 0): void {
  if (depth > DEPTH_MAX) return;
  if (typeof content === "string") {
    if (kind === "texts" || content.trim() !== "") found[kind].push(content);
  } else if (Array.isArray(content)) {
    for (const part of content) collect(part, found, kind, depth + 1);
  } else if (isFields(content)) {
    const kindOfPart = kindOf(content) ?? kind;
    const field = WORDS_FIELDS.find((name) => name in content && content[name] !== null);
    if (field !== undefined) collect(content[field], found, kindOfPart, depth + 1);
  }
}

/** What a part's type says it is; `null` where it says nothing of it. */
function kindOf({ type, thought }: Fields): keyof Found | null {
  if (thought === true) return "thoughts";
  if (typeof type !== "string") return null;
  if (/refus/i.test(type)) return "refusals";
  return THOUGHT_TYPE.test(type) ? "thoughts" : null;
}

function wordsOf(value: unknown): string {
  const found: Found = { texts: [], thoughts: [], refusals: [] };
  collect(value, found, "thoughts");
  return found.thoughts.join("\n\n");
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
