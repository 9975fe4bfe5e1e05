/**
 * The servers and hosted services that an experiment can name as `provider`: their addresses, keys and
 * peculiarities. Each fact is from the documentation that `sources` names. A fact that no documentation states is
 * left out.
 */
import type { OpenAiOptions } from "./options.ts";

/** A server or a hosted service that the adapter can reach. */
export type Provider = Readonly<{
  /** The name in documents. */
  title: string;
  /**
   * Options that an entry of the experiment file may leave out. They hold what a request needs to be accepted, and
   * nothing that changes what the model is asked. So an entry that names the provider and an entry that writes
   * these options out are equal.
   */
  options: Readonly<
    & { baseUrl: string; apiKeyEnv?: string }
    & Partial<Pick<OpenAiOptions, "maxTokensField" | "seedField" | "sendSeed">>
  >;
  /** Whether the server uses a sampling seed. */
  seed: "used" | "best effort" | "for some models" | "ignored" | "refused" | "not documented";
  /** The value of the option `structuredOutput` that fits the server; `none` if the server cannot enforce a form. */
  structuredOutput: "response_format" | "structured_outputs" | "none" | "not documented";
  /** Whether only some models can answer in an enforced form. */
  structuredForSome?: boolean;
  /** The highest `topLogprobs` that the server answers, 0 if it answers none; a text if no number is documented. */
  topLogprobs: number | "yes" | "for some models" | "not documented";
  /** The highest temperature that the server uses, if it silently lowers higher ones. */
  temperatureMax?: number;
  /** The fields of a message in which the server returns thoughts. */
  thoughts: readonly string[];
  /** Headers that say how long to wait when a rate limit is reached. */
  waitHeaders: readonly string[];
  /** What else a researcher should know. */
  note?: string;
  /** The documentation of these facts: its title and its publisher. */
  sources: readonly string[];
}>;

const LIMITS_OF_OPENAI = ["x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"];

