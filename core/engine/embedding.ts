/** Makes the vectors of the comments of discussions, and keeps them. */
import { annotationStart, evolveAnnotation } from "../annotation/mod.ts";
import type { VectorKeeper } from "../embedding/mod.ts";
import { eventOf, isAnnotationEvent } from "../events/mod.ts";
import { directionOf, type Embedded, vectorsProblem } from "../ports/embedding.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest } from "../ports/model.ts";
import { openDraw, SAMPLING_SEED_MAX } from "../random/mod.ts";
import type { Sha256 } from "../sha256.ts";
import type { Advance, Environment } from "./environment.ts";
import type { ModelNotice } from "./pause_context.ts";
import { type LimitedModel, requestReply } from "./request.ts";
import type { RunOutcome } from "./run_outcome.ts";
import { runSessions } from "./sessions.ts";
import { evolveLogged, readStream } from "./stream.ts";
import { NEVER, OWN_PLACE } from "./waits.ts";
import { lockedPerson } from "./withdrawals.ts";
import type { Session, SessionNotice, SessionOptions } from "./work.ts";

/** A request asks for the vectors of at most this many texts. The responses of servers have a limit. */
const TEXTS_PER_REQUEST = 32;

/** The ports that vectors need. */
export type EmbeddingEnvironment =
  & Pick<Environment, "store" | "clock" | "retry">
  & Readonly<{
    sha256: Sha256;
    /** The model that makes the vectors, and its name. */
    model: LimitedModel;
    name: string;
    vectors: VectorKeeper;
  }>;

/** A notice about vectors. */
export type EmbeddingNotice =
  /**
   * A discussion's log was read. `texts`: how many different texts its comments have; `kept`: how many of these
   * texts have a vector; `ofPeople`: how many comments get none, because logs have their words encrypted.
   */
  | Readonly<{ kind: "opened"; discussion: string; texts: number; kept: number; ofPeople: number }>
  /** A request was answered. `cut`: how many texts were longer than the model's context. */
  | Readonly<{ kind: "embedded"; discussion: string; texts: number; cut: number; tokens: number }>
  /** The discussion is unfinished or aborted. */
  | Readonly<{ kind: "skipped"; discussion: string }>
  | ModelNotice
  | SessionNotice;

/** The options of making vectors. */
export type EmbeddingOptions =
  & Omit<SessionOptions, "sharing">
  & Readonly<{
    /** Receives every notice immediately. It must not throw. */
    notify?: (notice: EmbeddingNotice) => void;
  }>;

/** The result of making vectors. */
export type EmbeddingOutcome =
  & RunOutcome
  & Readonly<{
    /** How many discussions were skipped, because they are unfinished or aborted. */
    skipped: number;
  }>;

/**
 * Makes the missing vectors of completed discussions. Each comment of a participant or moderator needs a vector.
 * If logs have encrypted the words of a person, the comment gets no vector, because a vector would tell what the
 * comment was about, even after a withdrawal.
 *
 * @param streams The discussions' ids.
 * @throws {StoreError} If a log can no longer be read.
 * @throws {RunError} If vectors cannot be written.
 */
export async function embedDiscussions(
  streams: Iterable<string> | AsyncIterable<string>,
  { environment, notify = () => {}, ...options }:
    & EmbeddingOptions
    & Readonly<{ environment: EmbeddingEnvironment }>,
): Promise<EmbeddingOutcome> {
  let skipped = 0;
  const outcome = await runSessions(streams, {
    idOf: (stream) => stream,
    laneOf: () => "the vectors",
    withPeople: () => false,
    async open(stream) {
      const found = await textsOf(stream, environment);
      if (found === null) {
        skipped++;
        notify({ kind: "skipped", discussion: stream });
        return null;
      }
      const { texts, ofPeople } = found;
      const missing = [...texts].filter(([sha256]) => !environment.vectors.has(sha256));
      notify({
        kind: "opened",
        discussion: stream,
        texts: texts.size,
        kept: texts.size - missing.length,
        ofPeople,
      });
      return sessionOf(stream, missing, { ...environment, notify });
    },
    release: (stream) => environment.store.release(stream),
    notify,
    clock: environment.clock,
  }, options);
  return { ...outcome, skipped };
}

type Texts = Readonly<{
  /** SHA-256 → text. */
  texts: ReadonlyMap<string, string>;
  ofPeople: number;
}>;

