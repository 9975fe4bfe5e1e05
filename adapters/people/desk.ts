/**
 * The desk: the open questions of a run to people. The engine puts questions on it, and the pages of people answer them. It
 * knows nothing of pages, tokens or HTTP.
 */
import { createHmac } from "node:crypto";
import type { OpenState } from "../../core/discussion/mod.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ModelReply, ModelRequest, PersonTerms, RequestOrigin } from "../../core/ports/model.ts";
import type { Situation } from "../../core/ports/situation.ts";
import { Changes } from "./changes.ts";

/** A question that waits for its answer. */
export type DeskQuestion = Readonly<{
  /** The same for the same question after the run was stopped and resumed. It tells nothing about the question. */
  id: string;
  person: string;
  origin: RequestOrigin;
  situation: Situation;
  /** When the time limit ends, in milliseconds since 1970; `null` without a limit. */
  deadlineMs: number | null;
}>;

/** What a person sent. */
export type PersonAnswer = Readonly<{
  /** Empty if the person said nothing on purpose. */
  text: string;
  /** Facts for the event's `meta`, such as `pasted`. */
  meta?: Readonly<Record<string, boolean | number | string>>;
}>;

/** The fate of an answer. */
export type AnswerFate =
  /** The answer is an event in the log, and the log is on the disk. */
  | "saved"
  /** Another answer to the question is in the log. */
  | "answered-before"
  /** The time limit had ended. */
  | "too-late"
  /** The run does not ask this person this question. */
  | "unknown"
  /** The run ended before the answer was in the log. The question comes again after the run is resumed. */
  | "interrupted";

/** How the discussion of a seat stands. */
export type SeatEnd = "ended" | "failed";

/** What the engine tells about a stream; a part of the notices of runs and of annotations. */
export type DeskNotice =
  | Readonly<{ kind: "recorded"; discussion: string; events: readonly DiscussionEvent[] }>
  | Readonly<{ kind: "ended" | "set-aside" | "left"; discussion: string }>
  | Readonly<{ kind: "opened"; state: OpenState }>
  | Readonly<{ kind: string }>;

type Asked = DeskQuestion & {
  readonly resolve: (reply: ModelReply) => void;
  /** The answer that is on its way to the log; `null` while there is none. */
  answer: PersonAnswer | null;
  fate: AnswerFate | null;
};

/** The most settled questions of a person that are remembered, so that an answer that is sent twice is harmless. */
const SETTLED_KEPT_MAX = 8;

/** The person whom a request asks: of a seat `<discussion>/<speaker>`, of an annotator its name. */
export function personOf({ discussion, speaker, role }: RequestOrigin): string {
  return role === "annotator" ? speaker : seatOf(discussion, speaker);
}

/** The pseudonym of a participant or moderator. */
export function seatOf(discussion: string, speaker: string): string {
  return `${discussion}/${speaker}`;
}

/** The open questions of a run to people. */
export class Desk {
  readonly #clock: Clock;
  readonly #secret: string;
  readonly #asked = new Map<string, Map<string, Asked>>();
  readonly #ended = new Map<string, SeatEnd>();
  #isClosed = false;
  /** Tells of changes of a person's questions, by person. */
  readonly changes: Changes = new Changes();

  /** @param options A secret for the ids of questions, the same after the run was resumed. */
  constructor({ clock, secret }: Readonly<{ clock: Clock; secret: string }>) {
    this.#clock = clock;
    this.#secret = secret;
  }

