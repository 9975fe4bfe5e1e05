/** How a page waits for news. */
import { z } from "../../core/zod.ts";
import type { Changes } from "./changes.ts";

/** How long the server keeps a page waiting for news, in milliseconds. Each request is a sign of life. */
const NEWS_MS = 10_000;

/** The version of the news that a page has seen; `null` before the first. */
export const seenSchema: z.ZodType<string | null> = z.string().max(200).nullable();

/** The news that a page waits for. */
export type NewsWait<News> = Readonly<{
  /** The news now. */
  look: () => News;
  seen: string | null;
  changes: Changes;
  topic: string;
  /** Aborted at the end. */
  signal: AbortSignal;
}>;

/** Returns the news as soon as they differ from the news that the page has seen, or after some seconds. */
export async function newsAfter<News extends Readonly<{ version: string }>>(
  { look, seen, changes, topic, signal }: NewsWait<News>,
): Promise<News> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(NEWS_MS)]);
  let news = look();
  while (news.version === seen && !end.aborted) {
    await changes.next(topic, end);
    news = look();
  }
  return news;
}
