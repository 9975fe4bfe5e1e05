/** Reads one event as an entry. Projections look at entries, not at types of events. */
import type { ScaleValue } from "../../core/annotation/scales/mod.ts";
import type {
  AnnotationDesign,
  AnnotationFailed,
  AnnotationUnparsed,
  CommentAnnotated,
  DiscussionDesign,
  DiscussionEvent,
  Envelope,
  EventMeta,
  Generation,
  GenerationFailed,
  ModelErrorKind,
  Sealed,
  SilenceAnnotated,
  SilenceReason,
  TurnTaken,
} from "../../core/events/mod.ts";

/** An event, with the time and the metadata of its envelope, if it has one. */
export type LoggedEvent = Pick<Envelope, "type" | "data"> & Partial<Pick<Envelope, "at" | "meta">>;

/** What an entry keeps of its event's envelope. */
export type Recorded = Readonly<{
  /** When the event was recorded, ISO 8601 in UTC. */
  at: string | undefined;
  /** Attempts, latencies, waits and error texts. */
  meta: EventMeta | undefined;
}>;

/** Why the words of a person cannot be read. */
export type Withheld = "withdrawn" | "sealed";

/** The content of one slot. */
export type Said =
  & Readonly<{
    kind: "said";
    /** `intervention`: the experiment file scripts the comment. */
    by: "opening" | "intervention" | "participant" | "moderator";
    author: string;
    /**
     * 0-based. For a participant, the turn. For a moderator or an intervention, the turn before it. `null` for
     * openings.
     */
    turn: number | null;
    /** The comment's 0-based ordinal in its discussion; `null` for silence. */
    comment: number | null;
    /** The comment; `null` for silence, and for a comment whose words are withheld. */
    text: string | null;
    /** Why a person's words cannot be read: the person withdrew, or the key to the sealed words is missing. */
    withheld?: Withheld;
    /** The reason for silence; `null` for a comment. */
    silence: SilenceReason | null;
    /** The model's reply, if it differs from the text. */
    raw: string | undefined;
    /** The model's thoughts, if it sent any. */
    thoughts: string | undefined;
    /** Missing for openings, interventions and imported comments. */
    generation: Generation | undefined;
  }>
  & Recorded;

/** One annotator's reply about one slot. */
export type Annotation =
  & Readonly<{
    kind: "annotation";
    pass: string;
    annotator: string;
    /** The comment's ordinal; `null` for an annotation of silence. */
    comment: number | null;
    /** The position of the annotated slot if the slot is silent; `null` if `comment` identifies the slot. */
    silentPosition: number | null;
    /** Why the reply does not count: its words are withheld, or the person declined to take part. */
    missing?: Withheld | "declined";
    /** Scale → value; `null` for a reply that could not be parsed. */
    values: Readonly<Record<string, ScaleValue>> | null;
    /** The scales that were asked about, if the reply could not be parsed. */
    unparsedScales: readonly string[] | undefined;
    /** Why the reply could not be parsed. */
    problem: string | undefined;
    raw: string | undefined;
    thoughts: string | undefined;
    /** 1-based; missing for imported annotations. */
    attempt: number | undefined;
    generation: Generation | undefined;
  }>
  & Recorded;

/** A request that ended in an error, after all attempts. */
export type Failure =
  & Readonly<{
    kind: "failure";
    /** The annotation pass that the request belonged to; `null` for the discussion itself. */
    pass: string | null;
    /** The turn that the request was for; `null` for annotators. */
    turn: number | null;
    /** The comment that an annotator was asked about; `null` for the discussion itself. */
    comment: number | null;
    speaker: string;
    role: "participant" | "moderator" | "annotator";
    model: string;
    error: ModelErrorKind;
  }>
  & Recorded;

/** How a discussion ended. */
export type End = Readonly<{
  kind: "end";
  end: "completed" | "aborted";
  /** `turns` or `stopped-early` for a completed discussion; free text for an aborted one. */
  reason: string;
  note: string | undefined;
  at: string | undefined;
}>;

/** Whether a discussion was ended on purpose before all of its turns. */
export function isEarly({ end, reason }: Pick<End, "end" | "reason">): boolean {
  return end === "aborted" || reason === "stopped-early";
}

/**
 * Whether a comment or silence comes from a speaker of this discussion. Openings and interventions come from the
 * experiment file, and the past of a branch (`isPast`) comes from another discussion.
 */
export function wasAsked<T extends Pick<Said, "by"> & Readonly<{ isPast?: true }>>(
  said: T,
): said is T & Readonly<{ by: "participant" | "moderator" }> {
  return said.isPast !== true && (said.by === "participant" || said.by === "moderator");
}

