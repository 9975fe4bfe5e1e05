/** Adds annotation passes from files to the logs of discussions. */
import { nativeSha256, systemClock } from "../system.ts";
import { type Annotation, evolve, initialState, type Pass, result } from "../../analysis/projections/mod.ts";
import { readStream } from "../../core/engine/mod.ts";
import { StreamWriter } from "../../core/engine/stream.ts";
import {
  type AnnotationDesign,
  type Annotator,
  type DiscussionDesign,
  type DiscussionEvent,
  eventOf,
  type ImportSource,
  isAnnotationEvent,
} from "../../core/events/mod.ts";
import type { AnnotatedSlot } from "../formats/python_annotations.ts";
import { type EventStore, readingAhead } from "../../core/ports/mod.ts";
import type { Scale, ScaleValue } from "../../core/annotation/scales/mod.ts";
import { IMPORTED_MODEL } from "../../core/discussion/mod.ts";
import { canonical } from "../../core/json.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "../formats/format_error.ts";

/** A slot of a log, with its author's name in the imported file, and its annotations of one pass. */
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
  store: EventStore,
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

/** New name → original name. An import renames participants if their names are not unique in the file. */
function formerNames({ participants, imported }: DiscussionDesign): ReadonlyMap<string, string> {
  return new Map(
    (imported?.speakers ?? []).map(({ name }, index) => [participants[index]!.name, String(name)]),
  );
}

/**
 * The streams of a run, by their names. An imported discussion is also found by its original id. A branch of an imported
 * discussion keeps this id in its log, but is found only by its own name.
 */
export async function streamsByName(store: EventStore): Promise<ReadonlyMap<string, string>> {
  const streams = new Map<string, string>();
  const names = await Array.fromAsync(store.streams());
  const ahead = readingAhead(store, names);
  for (const stream of names) {
    streams.set(stream, stream);
    for await (const envelope of readStream(ahead, stream, nativeSha256)) {
      const { type, data } = eventOf(envelope);
      const id = type === "DiscussionOpened" && data.forkedFrom === undefined ? data.imported?.id : undefined;
      if (id !== undefined && !streams.has(id)) streams.set(id, stream);
      break;
    }
  }
  return streams;
}

/** An annotation from a file. `raw` is the reply, if the file has one. */
type OutsideAnnotation = Readonly<{
  position: number;
  annotator: string;
  values: Readonly<Record<string, ScaleValue>>;
  raw?: string;
}>;

type OutsidePass =
  & Pick<AnnotationDesign, "pass" | "annotators" | "history">
  & Readonly<{ scale: Scale; source: ImportSource }>;

const VERSION_LENGTH = 12;

export function designOfPass({ pass, scale, annotators, history, source }: OutsidePass): AnnotationDesign {
  const scales = [scale];
  const hash = nativeSha256(canonical(scales));
  return {
    pass,
    codebook: { version: hash.slice(0, VERSION_LENGTH), hash, scales },
    annotators,
    models: Object.fromEntries(
      annotators.flatMap(({ model }) => model === undefined ? [] : [[model, IMPORTED_MODEL]]),
    ),
    history,
    targets: { of: "all" },
    requests: "together",
    retries: 0,
    seed: "",
    prompt: { version: 1 },
    source,
  };
}

/** The events of a pass. `annotated` also counts the annotations that the log already has. */
function eventsOfPass(
  design: AnnotationDesign,
  annotations: readonly OutsideAnnotation[],
  { slots, annotated }: Readonly<{ slots: LoggedDiscussion["slots"]; annotated: number }>,
): DiscussionEvent[] {
  const { pass } = design;
  return [
    { type: "AnnotationPassStarted", data: design },
    ...annotations.toSorted((a, b) => a.position - b.position).map(
      ({ position, annotator, values, raw }): DiscussionEvent => {
        const { comment } = slots[position]!;
        const said = raw === undefined ? {} : { raw };
        return comment === null
          ? { type: "SilenceAnnotated", data: { pass, position, annotator, values } }
          : { type: "CommentAnnotated", data: { pass, comment, annotator, values, ...said } };
      },
    ),
    { type: "AnnotationPassCompleted", data: { pass, annotated, unparsed: 0 } },
  ];
}

/** Appends events, and returns whether there were any. */
async function append({ writer }: LoggedDiscussion, events: readonly DiscussionEvent[]): Promise<boolean> {
  for (const event of events) writer.push({ event });
  return (await writer.write()).length > 0;
}

function checkEnded({ stream, hasEnded }: LoggedDiscussion): void {
  if (!hasEnded) throw new FormatError(`the discussion "${stream}" has not ended yet`);
}

function otherPass({ stream }: LoggedDiscussion): FormatError {
  return new FormatError(
    `"${stream}" already has a different pass of this name. Give the new pass another name with --as`,
  );
}

