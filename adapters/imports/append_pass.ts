/** Adds an annotation pass that was made elsewhere to a log. */
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { FormatError } from "../formats/format_error.ts";
import type { LoggedDiscussion } from "./logged_discussion.ts";

/**
 * Adds the events of a pass; of a pass that a killed import left unfinished, those that are missing.
 *
 * @param log The log, and what of the pass is in it.
 * @param events All events of the pass.
 * @returns Whether anything was missing.
 * @throws {FormatError} When the discussion has not ended, or a pass of that name is there that says something else.
 * @throws {StoreError} When the log cannot be written.
 */
export async function appendPass(
  { stream, hasEnded, pass: held, writer }: LoggedDiscussion,
  events: readonly DiscussionEvent[],
): Promise<boolean> {
  if (!hasEnded) throw new FormatError(`the discussion "${stream}" has not ended yet`);
  if (held.some((event, place) => JSON.stringify(event) !== JSON.stringify(events[place]))) {
    throw new FormatError(
      `"${stream}" has another pass of that name already. Give this one another name with --as`,
    );
  }
  for (const event of events.slice(held.length)) writer.push({ event });
  return (await writer.write()).length > 0;
}
