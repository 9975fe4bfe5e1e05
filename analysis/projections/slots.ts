/**
 * The projection that all other projections read: the content of one discussion's log.
 *
 * A discussion is a list of slots. A slot is an opening comment, a scripted intervention, a participant's turn or a
 * question to the moderator. A turn or a question is a slot even if the speaker stayed silent.
 */
import {
  type AnnotationDesign,
  copiedEvents,
  type DiscussionDesign,
  type Envelope,
  runLogNamed,
} from "../../core/events/mod.ts";
import {
  type Annotation,
  type End,
  type Failure,
  type LoggedEvent,
  readEvent,
  type Said,
} from "./entries.ts";

/** A slot of a discussion. */
export type Slot =
  & Said
  & Readonly<{
    /** The slot's 0-based position among all slots of its discussion. */
    position: number;
    /**
     * The slot is not a result of this discussion. Either a branch copied it from its past, or `peoplesPart()`
     * marked it because a model wrote it.
     */
    isPast?: true;
    /** The participant's role; `null` for none. */
    role: string | null;
    /** The annotators' replies about the slot, in the order of the log. */
    annotations: readonly Annotation[];
  }>;

/** An annotation pass over one discussion. */
export type Pass = Readonly<{
  /** The latest design. An imported pass can have several: it starts again when further annotators are imported. */
  design: AnnotationDesign;
  completed: boolean;
}>;

/** The content of a discussion's log so far. */
export type DiscussionSlots = Readonly<{
  design: DiscussionDesign;
  /** The hash of the run's log that the discussion names; `null` if it names none. */
  runLog: string | null;
  slots: readonly Slot[];
  /** The slots with a comment. A comment's ordinal is its index in this list. */
  comments: readonly Slot[];
  /** The replies of annotators in the order of the log, without withheld ones and those about withheld comments. */
  annotations: readonly Annotation[];
  /** Name → pass, in the order in which the passes first started. */
  passes: ReadonlyMap<string, Pass>;
  failures: readonly Failure[];
  /** `null` as long as the discussion has not ended. */
  ending: End | null;
  /** Whether the last request of the discussion failed, and the discussion did not continue after it. */
  endsInFailure: boolean;
  /** When the discussion was opened, ISO 8601 in UTC; `undefined` if the event has no time. */
  openedAt: string | undefined;
  /** The earliest and the latest time in the log. */
  firstAt: string | undefined;
  lastAt: string | undefined;
  /** The first contradiction in the log; `null` if there is none. */
  problem: string | null;
}>;

/** A discussion while its log is being read. */
export type SlotsState = {
  -readonly [Key in keyof DiscussionSlots]: DiscussionSlots[Key] extends readonly (infer Item)[] ? Item[]
    : DiscussionSlots[Key] extends ReadonlyMap<infer Name, infer Value> ? Map<Name, Value>
    : DiscussionSlots[Key] | (Key extends "design" ? null : never);
};

/** The state before the first event. `evolve()` changes this object, so each log needs a new one. */
export function initialState(): SlotsState {
  return {
    design: null,
    runLog: null,
    slots: [],
    comments: [],
    annotations: [],
    passes: new Map(),
    failures: [],
    ending: null,
    endsInFailure: false,
    openedAt: undefined,
    firstAt: undefined,
    lastAt: undefined,
    problem: null,
  };
}

/**
 * Folds one event into the state. If the event cannot follow the earlier events, the state records a
 * {@linkcode DiscussionSlots.problem}.
 *
 * @param state The state so far. It is changed and returned, because copying it would make long logs slow to read.
 */
