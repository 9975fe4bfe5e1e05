/** The questions of the page to its server. */
import { serverAt } from "../page_parts/server.ts";
import type { AnswerReceipt, SeatAnswer, SeatConsent } from "../seat_messages.ts";
import type { SeatView } from "../seat_view.ts";

/** The server of one seat. */
export interface SeatServer {
  /** Waits until something differs from the news that the page has seen, but at most some seconds. */
  news(seen: string | null, signal: AbortSignal): Promise<SeatView>;
  answer(answer: SeatAnswer): Promise<AnswerReceipt>;
  consent(consent: SeatConsent): Promise<SeatView>;
}

/** The server that served the page. */
export function seatServer(token: string | null): SeatServer {
  const ask = serverAt("api/seat", token);
  return {
    news: (seen, signal) => ask("/news", { seen }, signal),
    answer: (answer) => ask("/answer", answer),
    consent: (consent) => ask("/consent", consent),
  };
}
