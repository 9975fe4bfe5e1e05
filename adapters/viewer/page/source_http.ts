/** Sends the page's questions over HTTP to the server of the page. */
import { createParser } from "npm:eventsource-parser@4.1.3";
import type { Notice, ViewerSource } from "../api.ts";
import { shareNotices } from "./shared_notices.ts";

/** Where the page keeps its token. `localStorage` is separate for each port; cookies are not. */
const STORED_TOKEN = "syndisco.token";

/** The server sends a sign of life every 15 seconds. After this silence the connection counts as lost. */
const SILENCE_MS = 45_000;

/** Waits between attempts to connect: they double, up to the longest. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

const NO_TOKEN =
  "Cannot ask the server: this page has no valid token. Open the link that the command printed";

/** The part after `#` in a link that the command printed. It contains the token. */
const GIVEN_TOKEN = /^#t=([\w-]+)$/;

/** The server does not accept the token of the page. */
class Unknown extends Error {}

/** Moves the token from the address to the browser's storage, so that no copied address contains it. */
export function takeToken(): string | null {
  const given = GIVEN_TOKEN.exec(location.hash)?.[1];
  if (given !== undefined) {
    history.replaceState(null, "", `${location.pathname}#/`);
    try {
      localStorage.setItem(STORED_TOKEN, given);
    } catch {
      // The browser stores nothing, so the token lasts as long as the page.
    }
    return given;
  }
  try {
    return localStorage.getItem(STORED_TOKEN);
  } catch {
    return null;
  }
}

/**
 * Follows the links of later starts of the server. If such a link is opened in this tab, only the part of the
 * address after `#` changes. If it is opened in another tab, only the token in the browser's storage changes.
 *
 * @param use Called with each new token.
 */
export function followTokens(use: (token: string) => void): void {
  addEventListener("hashchange", () => {
    if (!GIVEN_TOKEN.test(location.hash)) return;
    use(takeToken()!);
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key === STORED_TOKEN && newValue !== null) use(newValue);
  });
}

/** The source that asks the server of the page. */
export function httpSource(token: string | null): ViewerSource {
  const headers = { Authorization: `Bearer ${token ?? ""}` };
  async function ask<Value>(question: string, given: object, signal?: AbortSignal): Promise<Value> {
    const response = await answered(fetch(`api/${question}`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(given),
      ...signal && { signal },
    }));
    return await response.json();
  }
  return {
    isExport: false,
    runs: () => ask("runs", {}),
    overview: () => ask("overview", {}),
    list: (query) => ask("list", { query }),
    search: (query, signal) => ask("search", { query }, signal),
    events: (run, discussion, from) => ask("events", { run, discussion, from }),
    look: (run) => ask("look", { run }),
    outcome: (runs, question) => ask("outcome", { runs, question }),
    report: (run) => ask("report", { run }),
    follow: (listener, signal) =>
      shareNotices((tell, end) => void readNotices(headers, tell, end), listener, signal),
  };
}

/** @throws {Error} With the server's reason, if it refused. */
async function answered(request: Promise<Response>): Promise<Response> {
  const response = await request.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Error("Cannot reach the server: it has ended, or the connection is lost", { cause: error });
  });
  if (response.ok) return response;
  if (response.status === 401) throw new Unknown(NO_TOKEN);
  const body: unknown = await response.json().catch(() => null);
  const reason = typeof body === "object" && body !== null && "error" in body ? String(body.error) : null;
  throw new Error(reason ?? `Cannot read the server's answer: it has the status ${response.status}`);
}

/** Reads notices until the signal is aborted, and connects again after a lost connection. */
async function readNotices(
  headers: Readonly<Record<string, string>>,
  tell: (notice: Notice) => void,
  end: AbortSignal,
): Promise<void> {
  let last: string | null = null;
  let wait = FIRST_WAIT_MS;
  while (!end.aborted) {
    let isRefused = false;
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const parser = createParser({
      onEvent({ id, data }) {
        if (id !== undefined) last = id;
        for (const notice of JSON.parse(data) as Notice[]) tell(notice);
      },
    });
    try {
      const response = await answered(fetch("api/follow", {
        headers: last === null ? headers : { ...headers, "Last-Event-ID": last },
        signal: AbortSignal.any([end, silence.signal]),
      }));
      tell({ kind: "connection", isOpen: true });
      wait = FIRST_WAIT_MS;
      for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        parser.feed(text);
      }
    } catch (error) {
      // A lost connection is not thrown as an error: the page shows it, and connects again.
      isRefused = error instanceof Unknown;
    }
    clearTimeout(timer);
    if (end.aborted) return;
    tell({ kind: "connection", isOpen: false, isRefused });
    await pause(wait * (0.75 + Math.random() / 2), end);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }
}

function pause(milliseconds: number, end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    end.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
