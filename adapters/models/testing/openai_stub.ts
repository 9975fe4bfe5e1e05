/**
 * A server that speaks the OpenAI API, for tests and benchmarks: it checks requests as the public specification
 * describes them, answers deterministically, and misbehaves on demand. As a program, it prints its base URL:
 *
 *     deno run --allow-net openai_stub.ts 200 8000      (milliseconds before each answer, and the port)
 */
import { type ChatCompletion, chatProblem, type ChatRequest, completeChat } from "./chat_completion.ts";
import { embed, embeddingProblem } from "./stub_embeddings.ts";

export type ReceivedRequest = Readonly<{ headers: Headers; body: ChatRequest; bodyText: string }>;

export type StubOptions = Readonly<{
  /** The key that clients must send. Without it, the server ignores keys. */
  apiKey?: string;
  /** The names of the models; by default only `stub-model`. */
  models?: readonly string[];
  /** Further members of the entries in the list of models. */
  listed?: Readonly<Record<string, unknown>>;
  latencyMs?: number;
  /** By default 0: any free port. */
  port?: number;
  /** The fault of the response to a request; `null` for none. `index` counts the valid requests from 0. */
  fault?: (request: ReceivedRequest, index: number) => StubFault | null;
  onRequest?: (request: ReceivedRequest) => void;
}>;

export interface OpenAiStub extends AsyncDisposable {
  readonly baseUrl: string;
  /** Stops the server and closes its connections. */
  close(): Promise<void>;
}

const CHAT_PATH = "/v1/chat/completions";
const EMBEDDINGS_PATH = "/v1/embeddings";
const MODELS_PATH = "/v1/models";

const ALLOWED: Readonly<Record<string, string>> = {
  [CHAT_PATH]: "POST",
  [EMBEDDINGS_PATH]: "POST",
  [MODELS_PATH]: "GET",
};

export function startOpenAiStub(options: StubOptions = {}): OpenAiStub {
  const stop = new AbortController();
  const stub = new Stub(options, stop.signal);
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    signal: stop.signal,
    onListen: () => {},
    onError: () => new Response(null, { status: 500 }),
  }, (request) => stub.handle(request));
  const close = async () => {
    stop.abort();
    await server.finished;
  };
  return { baseUrl: `http://127.0.0.1:${server.addr.port}/v1`, close, [Symbol.asyncDispose]: close };
}

class Stub {
  readonly #options: StubOptions;
  readonly #stopped: AbortSignal;
  #received = 0;

  constructor(options: StubOptions, stopped: AbortSignal) {
    this.#options = options;
    this.#stopped = stopped;
  }

  async handle(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    const allowed = ALLOWED[path];
    if (allowed === undefined) {
      return refuse(404, `Unknown request URL: ${request.method} ${path}`, "unknown_url");
    }
    if (request.method !== allowed) {
      return refuse(405, `Not allowed to ${request.method} on ${path}`, "method_not_supported");
    }
    const { apiKey } = this.#options;
    if (apiKey !== undefined && request.headers.get("authorization") !== `Bearer ${apiKey}`) {
      return refuse(401, "Incorrect API key provided", "invalid_api_key");
    }
    if (path === MODELS_PATH) return this.#list();
    const [problemOf, answerTo] = path === CHAT_PATH
      ? [chatProblem, completeChat] as const
      : [embeddingProblem, embed] as const;
    return await this.#answer(request, problemOf, answerTo);
  }