/** The content of one event. */
export type Entry =
  | Readonly<{ kind: "opened"; design: DiscussionDesign }>
  | Said
  | Failure
  | End
  | Readonly<{ kind: "pass-started"; design: AnnotationDesign }>
  | Annotation
  | Readonly<{ kind: "pass-completed"; pass: string; annotated: number; unparsed: number }>;

/** Whether the reply hit the token limit before any text: the speaker did not choose this silence. */
export function isCut({ silence }: Pick<Said, "silence">): boolean {
  return silence === "cut-before-text";
}

/** Whether a slot does not show what its speaker did: the words are withheld, or the person does not take part. */
export function isMissing({ silence, withheld }: Pick<Said, "silence" | "withheld">): boolean {
  return withheld !== undefined || silence === "declined";
}

/** Reads one event. To add a type of event, add it here. If it needs a new kind of entry, change `slots.ts`, too. */
export function readEvent(logged: LoggedEvent): Entry {
  const event = logged as DiscussionEvent;
  switch (event.type) {
    case "DiscussionOpened":
      return { kind: "opened", design: event.data };
    case "SeedCommentPosted":
      return said("opening", event.data.author, event.data, logged);
    case "InterventionPosted":
      return said("intervention", event.data.author, event.data, logged);
    case "TurnTaken":
    case "TurnPassed":
      return said("participant", event.data.participant, event.data, logged);
    case "ModeratorIntervened":
    case "ModeratorAbstained":
      return said("moderator", event.data.moderator, event.data, logged);
    case "GenerationFailed":
      return failure(event.data.speaker, event.data, logged);
    case "DiscussionCompleted":
      return {
        kind: "end",
        end: "completed",
        reason: event.data.reason,
        note: event.data.note,
        at: logged.at,
      };
    case "DiscussionAborted":
      return { kind: "end", end: "aborted", reason: event.data.reason, note: undefined, at: logged.at };
    case "AnnotationPassStarted":
      return { kind: "pass-started", design: event.data };
    case "CommentAnnotated":
    case "SilenceAnnotated":
    case "AnnotationUnparsed":
      return annotation(event.data, logged);
    case "AnnotationFailed":
      return failure(event.data.annotator, event.data, logged);
    case "AnnotationPassCompleted":
      return { kind: "pass-completed", ...event.data };
    default:
      return event satisfies never;
  }
}

type SaidData = Partial<TurnTaken["data"]> & Readonly<{ reason?: SilenceReason }>;

function said(by: Said["by"], author: string, data: SaidData, { at, meta }: LoggedEvent): Said {
  const { turn = null, comment = null, text = null, reason: silence = null, raw, thoughts, generation } =
    data;
  const read = { kind: "said", by, author, turn, comment, silence, thoughts, generation, at, meta } as const;
  const { sealed } = data;
  if (sealed === undefined) return { ...read, text, raw };
  const hidden = { ...read, text: null, raw: undefined };
  return comment === null ? hidden : { ...hidden, withheld: sealed.withdrawn ? "withdrawn" : "sealed" };
}

type AnnotationData =
  & Pick<CommentAnnotated["data"], "pass" | "annotator">
  & Partial<CommentAnnotated["data"] & AnnotationUnparsed["data"] & SilenceAnnotated["data"]>;

function annotation(data: AnnotationData, { at, meta }: LoggedEvent): Annotation {
  const { pass, annotator, comment = null, position: silentPosition = null, values = null } = data;
  const { problem, raw, thoughts, attempt, generation, scales: unparsedScales, sealed } = data;
  return {
    kind: "annotation",
    pass,
    annotator,
    comment,
    silentPosition,
    ...missingReply(sealed, generation),
    values,
    unparsedScales,
    problem,
    raw,
    thoughts,
    attempt,
    generation,
    at,
    meta,
  };
}

function missingReply(
  sealed: Sealed | undefined,
  generation: Generation | undefined,
): Pick<Annotation, "missing"> {
  if (sealed !== undefined) return { missing: sealed.withdrawn ? "withdrawn" : "sealed" };
  return generation?.finishReason === "declined" ? { missing: "declined" } : {};
}

type FailureData = GenerationFailed["data"] | AnnotationFailed["data"];

function failure(speaker: string, data: FailureData, { at, meta }: LoggedEvent): Failure {
  const { model, kind: error } = data;
  const [pass, comment] = "pass" in data ? [data.pass, data.comment] : [null, null];
  const [turn, role] = "turn" in data ? [data.turn, data.role] : [null, "annotator" as const];
  return { kind: "failure", pass, turn, comment, speaker, role, model, error, at, meta };
}
