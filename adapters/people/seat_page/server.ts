/** The questions of the page to its server. */
import type { AnswerReceipt, SeatAnswer, SeatConsent } from "../seat_messages.ts";
import type { SeatView } from "../seat_view.ts";

/** The server answers within ten seconds, unless the connection is lost. */
const NEWS_TIMEOUT_MS = 25_000;

/** The server refused a request. The message is for the person. */
export class RefusedByServer extends Error {
  /** Tells this error from others. */
  override readonly name = "RefusedByServer";
  /** The HTTP status. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The server of one seat. */
export interface SeatServer {
  /** Waits until something differs from what the page has seen, at most for some seconds. */
  news(seen: string | null, signal: AbortSignal): Promise<SeatView>;
  answer(answer: SeatAnswer): Promise<AnswerReceipt>;
  consent(consent: SeatConsent): Promise<SeatView>;
}

/** The server that served the page. */
export function seatServer(token: string | null): SeatServer {
  async function ask<Value>(path: string, body: object, signal?: AbortSignal): Promise<Value> {
    const response = await fetch(`api/seat/${path}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token ?? ""}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      ...signal && { signal },
    });
    if (response.ok) return await response.json();
    const said: unknown = await response.json().catch(() => null);
    const reason = typeof said === "object" && said !== null && "error" in said ? String(said.error) : "";
    throw new RefusedByServer(
      response.status,
      reason || `The server refused the request (${response.status})`,
    );
  }
  return {
    news: (seen, signal) =>
      ask("news", { seen }, AbortSignal.any([signal, AbortSignal.timeout(NEWS_TIMEOUT_MS)])),
    answer: (answer) => ask("answer", answer),
    consent: (consent) => ask("consent", consent),
  };
}
