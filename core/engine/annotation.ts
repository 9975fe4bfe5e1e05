/** Annotation passes: runs a pass over one discussion or over all discussions. */
import {
  annotated,
  annotationFailed,
  annotationSituation,
  annotationStart,
  type AnnotationState,
  decideAnnotation,
  evolveAnnotation,
  leavingOutContext,
  type PassProgress,
  withholdComments,
} from "../annotation/mod.ts";
import { type AnnotationDesign, designDifferences, sameDesign } from "../events/annotation_design.ts";
import { READING_VERSION } from "../discussion/reading.ts";
import { eventOf, isAnnotationEvent, type PendingEvent } from "../events/mod.ts";
import type { Sha256 } from "../sha256.ts";
import { askModel, failureMeta } from "./request.ts";
import type { Advance, Environment } from "./environment.ts";
import type { ModelNotice } from "./pause_context.ts";
import { DamagedStream, evolveLogged, readStream, StreamWriter } from "./stream.ts";
import type { RunOutcome } from "./run_outcome.ts";
import { runSessions } from "./sessions.ts";
import type { SessionNotice, SessionOptions } from "./work.ts";
import { NEVER, OWN_PLACE, type Place } from "./waits.ts";
import { lockedPerson, notAsked, Withdrawals, withoutKey } from "./withdrawals.ts";
import type { EventStore } from "../ports/event_store.ts";

/** The ports that a pass needs. */
export type AnnotationEnvironment =
  & Pick<Environment, "store" | "models" | "clock" | "retry">
  & Readonly<{ sha256: Sha256 }>;

export class Annotation {
  readonly #pass: string;
  readonly #environment: AnnotationEnvironment;
  readonly #writer: StreamWriter;
  /** The comments of people. */
  readonly #withdrawals: Withdrawals<number>;
  #state: AnnotationState = annotationStart();

  private constructor(stream: string, pass: string, environment: AnnotationEnvironment) {
    this.#pass = pass;
    this.#environment = environment;
    this.#writer = new StreamWriter(stream, environment);
    this.#withdrawals = new Withdrawals(environment.store.keys);
  }

