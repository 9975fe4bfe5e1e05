/** Follows the server of a person's page: passes on its news, and reports whether it can be reached. */
import { RefusedByServer } from "./server.ts";

/** The wait between attempts to connect doubles after each attempt, up to the longest. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;

/** Whether the page can reach its server. */
export type Connection =
  | Readonly<{ kind: "open" | "opening" | "lost" }>
  /** The server does not know this link. */
  | Readonly<{ kind: "refused"; reason: string }>;

type Following<News> = Readonly<{
  /** Waits until something differs from the news that the page has seen, but at most some seconds. */
  ask: (seen: string | null) => Promise<News>;
  accept: (news: News) => void;
  /** Called if the server cannot be reached, or does not know the link. */
  fail: (connection: Connection) => void;
  signal: AbortSignal;
}>;

/** Asks for news again and again until the signal is aborted. */
export async function follow<News extends Readonly<{ version: string }>>(
  { ask, accept, fail, signal }: Following<News>,
): Promise<void> {
  let seen: string | null = null;
  let waitMs = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      const news: News = await ask(seen);
      if (signal.aborted) return;
      seen = news.version;
      waitMs = FIRST_WAIT_MS;
      accept(news);
    } catch (error) {
      if (signal.aborted) return;
      seen = null;
      const isRefused = error instanceof RefusedByServer && error.isAboutLink;
      fail(isRefused ? { kind: "refused", reason: error.message } : { kind: "lost" });
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
    }
  }
}
