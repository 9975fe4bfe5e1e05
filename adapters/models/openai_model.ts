/** A model behind an OpenAI-compatible server, on the official client. */
import OpenAI from "openai";
import type { Clock } from "../../core/ports/clock.ts";
import type { Model, ModelReply, ModelRequest, Sampling, TokenUsage } from "../../core/ports/model.ts";
import { requestedForm } from "../../core/ports/requested_form.ts";
import { openDraw, SAMPLING_SEED_MAX } from "../../core/random/mod.ts";
import { boundedFetch } from "./bounded_fetch.ts";
import { modelErrorOf, withheldReply } from "./openai_errors.ts";
import { formFields, OPTION_OF_FIELD, readFormed } from "./openai_form.ts";
import { choiceOf } from "./openai_logprobs.ts";
import { OFFICIAL_BASE_URL, type OpenAiOptions } from "./openai_options.ts";
import { readCompletion } from "./openai_reply.ts";

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** How often a model is asked for an answer in the form that it must have, the first time included. */
export const ANSWER_ATTEMPTS_MAX = 3;

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

  /** Asks the server: once, or as often as it may take to have an answer in the form that is asked for. */
  async generate(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    signal.throwIfAborted();
    const form = requestedForm(request);
    if (form === null) return (await this.#ask(request, {}, signal)).reply;
    const { structuredOutput } = this.#setup;
    const { stop: _stop, ...sampling } = request.sampling;
    const fields = formFields(form, this.#setup);
    // At temperature 0, the same would come again.
    const attemptsMax = sampling.temperature === 0 ? 1 : ANSWER_ATTEMPTS_MAX;
    const usages: (TokenUsage | undefined)[] = [];
    for (let attempt = 1;; attempt++) {
      const seed = attempt === 1 ? request.seed : seedOf(request, attempt);
      const { reply, completion } = await this.#ask({ ...request, sampling, seed }, fields, signal);
      usages.push(reply.usage);
      const { usage: _, ...raw } = reply;
      if (reply.finishReason === "refused") return { ...raw, ...sumOf(usages) };
      const formed = readFormed(form, structuredOutput, reply.text);
      if ("text" in formed.read) {
        const { text } = formed.read;
        const choice = "answers" in form
          ? choiceOf(completion, { ...formed, raw: reply.text, answer: text, form })
          : {};
        return { ...raw, text, ...sumOf(usages), ...choice };
      }
      if (attempt >= attemptsMax) return { ...raw, ...sumOf(usages) };
    }
  }

  async #ask(
    request: ModelRequest,
    fields: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<{ reply: ModelReply; completion: unknown }> {
    try {
      const body = { ...this.#bodyOf(request), ...fields };
      const completion = await this.#client.chat.completions.create(body, { signal });
      return { reply: readCompletion(completion, this.#setup), completion };
    } catch (error) {
      signal.throwIfAborted();
      const withheld = withheldReply(error, this.#setup);
      if (withheld !== null) return { reply: withheld, completion: null };
      const sent = Object.entries(OPTION_OF_FIELD).filter(([field]) => Object.hasOwn(fields, field));
      throw modelErrorOf(error, { ...this.#setup, optionalFields: Object.fromEntries(sent) });
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

/** The seed of a further attempt: with the first one's, the same reply would come again. */
function seedOf({ seed }: ModelRequest, attempt: number): number {
  return openDraw(String(seed), "answer-attempt", attempt).below(SAMPLING_SEED_MAX);
}

/** What all attempts took together; nothing where that is not known of each. */
function sumOf(usages: readonly (TokenUsage | undefined)[]): { usage?: TokenUsage } {
  let [promptTokens, completionTokens] = [0, 0];
  for (const usage of usages) {
    if (usage === undefined) return {};
    promptTokens += usage.promptTokens;
    completionTokens += usage.completionTokens;
  }
  return { usage: { promptTokens, completionTokens } };
}