/** The texts that a discussion needs vectors of; `null` if it is unfinished or aborted. */
async function textsOf(stream: string, { store, sha256 }: EmbeddingEnvironment): Promise<Texts | null> {
  let state = annotationStart();
  const ofPeople = new Set<number>();
  for await (const envelope of readStream(store, stream, sha256)) {
    state = evolveLogged(state, envelope, { evolve: evolveAnnotation, store });
    if (!("comment" in envelope.data) || isAnnotationEvent(eventOf(envelope))) continue;
    const isOfPerson = envelope.person !== undefined || lockedPerson(envelope) !== null;
    if (isOfPerson) ofPeople.add(envelope.data.comment);
  }
  if (!state.ended) return null;
  const asked = state.comments.filter(({ by, isPast }) => by !== "author" && !isPast);
  const open = asked.filter(({ comment, withheld }) => !withheld && !ofPeople.has(comment));
  return {
    texts: new Map(open.map(({ text }) => [sha256(text), text])),
    ofPeople: asked.length - open.length,
  };
}

/** The work on one discussion. It fails when all its texts were sent and the model refused one of them alone. */
function sessionOf(
  discussion: string,
  texts: readonly (readonly [sha256: string, text: string])[],
  environment: EmbeddingEnvironment & Readonly<{ notify: (notice: EmbeddingNotice) => void }>,
): Session {
  const { model, name, clock, retry, vectors, notify } = environment;
  let waiting = texts;
  let textsMax = TEXTS_PER_REQUEST;
  let refused: ModelError | null = null;
  return {
    get ended() {
      return waiting.length === 0 && refused === null;
    },
    async advance(signal = NEVER, stop = NEVER, place = OWN_PLACE): Promise<Advance> {
      // Another discussion with an equal comment may have been answered meanwhile.
      waiting = waiting.filter(([sha256]) => !vectors.has(sha256));
      const batch = waiting.slice(0, textsMax);
      if (batch.length === 0) {
        return refused === null ? { events: [] } : { events: [], error: refused, model: name };
      }
      const request = requestFor(discussion, batch.map(([, text]) => text));
      const asking = new AskingForVectors(model.model);
      const outcome = await requestReply({ ...model, model: asking }, request, {
        clock,
        retry,
        signal,
        stop,
        place,
      });
      if (outcome === null) return { events: [] };
      if ("error" in outcome) {
        const { error } = outcome;
        if (error.kind !== "bad-request") return { events: [], error, model: name };
        // One text that is too long makes a server refuse the whole request. The halves find this text.
        if (batch.length > 1) textsMax = Math.ceil(batch.length / 2);
        else [refused, waiting] = [error, waiting.slice(1)];
        return { events: [] };
      }
      const { vectors: found, cut = 0, usage } = asking.embedded!;
      await vectors.keep(batch.map(([sha256], at) => ({ sha256, vector: directionOf(found[at]!) })));
      waiting = waiting.slice(batch.length);
      textsMax = Math.min(TEXTS_PER_REQUEST, 2 * textsMax);
      notify({ kind: "embedded", discussion, texts: batch.length, cut, tokens: usage?.promptTokens ?? 0 });
      return { events: [], model: name };
    },
  };
}

/** A request for vectors, as a request for a reply. So it has the same limits, retries and pauses. */
function requestFor(discussion: string, texts: readonly string[]): ModelRequest {
  return {
    messages: texts.map((content) => ({ role: "user", content })),
    sampling: { maxTokens: 0 },
    seed: openDraw(discussion, "vectors").below(SAMPLING_SEED_MAX),
    origin: { discussion, turn: 0, speaker: "", role: "annotator" },
  };
}

/** A model that asks for vectors. Its replies are empty, and it has the vectors of the last request. */
class AskingForVectors implements Model {
  readonly #model: Model;
  embedded: Embedded | null = null;

  constructor(model: Model) {
    this.#model = model;
  }

  async generate({ messages }: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const embedded = await this.#model.embed!(messages.map(({ content }) => content), signal);
    const problem = vectorsProblem(embedded?.vectors, messages.length);
    if (problem !== null) {
      throw new ModelError("broken-model", `The model adapter failed: its answer is wrong: ${problem}`);
    }
    this.embedded = embedded;
    const { servedBy, usage } = embedded;
    return {
      text: "",
      finishReason: "stop",
      ...(servedBy === undefined ? {} : { servedBy }),
      ...(usage === undefined ? {} : { usage }),
    };
  }
}