  /** Puts a question to a person. The promise resolves when the person answers or the time limit ends. */
  readonly ask = (
    request: ModelRequest,
    { timeLimitMs }: PersonTerms,
    signal: AbortSignal,
  ): Promise<ModelReply> => {
    if (signal.aborted) return Promise.reject(signal.reason);
    const { origin } = request;
    const situation = request.situation?.();
    if (situation === undefined) {
      return Promise.reject(new TypeError("Cannot ask a person: the request shows nothing"));
    }
    const person = personOf(origin);
    const id = this.#idOf(origin, situation);
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      const end = () => {
        over.abort();
        signal.removeEventListener("abort", abort);
      };
      const abort = () => {
        end();
        this.#settle(asked, "interrupted");
        reject(signal.reason);
      };
      const asked: Asked = {
        id,
        person,
        origin,
        situation,
        deadlineMs: timeLimitMs === null ? null : this.#clock.now() + timeLimitMs,
        answer: null,
        fate: null,
        resolve(reply) {
          end();
          resolve(reply);
        },
      };
      signal.addEventListener("abort", abort);
      this.#put(asked);
      if (timeLimitMs !== null) void this.#watch(asked, timeLimitMs, over.signal);
    });
  };

  /** The questions that wait for a person's answer, oldest first. */
  questions(person: string): readonly DeskQuestion[] {
    return [...this.#asked.get(person)?.values() ?? []].filter(({ answer, fate }) =>
      answer === null && fate === null
    );
  }

  /** Everybody who is asked something now. */
  *waitedFor(): Generator<string> {
    for (const person of this.#asked.keys()) if (this.questions(person).length > 0) yield person;
  }

  /** How the discussion of a seat ended in this process; `null` if it did not end. */
  endOf(discussion: string): SeatEnd | null {
    return this.#ended.get(discussion) ?? null;
  }

  /** Whether the run has ended, so that no question comes any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Gives a person's answer to the engine, and resolves when it is durable. The same answer can be sent again.
   *
   * @returns The fate of the answer.
   */
  async answer(person: string, id: string, answer: PersonAnswer): Promise<AnswerFate> {
    const asked = this.#asked.get(person)?.get(id);
    if (asked === undefined) return "unknown";
    if (asked.fate === null && asked.answer === null) {
      asked.answer = answer;
      const { text, meta } = answer;
      asked.resolve({ text, finishReason: "sent", ...(meta === undefined ? {} : { meta }) });
      this.#tell(person);
    }
    while (asked.fate === null) await this.changes.next(person);
    return asked.fate === "saved" && asked.answer?.text !== answer.text ? "answered-before" : asked.fate;
  }

  /** Learns from the engine which events are durable, and which discussions have ended. */
  notice(notice: DeskNotice): void {
    if ("state" in notice && notice.state.phase === "ended") this.#end(notice.state.design.id, "ended");
    if (!("discussion" in notice)) return;
    const { discussion } = notice;
    if ("events" in notice) { for (const event of notice.events) this.#recorded(discussion, event); }
    else if (notice.kind === "ended") this.#end(discussion, "ended");
    else if (notice.kind === "set-aside" || notice.kind === "left") this.#end(discussion, "failed");
  }

  /** Ends all questions: the run is over. */
  close(): void {
    this.#isClosed = true;
    for (const questions of this.#asked.values()) {
      for (const asked of questions.values()) if (asked.fate === null) this.#settle(asked, "interrupted");
    }
    this.changes.tellAll();
  }

  #put(asked: Asked): void {
    const { person, id } = asked;
    const questions = this.#asked.get(person) ?? new Map<string, Asked>();
    // A question that comes again is new: the last one was not answered.
    questions.delete(id);
    this.#asked.set(person, questions.set(id, asked));
    this.#tell(person);
  }

  async #watch(asked: Asked, timeLimitMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(timeLimitMs, signal);
    } catch {
      return;
    }
    if (asked.answer !== null) return;
    this.#settle(asked, "too-late");
    asked.resolve({ text: "", finishReason: "timed-out" });
  }

  #recorded(discussion: string, event: DiscussionEvent): void {
    const person = personIn(discussion, event);
    const questions = person === null ? undefined : this.#asked.get(person);
    if (questions === undefined) return;
    for (const asked of questions.values()) {
      if (asked.answer === null || asked.fate !== null || asked.origin.discussion !== discussion) continue;
      this.#settle(asked, "saved");
    }
  }

  #end(discussion: string, end: SeatEnd): void {
    this.#ended.set(discussion, end);
    for (const [person, questions] of this.#asked) {
      const own = [...questions.values()].filter(({ origin }) => origin.discussion === discussion);
      for (const asked of own) if (asked.fate === null) this.#settle(asked, "interrupted");
      if (own.length > 0) this.#tell(person);
    }
  }

  #settle(asked: Asked, fate: AnswerFate): void {
    asked.fate ??= fate;
    const questions = this.#asked.get(asked.person)!;
    const settled = [...questions.values()].filter((one) => one.fate !== null);
    for (const old of settled.slice(0, Math.max(0, settled.length - SETTLED_KEPT_MAX))) {
      questions.delete(old.id);
    }
    this.#tell(asked.person);
  }

  #tell(person: string): void {
    this.changes.tell(person);
  }

  #idOf({ discussion, turn, role, speaker }: RequestOrigin, situation: Situation): string {
    const more = situation.kind === "annotation"
      ? [situation.attempt, ...situation.scales.map(({ name }) => name)]
      : [];
    return createHmac("sha256", this.#secret).update(
      JSON.stringify([discussion, turn, role, speaker, ...more]),
    )
      .digest("base64url").slice(0, 22);
  }
}

/** The person whose answer an event records; `null` if it records no answer. */
function personIn(discussion: string, event: DiscussionEvent): string | null {
  switch (event.type) {
    case "TurnTaken":
    case "TurnPassed":
      return seatOf(discussion, event.data.participant);
    case "ModeratorIntervened":
    case "ModeratorAbstained":
      return seatOf(discussion, event.data.moderator);
    case "CommentAnnotated":
    case "AnnotationUnparsed":
      return event.data.annotator;
    default:
      return null;
  }
}
