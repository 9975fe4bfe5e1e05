import {
  annotationFailed,
  annotationStart,
  type AnnotationState,
  decideAnnotation,
  evolveAnnotation,
  judged,
  leavingOutContext,
  type PassProgress,
} from "../annotation/mod.ts";
import { type AnnotationDesign, sameDesign } from "../events/annotation_design.ts";
import { READING_VERSION } from "../discussion/clean_reply.ts";
import { eventOf, type PendingEvent } from "../events/mod.ts";
import type { Sha256 } from "../sha256.ts";
import { askModel, failureMeta } from "./request.ts";
import type { Advance, Environment } from "./discussion.ts";
import type { ModelNotice } from "./pauses.ts";
import { DamagedStream, evolveLogged, readStream, StreamWriter } from "./stream.ts";
import { type RunOutcome, runSessions, type SessionNotice, type SessionOptions } from "./sessions.ts";
import { OWN_PLACE, type Place } from "./waits.ts";
import type { EventStore } from "../ports/event_store.ts";

/** One annotation pass over one discussion, driven through the ports. */

/** What passes are carried out with. */
export type AnnotationEnvironment =
  & Pick<Environment, "store" | "models" | "clock" | "retry">
  & Readonly<{ sha256: Sha256 }>;

const NEVER = new AbortController().signal;

/** The pass over one discussion. */
export class Annotation {
  readonly #pass: string;
  readonly #environment: AnnotationEnvironment;
  readonly #writer: StreamWriter;
  #state: AnnotationState = annotationStart();

  private constructor(stream: string, pass: string, environment: AnnotationEnvironment) {
    this.#pass = pass;
    this.#environment = environment;
    this.#writer = new StreamWriter(stream, environment);
  }

