/** A model behind an OpenAI-compatible server. It sends requests with the official client. */
import OpenAI from "npm:openai@7.57.0";
import { cleanReply, READING_VERSION } from "../../../core/discussion/mod.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Embedded } from "../../../core/ports/embedding.ts";
import {
  type Message,
  type Model,
  ModelError,
  type ModelFacts,
  type ModelReply,
  type ModelRequest,
  requestedForm,
} from "../../../core/ports/model.ts";
import type { Sampling } from "../../../core/events/models.ts";
import { boundedFetch, type Route } from "./connection.ts";
import { modelErrorOf, withheldReply } from "./errors.ts";
import { choiceOf, formFields, isWhole, OPTION_OF_FIELD, readFormed } from "./answer_form.ts";
import { readEmbeddings } from "./embeddings.ts";
import { readModelList } from "./model_list.ts";
import { OFFICIAL_BASE_URL, type OpenAiOptions } from "./options.ts";
import { readCompletion } from "./reply.ts";
import { refuseErrorWithin } from "./server_error.ts";

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** The model's options, and the values that the adapter adds. */
type OpenAiSetup =
  & OpenAiOptions
  & Readonly<{
    sampling: Sampling;
    /** `null` if the server needs no key. */
    apiKey: string | null;
    route: Route;
    clock: Clock;
  }>;

/** If the request for the list of models fails in one of these ways, requests for replies will fail, too. */
const OF_THE_WHOLE_SERVER: ReadonlySet<ModelError["kind"]> = new Set(
  ["unauthorised", "unreachable", "time-out"] as const,
);

/** Asks a server for chat completions, and for vectors of texts. The engine does the retries. */
export class OpenAiModel implements Model {
  readonly #setup: OpenAiSetup;
  readonly #client: OpenAI;
  readonly #maxTokensField: "max_tokens" | "max_completion_tokens";

  constructor(setup: OpenAiSetup) {
    const { baseUrl, apiKey, route, timeoutSeconds, maxTokensField } = setup;
    this.#setup = setup;
    this.#maxTokensField = maxTokensField ??
      (baseUrl === OFFICIAL_BASE_URL ? "max_completion_tokens" : "max_tokens");
    // Without these values, the client would read variables named OPENAI_*.
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
      fetch: boundedFetch({ baseUrl, apiKey, route }),
    });
  }

  /**
   * Asks the server once. If the reply does not have the requested form, returns it unchanged: the caller asks
   * again, or records the reply as unparsed.
   */
  async generate(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    signal.throwIfAborted();
    const form = requestedForm(request);
    if (form === null) return (await this.#ask(request, {}, signal)).reply;
    // A stop text within an answer would cut the answer.
    const { stop: _, ...sampling } = request.sampling;
    const { reply, completion } = await this.#ask(
      { ...request, sampling },
      formFields(form, this.#setup),
      signal,
    );
    if (reply.finishReason === "refused") return reply;
    const { structuredOutput } = this.#setup;
    // Thoughts in the text come before the answer. If the whole text has the form, it contains no thoughts.
    const whole = readFormed(form, structuredOutput, reply.text);
    const cleaned = "text" in whole.read ? null : cleanReply(reply, { reading: READING_VERSION });
    const formed = cleaned === null ? whole : readFormed(form, structuredOutput, cleaned.text);
    if (!("text" in formed.read)) return reply;
    const { text } = formed.read;
    const start = formed.start + (cleaned === null ? 0 : Math.max(0, reply.text.lastIndexOf(cleaned.text)));
    const choice = "answers" in form
      ? choiceOf(completion, { ...formed, start, raw: reply.text, answer: text, form })
      : {};
    const reasoning = cleaned?.thoughts == null ? {} : { reasoning: cleaned.thoughts };
    const isEnforced = structuredOutput !== "none" && isWhole(form, formed);
    const finishReason = reply.finishReason === "length" && isEnforced ? "stop" : reply.finishReason;
    return { ...reply, text, finishReason, ...reasoning, ...choice };
  }

  /** Reads the server's list of models. Many servers have none, or tell only names. */
  async facts(signal: AbortSignal): Promise<ModelFacts> {
    try {
      return readModelList(await this.#client.get("/models", { signal }), this.#setup.model);
    } catch (error) {
      signal.throwIfAborted();
      const failure = modelErrorOf(error, { ...this.#setup, proxy: this.#setup.route.proxy });
      if (OF_THE_WHOLE_SERVER.has(failure.kind)) throw failure;
      return {};
    }
  }

  /** Asks the server once for the vectors of all texts. */
  async embed(texts: readonly string[], signal: AbortSignal): Promise<Embedded> {
    signal.throwIfAborted();
    if (texts.length === 0) return { vectors: [] };
    const { model, extraBody } = this.#setup;
    // Without a format, the client would ask for base64, which not all servers know.
    const body = { ...extraBody, model, input: texts, encoding_format: "float" };
    try {
      const answer = await this.#client.post<unknown>("/embeddings", { body, signal }).withResponse();
      refuseErrorWithin(answer.data, answer.response.headers);
      return readEmbeddings(answer.data, { ...this.#setup, count: texts.length });
    } catch (error) {
      signal.throwIfAborted();
      throw modelErrorOf(error, { ...this.#setup, proxy: this.#setup.route.proxy });
    }
  }

  async #ask(
    request: ModelRequest,
    fields: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<{ reply: ModelReply; completion: unknown }> {
    try {
      const body = { ...this.#bodyOf(request), ...fields };
      const answer = await this.#client.chat.completions.create(body, { signal }).withResponse();
      const { data: completion, response } = answer;
      refuseErrorWithin(completion, response.headers);
      return { reply: readCompletion(completion, this.#setup), completion };
    } catch (error) {
      signal.throwIfAborted();
      const sent = Object.entries(OPTION_OF_FIELD).filter(([field]) => Object.hasOwn(fields, field));
      const { proxy } = this.#setup.route;
      const asked = { ...this.#setup, proxy, optionalFields: Object.fromEntries(sent) };
      const withheld = withheldReply(error, asked);
      if (withheld !== null) return { reply: withheld, completion: null };
      throw modelErrorOf(error, asked);
    }
  }

  close(): Promise<void> {
    this.#setup.route.client?.close();
    return Promise.resolve();
  }

  #bodyOf({ messages, sampling, seed }: ModelRequest): Body {
    const { model, sendSeed, seedField, systemRole, extraBody } = this.#setup;
    const { temperature, topP, maxTokens, stop } = sampling;
    return {
      ...extraBody,
      model,
      messages: (systemRole === "merge" ? withoutSystemRole(messages) : messages) as Body["messages"],
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { top_p: topP }),
      ...(maxTokens === undefined ? {} : { [this.#maxTokensField]: maxTokens }),
      ...(stop === undefined ? {} : { stop: [...stop] }),
      ...(sendSeed ? { [seedField]: seed } : {}),
    };
  }
}

/**
 * Messages for a model that supports only the roles user and assistant. The system message becomes a user message, and
 * consecutive messages of one role are merged.
 */
export function withoutSystemRole(messages: readonly Message[]): readonly Message[] {
  const merged: { role: Message["role"]; content: string }[] = [];
  for (const { role, content } of messages) {
    if (role === "system" && content === "") continue;
    const own = role === "system" ? "user" : role;
    const last = merged.at(-1);
    if (last?.role === own) last.content += `\n\n${content}`;
    else merged.push({ role: own, content });
  }
  return merged;
}
