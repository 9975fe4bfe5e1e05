/** The exact prompts behind the slots and annotations of a log, rendered in the page. */
import { type ChangedLine, changedLines } from "../../../../analysis/texts/changed_lines.ts";
import { type SentRequest, sentRequests } from "../../../../core/engine/sent_requests.ts";
import type { Envelope } from "../../../../core/events/mod.ts";
import { moderationSchedules } from "../../../../core/moderation/mod.ts";
import type { Message } from "../../../../core/ports/model.ts";
import { portableSha256 } from "../../../../core/sha256.ts";

/** A prompt, and the prompt that the same speaker got before. */
export type PromptView = Readonly<{
  request: SentRequest;
  /** The speaker's last request before this one; `null` if there is none, or if it cannot be rendered. */
  last: SentRequest | null;
}>;

/**
 * Renders the prompt of one event, and the last prompt of its speaker.
 *
 * @param events The log from its beginning.
 * @param seq The sequence number of the event that answers the prompt.
 * @returns `null` if no model was asked for the event.
 * @throws {RangeError} When the events are in an impossible order.
 */
export async function promptOf(events: readonly Envelope[], seq: number): Promise<PromptView | null> {
  const before = lastRequest(events, seq);
  const only = new Set(before === null ? [seq] : [before, seq]);
  const sha256 = portableSha256;
  const requests = sentRequests(events.slice(0, seq + 1), { sha256, schedules: moderationSchedules(), only });
  const found = new Map<number, SentRequest>();
  for await (const request of requests) found.set(request.envelope.seq, request);
  const request = found.get(seq);
  if (request === undefined) return null;
  const last = before === null ? null : found.get(before) ?? null;
  return { request, last: last !== null && "unknown" in last.prompt ? null : last };
}

/** The last event before `seq` that answers a request to the same speaker in the same part. */
function lastRequest(events: readonly Envelope[], seq: number): number | null {
  const asked = askedIn(events[seq]);
  if (asked === null) return null;
  for (let at = seq - 1; at > 0; at--) {
    if (askedIn(events[at]) === asked) return at;
  }
  return null;
}

/**
 * The speaker and their part, as a key; `null` if no model was asked. Failed requests do not count, because
 * they are sent again unchanged.
 */
function askedIn(event: Envelope | undefined): string | null {
  if (event === undefined || event.type === "GenerationFailed" || event.type === "AnnotationFailed") {
    return null;
  }
  const { data } = event;
  if ("participant" in data) return JSON.stringify(["participant", data.participant]);
  // The data of `DiscussionOpened` also have a member `moderator`, which is no name.
  if ("moderator" in data && typeof data.moderator === "string") {
    return JSON.stringify(["moderator", data.moderator]);
  }
  return "annotator" in data ? JSON.stringify(["annotator", data.pass, data.annotator]) : null;
}

/** The messages as one text, each after its role. */
export function messagesText(messages: readonly Message[]): string {
  return messages.map(({ role, content }) => `[${role}]\n${content}`).join("\n\n");
}

/** The prompt as a comparison with the speaker's last prompt; `null` if there is none to compare with. */
export function changesOf({ request, last }: PromptView): readonly ChangedLine[] | null {
  if (last === null || "unknown" in last.prompt || "unknown" in request.prompt) return null;
  return changedLines(messagesText(last.prompt.messages), messagesText(request.prompt.messages));
}

/**
 * A part of a comparison: changed lines with some equal lines around them, or only equal lines, which are
 * folded.
 */
export type ChangeBlock = Readonly<{ isFolded: boolean; lines: readonly ChangedLine[] }>;

/** Folds equal lines, except the `context` lines before and after a change. */
export function foldedChanges(lines: readonly ChangedLine[], context = 2): readonly ChangeBlock[] {
  const isNear = new Array<boolean>(lines.length).fill(false);
  for (const [index, { change }] of lines.entries()) {
    if (change === "same") continue;
    const [from, to] = [Math.max(0, index - context), Math.min(lines.length - 1, index + context)];
    isNear.fill(true, from, to + 1);
  }
  const blocks: { isFolded: boolean; lines: ChangedLine[] }[] = [];
  for (const [index, line] of lines.entries()) {
    const isFolded = !isNear[index];
    const last = blocks.at(-1);
    if (last?.isFolded === isFolded) last.lines.push(line);
    else blocks.push({ isFolded, lines: [line] });
  }
  return blocks;
}