/** Writes a pass, or the rest of a pass after a killed import. Returns whether it wrote any event. */
export async function writePass(
  log: LoggedDiscussion,
  design: AnnotationDesign,
  annotations: readonly OutsideAnnotation[],
): Promise<boolean> {
  checkEnded(log);
  const { slots, passEvents } = log;
  const events = eventsOfPass(design, annotations, { slots, annotated: annotations.length });
  if (passEvents.some((event, place) => JSON.stringify(event) !== JSON.stringify(events[place]))) {
    throw otherPass(log);
  }
  return await append(log, events.slice(passEvents.length));
}

/**
 * A pass over one discussion. More annotators can join it. Annotators with the same name are distinguished by their models.
 * Instructions are not compared, because all annotators of a pass have the same instructions.
 */
export class GrowingPass {
  readonly #log: LoggedDiscussion;
  readonly #design: (annotators: readonly Annotator[]) => AnnotationDesign;
  readonly #logged: AnnotationDesign | undefined;
  readonly #annotators: Annotator[];
  /** Annotator → position → reply. */
  readonly #replies = new Map<string, Map<number, string>>();
  readonly #added: OutsideAnnotation[] = [];

  constructor(log: LoggedDiscussion, design: (annotators: readonly Annotator[]) => AnnotationDesign) {
    checkEnded(log);
    const { pass, slots } = log;
    this.#log = log;
    this.#design = design;
    this.#logged = pass?.design;
    for (const [position, { annotations }] of slots.entries()) {
      for (const { annotator, values } of annotations) {
        if (values !== null) this.#repliesOf(annotator).set(position, String(Object.values(values)[0]));
      }
    }
    const { codebook } = design([]);
    if (
      this.#logged !== undefined &&
      (this.#logged.source === undefined || this.#logged.codebook.hash !== codebook.hash)
    ) throw otherPass(log);
    this.#annotators = [...this.#logged?.annotators ?? []];
  }

  /**
   * Adds an annotator's new replies, and returns how many there are.
   *
   * @throws {FormatError} If the pass already has a different reply of this annotator about one of the slots, or already has
   *   an annotator with the same name and model, but another persona. In both cases, no reply is added.
   */
  add(annotator: Annotator, replies: ReadonlyMap<number, string>): number {
    const known = this.#known(annotator);
    const { name } = known;
    const before = this.#repliesOf(name);
    for (const [position, reply] of replies) {
      const other = before.get(position);
      if (other === undefined || other === reply) continue;
      throw new FormatError(
        `the annotator ${quoted(name)} replies ${quoted(reply)} about slot ${position} of ` +
          `"${this.#log.stream}", and replied ${quoted(other)} about it before. ` +
          "Leave this file out, or import this file under another name with --as",
      );
    }
    const isNew = !this.#annotators.includes(known);
    const added = [...replies].filter(([position]) => !before.has(position));
    if (isNew) this.#annotators.push(known);
    const [scale] = this.#design([]).codebook.scales;
    for (const [position, reply] of added) {
      before.set(position, reply);
      this.#added.push({ position, annotator: name, values: { [scale!.name]: reply }, raw: reply });
    }
    return added.length;
  }

  /** Writes the new replies, and completes a killed import. Returns whether it wrote any event. */
  async write(): Promise<boolean> {
    const { slots, pass: logged } = this.#log;
    const isComplete = logged?.completed ?? false;
    if (isComplete && this.#added.length === 0) return false;
    const asked = this.#design(this.#annotators);
    const design = { ...asked, source: this.#logged?.source ?? asked.source! };
    const isBegun = !isComplete && this.#logged?.annotators.length === this.#annotators.length;
    const annotated = [...this.#replies.values()].reduce((sum, { size }) => sum + size, 0);
    return await append(
      this.#log,
      eventsOfPass(design, this.#added, { slots, annotated }).slice(isBegun ? 1 : 0),
    );
  }

  /** The same annotator in the pass. If there is none, this annotator under a name that is free in the pass. */
  #known(annotator: Annotator): Annotator {
    const { name, model } = annotator;
    const names = [name, `${name} (${model})`];
    const known = this.#annotators.find((other) => names.includes(other.name) && isSame(other, annotator));
    if (known !== undefined) return known;
    const free = names.find((candidate) => this.#annotators.every((other) => other.name !== candidate));
    const namesake = this.#annotators.find((other) => other.name === name);
    if (free !== undefined && namesake?.model !== model) return { ...annotator, name: free };
    throw new FormatError(
      `the pass already has an annotator called ${quoted(name)} with the same model, but another persona. ` +
        `Give the annotator of this file another name in the file, or import this file under another name with --as`,
    );
  }

  #repliesOf(annotator: string): Map<number, string> {
    let replies = this.#replies.get(annotator);
    if (replies === undefined) this.#replies.set(annotator, replies = new Map());
    return replies;
  }
}

function isSame(one: Annotator, other: Annotator): boolean {
  return one.model === other.model && JSON.stringify(one.persona) === JSON.stringify(other.persona);
}
