/** What the stub server does instead of answering well: what real servers do on bad days. */

/** A misbehaviour. */
export type StubFault =
  /** Answers with a status, an error body or any other, and headers such as `Retry-After`. */
  | Readonly<{ kind: "answer"; status: number; body?: unknown; headers?: Readonly<Record<string, string>> }>
  /** Answers with 200, but with this text as its body. */
  | Readonly<{ kind: "body"; body: string; contentType?: string }>
  /** Answers with a completion whose only choice is changed. */
  | Readonly<{ kind: "choice"; message?: unknown; finish_reason?: unknown; logprobs?: unknown }>
  /** Answers with a completion that has these fields instead. */
  | Readonly<{ kind: "completion"; fields: Readonly<Record<string, unknown>> }>
  /** Never answers. */
  | Readonly<{ kind: "silence" }>
  /** Sends the body in pieces, with waits in between. */
  | Readonly<{ kind: "trickle"; pieces: number; waitMs: number; status?: number }>
  /** Sends half of the body, and breaks the connection. */
  | Readonly<{ kind: "break" }>
  /** Sends a body of this size, in pieces, without saying its length. */
  | Readonly<{ kind: "flood"; bytes: number }>;

/** The `error` body of the specification. */
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

/** A body in pieces, with waits in between. */
export function trickled(
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

/** A body that breaks off in its middle. */
export function broken(text: string): ReadableStream<Uint8Array> {
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

/** A body of many spaces. */
export function flood(bytes: number): ReadableStream<Uint8Array> {
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