  /**
   * Reads a discussion's log, and begins or resumes the pass.
   *
   * @returns The pass; `null` if the discussion is unfinished or aborted.
   * @throws {OtherPass} If the log has a different pass of the same name.
   * @throws {DamagedStream} If the log is damaged.
   * @throws {RunError} If the pass is not completed, and the run does not have the key that decrypts a
   *   comment.
   */
  static async open(
    stream: string,
    design: AnnotationDesign,
    environment: AnnotationEnvironment,
  ): Promise<Annotation | null> {
    const annotation = new Annotation(stream, design.pass, environment);
    const { store, sha256 } = environment;
    let locked: string | null = null;
    for await (const envelope of readStream(store, stream, sha256)) {
      annotation.#state = evolveLogged(annotation.#state, envelope, { evolve: evolveAnnotation, store });
      annotation.#writer.pass(envelope);
      if (!("comment" in envelope.data) || isAnnotationEvent(eventOf(envelope))) continue;
      if (envelope.person === undefined) locked ??= lockedPerson(envelope);
      else annotation.#withdrawals.note(envelope.person, envelope.data.comment);
    }
    if (!annotation.#state.ended) return null;
    const logged = annotation.#state.passes.get(design.pass);
    if (locked !== null && !logged?.completed) {
      throw withoutKey(`annotate the discussion "${stream}" in the pass "${design.pass}"`, locked);
    }
    if (logged === undefined) {
      const begun = { reading: READING_VERSION, ...design };
      annotation.#record({ event: { type: "AnnotationPassStarted", data: begun } });
    } else if (!sameDesign(logged.design, design)) throw otherPass(stream, logged.design, design);
    return annotation;
  }

  get progress(): PassProgress {
    return this.#state.passes.get(this.#pass)!;
  }

  /** Whether the pass is completed and its last event is durable. */
  get ended(): boolean {
    return this.progress.completed && this.#writer.isWritten;
  }

  /**
   * Asks an annotator one question, and resolves when the answer is durable.
   *
   * @param signal Aborts a request in flight, without recording it.
   * @param stop Lets a request in flight finish, but sends no other request.
   * @param place The pass frees this place while it waits for a model.
   * @returns The recorded events; see {@linkcode Advance}.
   */
  async advance(
    signal: AbortSignal = NEVER,
    stop: AbortSignal = NEVER,
    place: Place = OWN_PLACE,
  ): Promise<Advance> {
    const { models, clock, retry, sha256 } = this.#environment;
    if (!this.#withdrawals.isEmpty) withholdComments(this.#state, this.#withdrawals.latest());
    const step = decideAnnotation(this.#state, this.#pass, sha256);
    if (step.kind === "ended") return { events: await this.#writer.write() };
    if (step.kind === "record") {
      this.#record({ event: step.event });
      return { events: await this.#writer.write() };
    }
    const before = this.#writer.isWritten ? [] : await this.#writer.write();
    const model = models(step.model, this.progress.design.models[step.model]!);
    const { annotator, comment } = step.question;
    const person = model.asksPeople ? annotator.name : undefined;
    const leavingOut = (comments: number) => leavingOutContext(this.#state, step, { comments, sha256 });
    const situation = () => annotationSituation(this.#state, step);
    const options = { leavingOut, situation, clock, retry, signal, stop, place };
    const ask = () => askModel(model, step, options);
    // No annotator is asked about a comment whose words are gone.
    const asked = this.#state.comments[comment]!.withheld
      ? notAsked(step)
      : await (person === undefined ? ask() : this.#withdrawals.asking(step, person, ask));
    if (asked === null) return { events: before };
    if ("error" in asked) {
      const { error, trace } = asked;
      this.#record({ event: annotationFailed(step, error), meta: failureMeta(error, trace) });
      return { events: [...before, ...await this.#writer.write()], error, model: step.model };
    }
    this.#record({
      event: annotated(asked.sent, asked.reply),
      meta: asked.trace,
      ...(person === undefined ? {} : { person }),
    });
    // The last answer and the end of the pass are appended together.
    const next = decideAnnotation(this.#state, this.#pass, sha256);
    if (next.kind === "record") this.#record({ event: next.event });
    return { events: [...before, ...await this.#writer.write()], model: step.model };
  }

  #record(pending: PendingEvent): void {
    this.#state = evolveAnnotation(this.#state, pending.event);
    this.#writer.push(pending);
  }
}

/** A notice of an annotation pass. */
export type AnnotationNotice =
  /** A discussion's log was read. Work on it begins now, unless its pass was completed before. */
  | Readonly<{ kind: "opened"; discussion: string; progress: PassProgress }>
  /** The discussion is unfinished or aborted, so it cannot be annotated. */
  | Readonly<{ kind: "skipped"; discussion: string }>
  | ModelNotice
  | SessionNotice;

/** The options of annotating. */
export type AnnotationOptions =
  & SessionOptions
  & Readonly<{
    /** Receives every notice immediately. It must not throw. */
    notify?: (notice: AnnotationNotice) => void;
    /** Called and awaited after all logs were checked, before the first log is written. */
    begin?: () => Promise<void>;
  }>;

/** The result of annotating. */
export type AnnotationOutcome =
  & RunOutcome
  & Readonly<{
    /** Discussions that were skipped, because they are unfinished or aborted. */
    skipped: number;
  }>;

/**
 * Runs a pass over discussions until it has completed or failed in each completed discussion.
 *
 * @param streams Lists the discussions' ids. All logs are checked before the first log is written. With
 *   `sharing`, the process that shared the discussions has already checked them.
 * @throws {OtherPass} If a log has a different pass of the same name. Then nothing was written.
 * @throws {StoreError} If a log can no longer be written or read.
 */
export async function annotateDiscussions(
  streams: () => Iterable<string> | AsyncIterable<string>,
  design: AnnotationDesign,
  { environment, ...options }: AnnotationOptions & Readonly<{ environment: AnnotationEnvironment }>,
): Promise<AnnotationOutcome> {
  const { notify = () => {}, begin } = options;
  // The process that shared the discussions has checked their logs.
  if (options.sharing === undefined) await refuseOtherPass(streams(), design, environment);
  await begin?.();
  let skipped = 0;
  const outcome = await runSessions(streams(), {
    idOf: (stream) => stream,
    laneOf: () => laneOfPass(design),
    withPeople: () =>
      Object.entries(design.models).some(([name, spec]) =>
        environment.models(name, spec).asksPeople === true
      ),
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

/** The lane of the discussions that a pass annotates. */
export function laneOfPass({ pass }: Pick<AnnotationDesign, "pass">): string {
  return `the annotation pass "${pass}"`;
}

/** A log has a different pass of the same name. */
export class OtherPass extends Error {
  /** Identifies errors of this class. */
  override readonly name = "OtherPass";
}

/** The error for a log that has a different pass of the same name. */
export function otherPass(stream: string, logged: AnnotationDesign, design: AnnotationDesign): OtherPass {
  return new OtherPass(
    `Cannot continue the annotation pass "${design.pass}": it differs from the pass of this name in the log of ` +
      `"${stream}", in: ${
        designDifferences(logged, design).join(", ")
      }. Undo that change, or give the new pass another name`,
  );
}

/** Refuses a different pass of the same name, because one run must not mix two passes. Ignores damaged logs. */
async function refuseOtherPass(...args: Parameters<typeof endedDiscussions>): Promise<void> {
  for await (const _ of endedDiscussions(...args));
}

/**
 * The ids of the discussions that have ended, so that a pass can annotate them. Also the ids of discussions
 * with damaged logs, because the pass reports the damage.
 *
 * @throws {OtherPass} If a log has a different pass of the same name, because one run must not mix two passes.
 */
export async function* endedDiscussions(
  streams: Iterable<string> | AsyncIterable<string>,
  design: AnnotationDesign,
  { store, sha256 }: Readonly<{ store: EventStore; sha256: Sha256 }>,
): AsyncGenerator<string, void> {
  for await (const stream of streams) {
    let hasEnded = false;
    try {
      for await (const envelope of readStream(store, stream, sha256)) {
        const { type, data } = eventOf(envelope);
        hasEnded ||= type === "DiscussionCompleted";
        if (type !== "AnnotationPassStarted" || data.pass !== design.pass) continue;
        if (!sameDesign(data, design)) throw otherPass(stream, data, design);
        break;
      }
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      hasEnded = true;
    } finally {
      store.release(stream);
    }
    if (hasEnded) yield stream;
  }
}