export function evolve(state: SlotsState, event: LoggedEvent): SlotsState {
  const entry = readEvent(event);
  const { at } = event;
  if (at !== undefined) {
    // ISO 8601 times in UTC can be compared as text.
    if (state.firstAt === undefined || at < state.firstAt) state.firstAt = at;
    if (state.lastAt === undefined || at > state.lastAt) state.lastAt = at;
  }
  if (state.design === null && entry.kind !== "opened") {
    state.problem ??= `it begins with "${event.type}", not with the opening of a discussion`;
    return state;
  }
  switch (entry.kind) {
    case "opened":
      if (state.design !== null) state.problem ??= "the discussion opens twice";
      state.design = entry.design;
      state.runLog = runLogNamed(event);
      state.openedAt = at;
      break;
    case "said":
      addSlot(state, entry);
      state.endsInFailure = false;
      break;
    case "failure":
      state.failures.push(entry);
      if (entry.pass === null) state.endsInFailure = true;
      break;
    case "end":
      state.ending = entry;
      state.endsInFailure = false;
      break;
    case "pass-started":
      state.passes.set(entry.design.pass, { design: entry.design, completed: false });
      break;
    case "annotation":
      addAnnotation(state, entry);
      break;
    case "pass-completed": {
      const pass = state.passes.get(entry.pass);
      if (pass !== undefined) state.passes.set(entry.pass, { ...pass, completed: true });
      break;
    }
    default:
      return entry satisfies never;
  }
  return state;
}

/** The content of the log so far; `null` if no discussion was opened. */
export function result(state: SlotsState): DiscussionSlots | null {
  return state.design === null ? null : state as DiscussionSlots;
}

/**
 * Folds a whole log.
 *
 * @throws {RangeError} When it opens no discussion.
 */
export function slotsOf(events: Iterable<LoggedEvent>): DiscussionSlots {
  let state = initialState();
  for (const event of events) state = evolve(state, event);
  const slots = result(state);
  if (slots === null) throw new RangeError(`Cannot read a log: ${state.problem ?? "it is empty"}`);
  return slots;
}

/**
 * Folds a log while it is read.
 *
 * @returns `null` if it opens no discussion.
 */
export async function readSlots(events: AsyncIterable<LoggedEvent>): Promise<DiscussionSlots | null> {
  let state = initialState();
  for await (const event of events) state = evolve(state, event);
  return result(state);
}

function addSlot(state: SlotsState, said: Said): void {
  const { slots, comments, design } = state;
  const role = said.by === "moderator" || said.by === "intervention" ? null : roleOf(design!, said.author);
  const position = slots.length;
  // Each event that a branch copies is a slot, so the first slots are the copied events.
  const past = position < copiedEvents(design!) ? { isPast: true } as const : {};
  const slot = { ...said, position, ...past, role, annotations: [] };
  slots.push(slot);
  if (said.comment === null) return;
  if (said.comment !== comments.length) {
    state.problem ??= `it has comment ${said.comment} where comment ${comments.length} is expected`;
  }
  comments.push(slot);
}

function roleOf({ participants }: DiscussionDesign, author: string): string | null {
  return participants.find(({ name }) => name === author)?.role?.name ?? null;
}

function addAnnotation(state: SlotsState, annotation: Annotation): void {
  const { pass, annotator, comment, silentPosition } = annotation;
  const design = state.passes.get(pass)?.design;
  const slot = silentPosition === null ? state.comments[comment!] : state.slots[silentPosition];
  // An annotation of a comment whose words are withheld counts as missing, too.
  if (annotation.missing !== undefined || slot?.withheld !== undefined) return;
  state.annotations.push(annotation);
  if (design === undefined) state.problem ??= `the annotation pass "${pass}" never started`;
  else if (design.annotators.every(({ name }) => name !== annotator)) {
    state.problem ??= `the annotation pass "${pass}" has no annotator "${annotator}"`;
  } else if (slot === undefined) {
    state.problem ??= `the annotation pass "${pass}" is about a slot that does not exist`;
  } else (slot.annotations as Annotation[]).push(annotation);
}

/** A log that was read to its end, or up to its damage. */
export type ReadLog = Readonly<{
  discussion: string;
  /** The damage at which reading stopped; `null` if the log was read to its end. */
  damage: string | null;
  /** The content of the log; `null` if it opens no discussion. */
  slots: DiscussionSlots | null;
}>;

/** Collects facts from logs, one log after the other. */
export interface LogCollector {
  /** Takes in the next event of the log. Only a replay needs single events. */
  add?(envelope: Envelope): void;
  /** Takes in the content of a log at its end. The next log is read after the returned promise has settled. */
  ended(log: ReadLog): void | Promise<void>;
}
