/** A model behind an OpenAI-compatible server, on the official client. */
import OpenAI from "openai";
import type { Clock } from "../../core/ports/clock.ts";
import type { Model, ModelReply, ModelRequest, Sampling } from "../../core/ports/model.ts";
import { boundedFetch } from "./bounded_fetch.ts";
import { modelErrorOf, withheldReply } from "./openai_errors.ts";
import { OFFICIAL_BASE_URL, type OpenAiOptions } from "./openai_options.ts";
import { readCompletion } from "./openai_reply.ts";

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** What the model is set up with. */
export type OpenAiSetup =
  & OpenAiOptions
  & Readonly<{
    sampling: Sampling;
    /** `null` for servers that need none. */
    apiKey: string | null;
    clock: Clock;
  }>;

/** Asks a server for chat completions. Retries are the engine's. */
export class OpenAiModel implements Model {
  readonly #setup: OpenAiSetup;
  readonly #client: OpenAI;
  readonly #maxTokensField: "max_tokens" | "max_completion_tokens";

  /** @param setup The options of the experiment, the key and the clock. */
  constructor(setup: OpenAiSetup) {
    const { baseUrl, apiKey, timeoutSeconds, maxTokensField } = setup;
    this.#setup = setup;
    this.#maxTokensField = maxTokensField ??
      (baseUrl === OFFICIAL_BASE_URL ? "max_completion_tokens" : "max_tokens");
    // Whatever is left out here, the client looks up in variables named OPENAI_*.
    this.#client = new OpenAI({
      baseURL: baseUrl,
      apiKey: apiKey ?? "none",
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      logLevel: "off",
      maxRetries: 0,
      timeout: Math.ceil(timeoutSeconds * 1000),
      fetch: boundedFetch({ baseUrl, apiKey }),
    });
  }

  /** Asks the server once. */
  async generate(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    signal.throwIfAborted();
    try {
      const completion = await this.#client.chat.completions.create(this.#bodyOf(request), { signal });
      return readCompletion(completion, this.#setup);
    } catch (error) {
      signal.throwIfAborted();
      const withheld = withheldReply(error, this.#setup);
      if (withheld !== null) return withheld;
      throw modelErrorOf(error, this.#setup);
    }
  }

  #bodyOf({ messages, sampling, seed }: ModelRequest): Body {
    const { model, sendSeed, extraBody } = this.#setup;
    const { temperature, topP, maxTokens, stop } = sampling;
    return {
      ...extraBody,
      model,
      messages: messages as Body["messages"],
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { top_p: topP }),
      ...(maxTokens === undefined ? {} : { [this.#maxTokensField]: maxTokens }),
      ...(stop === undefined ? {} : { stop: [...stop] }),
      ...(sendSeed ? { seed } : {}),
    };
  }
}