  get #models(): readonly string[] {
    return this.#options.models ?? ["stub-model"];
  }

  #list(): Response {
    const data = this.#models.map((id) => ({
      id,
      object: "model",
      created: 1_767_225_600,
      owned_by: "stub",
      ...this.#options.listed,
    }));
    return Response.json({ object: "list", data });
  }

  async #answer(
    request: Request,
    problemOf: typeof chatProblem,
    answerTo: (body: ChatRequest, bodyText: string) => object,
  ): Promise<Response> {
    if (!/^application\/json\b/.test(request.headers.get("content-type") ?? "")) {
      return refuse(415, "Expected the content type application/json", "unsupported_media_type");
    }
    const bodyText = await request.text();
    let body: ChatRequest;
    try {
      body = JSON.parse(bodyText);
    } catch {
      return refuse(400, "We could not parse the JSON body of your request", null);
    }
    const problem = problemOf(body);
    if (problem !== null) return refuse(400, problem.message, "invalid_value", problem.param);
    if (!this.#models.includes(body.model)) {
      return refuse(404, `The model "${body.model}" does not exist`, "model_not_found", "model");
    }
    const received = { headers: request.headers, body, bodyText };
    this.#options.onRequest?.(received);
    const fault = this.#options.fault?.(received, this.#received++) ?? null;
    const { latencyMs = 0 } = this.#options;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const completion = answerTo(body, bodyText) as ChatCompletion;
    return fault === null ? Response.json(completion) : await this.#misbehave(fault, completion);
  }

  async #misbehave(fault: StubFault, completion: ChatCompletion): Promise<Response> {
    const json = { "content-type": "application/json" };
    switch (fault.kind) {
      case "answer": {
        const { status, headers = {} } = fault;
        if (typeof fault.body === "string" || fault.body === null) {
          return new Response(fault.body, { status, headers });
        }
        return Response.json(fault.body ?? errorBody("Something went wrong", "server_error", null), {
          status,
          headers,
        });
      }
      case "body":
        return new Response(fault.body, {
          headers: { "content-type": fault.contentType ?? "application/json" },
        });
      case "choice": {
        const { kind: _, ...changes } = fault;
        return Response.json({ ...completion, choices: [{ ...completion.choices[0], ...changes }] });
      }
      case "completion":
        return Response.json({ ...completion, ...fault.fields });
      case "silence":
        await new Promise((resolve) => this.#stopped.addEventListener("abort", resolve, { once: true }));
        return new Response(null, { status: 503 });
      case "trickle":
        return new Response(trickled(JSON.stringify(completion), fault), {
          status: fault.status ?? 200,
          headers: json,
        });
      case "break":
        return new Response(broken(JSON.stringify(completion)), { headers: json });
      case "flood":
        return new Response(flood(fault.bytes), { headers: json });
    }
  }
}

function refuse(status: number, message: string, code: string | null, param: string | null = null): Response {
  return Response.json(errorBody(message, "invalid_request_error", code, param), { status });
}

export type StubFault =
  /** Answers with this status, these headers and this body; by default an error body. */
  | Readonly<{ kind: "answer"; status: number; body?: unknown; headers?: Readonly<Record<string, string>> }>
  /** Answers with status 200 and this body. */
  | Readonly<{ kind: "body"; body: string; contentType?: string }>
  /** Replaces these members of the completion's only choice. */
  | Readonly<{ kind: "choice"; message?: unknown; finish_reason?: unknown; logprobs?: unknown }>
  /** Adds or replaces these members of the completion. */
  | Readonly<{ kind: "completion"; fields: Readonly<Record<string, unknown>> }>
  /** Never answers. */
  | Readonly<{ kind: "silence" }>
  /** Sends the body in pieces, with waits in between. */
  | Readonly<{ kind: "trickle"; pieces: number; waitMs: number; status?: number }>
  /** Sends half of the body, and then breaks the connection. */
  | Readonly<{ kind: "break" }>
  /** Sends a body of this size, in pieces, without stating its length. */
  | Readonly<{ kind: "flood"; bytes: number }>;

export function errorBody(
  message: string,
  type: string,
  code: string | null,
  param: string | null = null,
): unknown {
  return { error: { message, type, param, code } };
}

const FLOOD_PIECE_BYTES = 65_536;
const encoder = new TextEncoder();

function trickled(
  text: string,
  { pieces, waitMs }: { pieces: number; waitMs: number },
): ReadableStream<Uint8Array> {
  const bytes = encoder.encode(text);
  const size = Math.ceil(bytes.length / pieces);
  let offset = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new ReadableStream({
    async pull(controller) {
      if (offset > 0) await new Promise((resolve) => timer = setTimeout(resolve, waitMs));
      controller.enqueue(bytes.subarray(offset, offset += size));
      if (offset >= bytes.length) controller.close();
    },
    cancel: () => clearTimeout(timer),
  });
}

function broken(text: string): ReadableStream<Uint8Array> {
  const bytes = encoder.encode(text);
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new Error("the connection breaks"));
      else controller.enqueue(bytes.subarray(0, Math.ceil(bytes.length / 2)));
      sent = true;
    },
  });
}

function flood(bytes: number): ReadableStream<Uint8Array> {
  const piece = new Uint8Array(FLOOD_PIECE_BYTES).fill(0x20);
  let rest = bytes;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(piece.subarray(0, Math.min(rest, FLOOD_PIECE_BYTES)));
      rest -= FLOOD_PIECE_BYTES;
      if (rest <= 0) controller.close();
    },
  });
}

if (import.meta.main) {
  const [latencyMs = 0, port = 0] = Deno.args.map(Number);
  const { baseUrl } = startOpenAiStub({ latencyMs, port });
  await Deno.stdout.write(new TextEncoder().encode(`${baseUrl}\n`));
}
