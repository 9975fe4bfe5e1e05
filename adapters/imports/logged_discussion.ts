/** Reads the log of a discussion that annotations are added to. */
import { nativeSha256, systemClock } from "../system.ts";
import { type Annotation, evolve, initialState, type Pass, result } from "../../analysis/projections/mod.ts";
import { readStream } from "../../core/engine/mod.ts";
import { StreamWriter } from "../../core/engine/stream.ts";
import {
  type DiscussionDesign,
  type DiscussionEvent,
  eventOf,
  isAnnotationEvent,
} from "../../core/events/mod.ts";
import type { AnnotatedSlot } from "../formats/python_annotations.ts";
import type { JsonlEventStore } from "../stores/mod.ts";

/** A slot of a log, with its author as in files, and its annotations of one pass. */
type LoggedSlot = AnnotatedSlot & Readonly<{ comment: number | null; annotations: readonly Annotation[] }>;

export type LoggedDiscussion = Readonly<{
  stream: string;
  slots: readonly LoggedSlot[];
  hasEnded: boolean;
  writer: StreamWriter;
  pass: Pass | undefined;
  passEvents: readonly DiscussionEvent[];
}>;

export async function readLogged(
  store: JsonlEventStore,
  stream: string,
  pass: string,
): Promise<LoggedDiscussion> {
  const passEvents: DiscussionEvent[] = [];
  const writer = new StreamWriter(stream, { store, clock: systemClock, sha256: nativeSha256 });
  let state = initialState();
  for await (const envelope of readStream(store, stream, nativeSha256)) {
    const event = eventOf(envelope);
    state = evolve(state, envelope);
    if (isAnnotationEvent(event) && event.data.pass === pass) passEvents.push(event);
    writer.pass(envelope);
  }
  const read = result(state);
  const speakers = read === null ? new Map<string, string>() : formerNames(read.design);
  const slots = (read?.slots ?? []).map(({ author, text, raw, comment, annotations }) => ({
    author: speakers.get(author) ?? author,
    text: raw ?? text ?? "",
    comment,
    annotations: annotations.filter((annotation) => annotation.pass === pass),
  }));
  const hasEnded = (read?.ending ?? null) !== null;
  return { stream, slots, hasEnded, writer, pass: read?.passes.get(pass), passEvents };
}

/** The names in the file of participants whose names were not unique there. */
function formerNames({ participants, imported }: DiscussionDesign): ReadonlyMap<string, string> {
  return new Map(
    (imported?.speakers ?? []).map(({ name }, index) => [participants[index]!.name, String(name)]),
  );
}

export async function designIn(store: JsonlEventStore, stream: string): Promise<DiscussionDesign | null> {
  for await (const envelope of readStream(store, stream, nativeSha256)) {
    return result(evolve(initialState(), envelope))?.design ?? null;
  }
  return null;
}

/**
 * The streams of a run by their names, and by the ids that imported discussions had before. Branches have only their
 * own names.
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