  /**
   * Reads a discussion's log, and begins the pass or goes on with it.
   *
   * @param stream The discussion's id.
   * @param design The pass.
   * @param environment Store, models, clock, hash function.
   * @returns The pass; `null` for a discussion that is not finished.
   * @throws {OtherPass} When the log holds a pass of the same name that asks something else.
   * @throws {DamagedStream} When the log is damaged.
   */
  static async open(
    stream: string,
    design: AnnotationDesign,
    environment: AnnotationEnvironment,
  ): Promise<Annotation | null> {
    const annotation = new Annotation(stream, design.pass, environment);
    const { store, sha256 } = environment;
    for await (const envelope of readStream(store, stream, sha256)) {
      annotation.#state = evolveLogged(annotation.#state, envelope, { evolve: evolveAnnotation, store });
      annotation.#writer.pass(envelope);
    }
    if (!annotation.#state.ended) return null;
    const held = annotation.#state.passes.get(design.pass);
    if (held === undefined) {
      const begun = { reading: READING_VERSION, ...design };
      annotation.#record({ event: { type: "AnnotationPassStarted", data: begun } });
    } else if (!sameDesign(held.design, design)) throw otherPass(stream, design.pass);
    return annotation;
  }

  /** How far the pass is. */
  get progress(): PassProgress {
    return this.#state.passes.get(this.#pass)!;
  }

  /** Whether the pass is completed, and the log says so. */
  get ended(): boolean {
    return this.progress.completed && this.#writer.isWritten;
  }

  /**
   * Takes the pass one answer further, and resolves when it is durable.
   *
   * @param signal Gives up a request that is in flight; nothing is recorded of it.
   * @param stop Lets a request that is in flight be answered, but begins none.
   * @param place Is left to others while the pass waits for a model.
   * @returns What was recorded; see {@linkcode Advance}.
   */
  async advance(
    signal: AbortSignal = NEVER,
    stop: AbortSignal = NEVER,
    place: Place = OWN_PLACE,
  ): Promise<Advance> {
    const { models, clock, retry, sha256 } = this.#environment;
    const step = decideAnnotation(this.#state, this.#pass, sha256);
    if (step.kind === "ended") return { events: await this.#writer.write() };
    if (step.kind === "record") {
      this.#record({ event: step.event });
      return { events: await this.#writer.write() };
    }
    const before = await this.#writer.write();
    const model = models(step.model, this.progress.design.models[step.model]!);
    const leavingOut = (comments: number) => leavingOutContext(this.#state, step, { comments, sha256 });
    const asked = await askModel(model, step, { leavingOut, clock, retry, signal, stop, place });
    if (asked === null) return { events: before };
    if ("error" in asked) {
      const { error, trace } = asked;
      this.#record({ event: annotationFailed(step, error), meta: failureMeta(error, trace) });
      return { events: [...before, ...await this.#writer.write()], error, model: step.model };
    }
    this.#record({ event: judged(asked.sent, asked.reply), meta: asked.trace });
    this.#recordEnd();
    return { events: [...before, ...await this.#writer.write()], model: step.model };
  }

  /** What follows from the last answer shares its append. */
  #recordEnd(): void {
    const step = decideAnnotation(this.#state, this.#pass, this.#environment.sha256);
    if (step.kind === "record") this.#record({ event: step.event });
  }

  #record(pending: PendingEvent): void {
    this.#state = evolveAnnotation(this.#state, pending.event);
    this.#writer.push(pending);
  }
}

/** What annotating tells whoever watches it. */
export type AnnotationNotice =
  /** A discussion's log has been read; work on it begins, or the pass over it was completed before. */
  | Readonly<{ kind: "opened"; discussion: string; progress: PassProgress }>
  /** The discussion is not finished, so that it cannot be judged. */
  | Readonly<{ kind: "skipped"; discussion: string }>
  | ModelNotice
  | SessionNotice;

/** How annotating is to go. */
export type AnnotationOptions =
  & SessionOptions
  & Readonly<{
    /** Told of everything that happens, at once; it must not throw. */
    notify?: (notice: AnnotationNotice) => void;
    /** Awaited when no log stands in the way, before the first of them is written to. */
    begin?: () => Promise<void>;
  }>;

/** How annotating went. */
export type AnnotationOutcome =
  & RunOutcome
  & Readonly<{
    /** Discussions that are not finished, and were left as they are. */
    skipped: number;
  }>;

/**
 * Carries a pass out over discussions until it is completed for all that are finished, or these were set aside.
 *
 * @param streams Lists the discussions' ids; all logs are looked at before the first of them is written to.
 * @param design The pass.
 * @param options What it is carried out with, and how.
 * @throws {OtherPass} When a log holds a pass of the same name that asks something else; nothing was written then.
 * @throws {StoreError} When a log can no longer be written or read.
 */
export async function annotateDiscussions(
  streams: () => Iterable<string> | AsyncIterable<string>,
  design: AnnotationDesign,
  { environment, ...options }: AnnotationOptions & Readonly<{ environment: AnnotationEnvironment }>,
): Promise<AnnotationOutcome> {
  const { notify = () => {}, begin } = options;
  await refuseOtherPass(streams(), design, environment);
  await begin?.();
  let skipped = 0;
  const outcome = await runSessions(streams(), {
    idOf: (stream) => stream,
    laneOf: () => `the annotation pass "${design.pass}"`,
    async open(stream) {
      const annotation = await Annotation.open(stream, design, environment);
      if (annotation === null) {
        skipped++;
        notify({ kind: "skipped", discussion: stream });
      } else notify({ kind: "opened", discussion: stream, progress: annotation.progress });
      return annotation;
    },
    release: (stream) => environment.store.release(stream),
    notify,
    clock: environment.clock,
  }, options);
  return { ...outcome, skipped };
}

/** Keeping a pass one and the same in all logs of a run. */

/** A pass of that name asks something else of the discussion than it is asked for now. */
export class OtherPass extends Error {
  /** Tells this error from others. */
  override readonly name = "OtherPass";
}

/** What says that a pass of that name is another one. */
export function otherPass(stream: string, pass: string): OtherPass {
  return new OtherPass(
    `Cannot go on with the annotation pass "${pass}": in the log of "${stream}" it has other annotators, scales, models ` +
      `or targets; undo that change, or give the new pass another name`,
  );
}

/**
 * Refuses a pass before it has begun anywhere: with another one of its name in a single log, judgements that were asked
 * for in two ways would stand in one run under one name. Damaged logs are left to whoever works on them.
 *
 * @param streams The discussions' ids.
 * @param design The pass.
 * @param environment Store and hash function.
 * @throws {OtherPass} When a log holds a pass of the same name that asks something else.
 */
export async function refuseOtherPass(
  streams: Iterable<string> | AsyncIterable<string>,
  design: AnnotationDesign,
  { store, sha256 }: Readonly<{ store: EventStore; sha256: Sha256 }>,
): Promise<void> {
  for await (const stream of streams) {
    try {
      for await (const envelope of readStream(store, stream, sha256)) {
        const { type, data } = eventOf(envelope);
        if (type !== "AnnotationPassStarted" || data.pass !== design.pass) continue;
        if (!sameDesign(data, design)) throw otherPass(stream, design.pass);
        break;
      }
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
    } finally {
      store.release(stream);
    }
  }
}