/** The providers by their names in experiment files. */
export const PROVIDERS: Readonly<Record<string, Provider>> = {
  ollama: {
    title: "Ollama",
    options: { baseUrl: "http://localhost:11434/v1", maxTokensField: "max_tokens" },
    seed: "used",
    structuredOutput: "response_format",
    topLogprobs: "yes",
    thoughts: ["reasoning"],
    waitHeaders: [],
    note:
      "It ignores keys. With less than 24 GiB of graphics memory, its default context has about 4,000 tokens: set it in " +
      "the server with OLLAMA_CONTEXT_LENGTH, because requests cannot. Old versions return no log-probabilities.",
    sources: ["OpenAI compatibility (Ollama)", "Context length (Ollama)"],
  },
  vllm: {
    title: "vLLM",
    options: { baseUrl: "http://localhost:8000/v1", maxTokensField: "max_tokens" },
    seed: "used",
    structuredOutput: "structured_outputs",
    topLogprobs: 20,
    thoughts: ["reasoning", "reasoning_content"],
    waitHeaders: [],
    note:
      "Before version 0.12, structuredOutput is guided. If the server was started with --api-key, give apiKeyEnv. " +
      "--max-logprobs sets another highest topLogprobs than the default of 20.",
    sources: [
      "OpenAI-Compatible Server (vLLM)",
      "Structured Outputs (vLLM)",
      "Reasoning Outputs (vLLM)",
      "Engine Arguments (vLLM)",
    ],
  },
  "llama-cpp": {
    title: "llama.cpp (llama-server)",
    options: { baseUrl: "http://localhost:8080/v1", maxTokensField: "max_tokens" },
    seed: "used",
    structuredOutput: "response_format",
    topLogprobs: "not documented",
    thoughts: ["reasoning_content"],
    waitHeaders: [],
    note: "If the server was started with --api-key, give apiKeyEnv.",
    sources: ["LLaMA.cpp HTTP Server, README (ggml-org)"],
  },
  "lm-studio": {
    title: "LM Studio",
    options: { baseUrl: "http://localhost:1234/v1", maxTokensField: "max_tokens" },
    seed: "used",
    structuredOutput: "response_format",
    topLogprobs: "not documented",
    thoughts: ["reasoning_content"],
    waitHeaders: [],
    note: "It returns thoughts in their own field only if the app's developer settings say so.",
    sources: ["Chat Completions (LM Studio)", "Structured Output (LM Studio)", "API Changelog (LM Studio)"],
  },
  openai: {
    title: "OpenAI",
    options: {
      baseUrl: "https://api.openai.com/v1",
      apiKeyEnv: "OPENAI_API_KEY",
      maxTokensField: "max_completion_tokens",
    },
    seed: "best effort",
    structuredOutput: "response_format",
    structuredForSome: true,
    topLogprobs: 20,
    thoughts: [],
    waitHeaders: LIMITS_OF_OPENAI,
    note:
      "The seed is deprecated. Older models refuse response_format. Thoughts are not returned, but count as tokens.",
    sources: ["Chat Completions, API reference (OpenAI)", "Rate limits (OpenAI)"],
  },
  anthropic: {
    title: "Anthropic",
    options: {
      baseUrl: "https://api.anthropic.com/v1",
      apiKeyEnv: "ANTHROPIC_API_KEY",
      maxTokensField: "max_tokens",
    },
    seed: "ignored",
    structuredOutput: "none",
    topLogprobs: 0,
    temperatureMax: 1,
    thoughts: [],
    waitHeaders: ["retry-after", "anthropic-ratelimit-requests-reset", "anthropic-ratelimit-tokens-reset"],
    note:
      "It ignores response_format and logprobs. Temperatures above 1 count as 1. Anthropic recommends this " +
      "interface for comparing models, not for production.",
    sources: ["OpenAI SDK compatibility (Anthropic)", "Rate limits (Anthropic)"],
  },
  gemini: {
    title: "Gemini",
    options: {
      baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
      apiKeyEnv: "GEMINI_API_KEY",
      maxTokensField: "max_tokens",
      sendSeed: false,
    },
    seed: "refused",
    structuredOutput: "response_format",
    topLogprobs: "not documented",
    thoughts: [],
    waitHeaders: [],
    note: "It refuses every field that it does not know, the seed among them.",
    sources: ["OpenAI compatibility (Google, Gemini API)", 'reports of users: Unknown name "seed"'],
  },
  mistral: {
    title: "Mistral",
    options: {
      baseUrl: "https://api.mistral.ai/v1",
      apiKeyEnv: "MISTRAL_API_KEY",
      maxTokensField: "max_tokens",
      seedField: "random_seed",
    },
    seed: "used",
    structuredOutput: "response_format",
    topLogprobs: 0,
    thoughts: [],
    waitHeaders: [],
    note: "It refuses every field that it does not know, max_completion_tokens among them.",
    sources: ["Chat Completion, API reference (Mistral)", "Custom Structured Outputs (Mistral)"],
  },
  deepseek: {
    title: "DeepSeek",
    options: {
      baseUrl: "https://api.deepseek.com/v1",
      apiKeyEnv: "DEEPSEEK_API_KEY",
      maxTokensField: "max_tokens",
    },
    seed: "not documented",
    structuredOutput: "none",
    topLogprobs: 20,
    thoughts: ["reasoning_content"],
    waitHeaders: [],
    note: "It promises JSON, but follows no schema. Its reasoning models refuse logprobs.",
    sources: ["Create Chat Completion (DeepSeek)", "Reasoning Model (DeepSeek)"],
  },
  groq: {
    title: "Groq",
    options: {
      baseUrl: "https://api.groq.com/openai/v1",
      apiKeyEnv: "GROQ_API_KEY",
      maxTokensField: "max_completion_tokens",
    },
    seed: "best effort",
    structuredOutput: "response_format",
    structuredForSome: true,
    topLogprobs: 0,
    thoughts: ["reasoning"],
    waitHeaders: ["retry-after", ...LIMITS_OF_OPENAI],
    note:
      "It refuses logprobs. A temperature of 0 counts as 1e-8. Without extraBody: { reasoning_format: parsed }, " +
      "thoughts can stand in the text; SynDisco removes them there, too.",
    sources: [
      "OpenAI Compatibility (Groq)",
      "Rate Limits (Groq)",
      "Structured Outputs (Groq)",
      "Reasoning (Groq)",
      "Chat Completions, types of the Python client (Groq)",
    ],
  },
  openrouter: {
    title: "OpenRouter",
    options: {
      baseUrl: "https://openrouter.ai/api/v1",
      apiKeyEnv: "OPENROUTER_API_KEY",
      maxTokensField: "max_tokens",
    },
    seed: "for some models",
    structuredOutput: "response_format",
    structuredForSome: true,
    topLogprobs: "for some models",
    thoughts: ["reasoning", "reasoning_details"],
    waitHeaders: ["retry-after"],
    note:
      "It passes requests on to other services, and can choose another one for each request. To choose one yourself: " +
      "extraBody: { provider: { order: [NAME], allow_fallbacks: false } }.",
    sources: [
      "API Reference (OpenRouter)",
      "Provider Routing (OpenRouter)",
      "Structured Outputs (OpenRouter)",
      "Reasoning Tokens (OpenRouter)",
    ],
  },
  together: {
    title: "Together AI",
    options: {
      baseUrl: "https://api.together.ai/v1",
      apiKeyEnv: "TOGETHER_API_KEY",
      maxTokensField: "max_tokens",
    },
    seed: "not documented",
    structuredOutput: "not documented",
    topLogprobs: 0,
    thoughts: [],
    waitHeaders: [],
    note:
      "Its field logprobs expects a number instead of true, so topLogprobs cannot be used. Its response_format has another " +
      "form than OpenAI's.",
    sources: [
      "OpenAI compatibility (Together AI)",
      "Chat Completions, types of the Python client (Together AI)",
    ],
  },
  huggingface: {
    title: "Hugging Face Inference Providers",
    options: {
      baseUrl: "https://router.huggingface.co/v1",
      apiKeyEnv: "HF_TOKEN",
      maxTokensField: "max_tokens",
    },
    seed: "for some models",
    structuredOutput: "response_format",
    structuredForSome: true,
    topLogprobs: "for some models",
    thoughts: [],
    waitHeaders: [],
    note:
      "It passes requests on to other services. To choose one yourself, name it in the model: openai/gpt-oss-20b:groq.",
    sources: ["Chat Completion (Hugging Face)", "Inference Providers, changelog (Hugging Face)"],
  },
};
