/**
 * Addresses that work once and without a token. The page opens them in new tabs, which cannot send the page's
 * token.
 */
import { newToken } from "./access.ts";

/** At most this many tickets are kept. Older tickets are forgotten. */
const TICKETS_MAX = 16;

/** Keeps values. Each can be taken once. */
export class Tickets<Value> {
  readonly #values = new Map<string, Value>();

  /**
   * Keeps a value.
   *
   * @returns The ticket with which it can be taken.
   */
  issue(value: Value): string {
    const ticket = newToken();
    this.#values.set(ticket, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > TICKETS_MAX) this.#values.delete(oldest!);
    return ticket;
  }

  /** Takes a value; `null` if the ticket is unknown or was used. */
  take(ticket: string): Value | null {
    const value = this.#values.get(ticket) ?? null;
    this.#values.delete(ticket);
    return value;
  }
}
