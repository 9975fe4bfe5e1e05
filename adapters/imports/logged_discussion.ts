/** A log, as far as judgements are joined to it. */
import type { DiscussionDesign } from "../../core/events/mod.ts";
import { readStream } from "../../core/engine/mod.ts";
import { StreamWriter } from "../../core/engine/stream_writer.ts";
import { type DiscussionEvent, eventOf, isAnnotationEvent } from "../../core/events/mod.ts";
import type { AnnotatedSlot } from "../formats/python_annotations.ts";
import { nativeSha256 } from "../system.ts";
import { systemClock } from "../system.ts";
import type { JsonlEventStore } from "../stores/mod.ts";

/** An entry of a log: somebody's comment or silence. */
export type LoggedSlot = AnnotatedSlot & Readonly<{ comment: number | null }>;

/** What a log holds. */
export type LoggedDiscussion = Readonly<{
  stream: string;
  slots: readonly LoggedSlot[];
  hasEnded: boolean;
  /** Goes on where the log ends. */
  writer: StreamWriter;
  /** The events of the pass that was asked for. */
  pass: readonly DiscussionEvent[];
}>;

/**
 * Reads a log.
 *
 * @param store The run's logs.
 * @param stream The log's name.
 * @param pass The name of a pass whose events are wanted.
 * @throws {DamagedStream} When it is damaged.
 */
export async function readLogged(
  store: JsonlEventStore,
  stream: string,
  pass: string,
): Promise<LoggedDiscussion> {
  const slots: LoggedSlot[] = [];
  const ofPass: DiscussionEvent[] = [];
  let hasEnded = false;
  let speakers: ReadonlyMap<string, string> = new Map();
  const writer = new StreamWriter(stream, { store, clock: systemClock, sha256: nativeSha256 });
  for await (const envelope of readStream(store, stream, nativeSha256)) {
    const event = eventOf(envelope);
    if (event.type === "DiscussionOpened") speakers = formerNames(event.data);
    const slot = slotOf(event);
    if (slot !== null) slots.push({ ...slot, author: speakers.get(slot.author) ?? slot.author });
    hasEnded ||= event.type === "DiscussionCompleted" || event.type === "DiscussionAborted";
    if (isAnnotationEvent(event) && event.data.pass === pass) ofPass.push(event);
    writer.pass(envelope);
  }
  return { stream, slots, hasEnded, writer, pass: ofPass };
}

/** What files call those whose names are not unique there. */
function formerNames({ participants, imported }: DiscussionDesign): ReadonlyMap<string, string> {
  return new Map(
    (imported?.speakers ?? []).map(({ name }, index) => [participants[index]!.name, String(name)]),
  );
}

function slotOf({ type, data }: DiscussionEvent): LoggedSlot | null {
  switch (type) {
    case "SeedCommentPosted":
      return { author: data.author, text: data.text, comment: data.comment };
    case "TurnTaken":
      return { author: data.participant, text: data.raw ?? data.text, comment: data.comment };
    case "ModeratorIntervened":
      return { author: data.moderator, text: data.raw ?? data.text, comment: data.comment };
    case "TurnPassed":
      return { author: data.participant, text: data.raw, comment: null };
    case "ModeratorAbstained":
      return { author: data.moderator, text: data.raw, comment: null };
    default:
      return null;
  }
}

/** How a log begins: its design; `null` where it holds nothing. */
export async function designIn(store: JsonlEventStore, stream: string): Promise<DiscussionDesign | null> {
  for await (const envelope of readStream(store, stream, nativeSha256)) {
    const event = eventOf(envelope);
    return event.type === "DiscussionOpened" ? event.data : null;
  }
  return null;
}

/**
 * The streams of a run by everything that files call them: the stream's name, and for imported discussions the id that
 * they had before. Branches of a discussion keep only their own names.
 */
export async function streamsByName(store: JsonlEventStore): Promise<ReadonlyMap<string, string>> {
  const streams = new Map<string, string>();
  for await (const stream of store.streams()) {
    streams.set(stream, stream);
    const design = await designIn(store, stream);
    const id = design?.forkedFrom === undefined ? design?.imported?.id : undefined;
    if (id !== undefined && !streams.has(id)) streams.set(id, stream);
  }
  return streams;
}
