/**
 * The desk: the open questions of a run to people. The engine puts questions on it, and the pages of people answer
 * them. It knows nothing of pages, tokens or HTTP.
 */
import { createHmac } from "node:crypto";
import type { OpenState } from "../../core/discussion/mod.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ModelReply, ModelRequest, PersonTerms, RequestOrigin } from "../../core/ports/model.ts";
import type { SeenComment, Situation } from "../../core/ports/situation.ts";
import type { Standing } from "../../core/people/mod.ts";
import { Changes } from "./changes.ts";
import { type Person, personIn, personOf, raterTopic, seatTopic, topicOf } from "./persons.ts";
import type { AnswerFate, DeskNotice, DeskQuestion, PersonAnswer, SeatEnd } from "./question.ts";
import { Transcripts } from "./transcripts.ts";

type Asked = DeskQuestion & {
  readonly resolve: (reply: ModelReply) => void;
  /** The answer that is on its way to the log; `null` while there is none. */
  answer: PersonAnswer | null;
  fate: AnswerFate | null;
};

/** The reply of a person who does not take part. */
const DECLINED: ModelReply = { text: "", finishReason: "declined" };

/** How many settled questions of a person the desk remembers at most. So it recognises an answer that is sent twice. */
const SETTLED_KEPT_MAX = 8;

/** What a desk needs. */
export type DeskOptions = Readonly<{
  clock: Clock;
  /** The key from which the ids of questions are made. A resumed run has the same key. */
  secret: string;
  /** Whether a person takes part. */
  standing: (person: string) => Standing;
  /** Whether a person has withdrawn by now. */
  hasWithdrawn: (person: string) => boolean;
}>;

/** The open questions of a run to people. */
export class Desk {
  readonly #clock: Clock;
  readonly #secret: string;
  readonly #asked = new Map<string, Map<string, Asked>>();
  readonly #ended = new Map<string, SeatEnd>();
  #isClosed = false;
  readonly #standing: (person: string) => Standing;
  readonly #transcripts: Transcripts;
  /** Reports changes by topic; see `topicOf()`. */
  readonly changes: Changes = new Changes();

  /** Starts without questions. */
  constructor({ clock, secret, standing, hasWithdrawn }: DeskOptions) {
    this.#clock = clock;
    this.#secret = secret;
    this.#standing = standing;
    this.#transcripts = new Transcripts(hasWithdrawn);
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
    if (this.#isOut(person)) return Promise.resolve(DECLINED);
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

  /**
   * The comments of a discussion so far, as its people see them.
   *
   * @param question A question about these comments, if there is one.
   */
  comments(discussion: string, question?: Situation): readonly SeenComment[] {
    return question === undefined || question.kind === "annotation"
      ? this.#transcripts.of(discussion)
      : this.#transcripts.readable(discussion, question.comments);
  }

  /** The names of all people in a discussion who have withdrawn. Pages forget their comments. */
  withdrawn(discussion: string): readonly string[] {
    return this.#transcripts.withdrawn(discussion);
  }

  /** How the discussion of a seat ended in this process; `null` if it did not end. */
  endOf(discussion: string): SeatEnd | null {
    return this.#ended.get(discussion) ?? null;
  }

  /** Whether the run dropped the last question to a person. The question comes again when the run is resumed. */
  isInterrupted(person: string): boolean {
    return [...this.#asked.get(person)?.values() ?? []].at(-1)?.fate === "interrupted";
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
      this.#tell(asked.origin);
    }
    while (asked.fate === null) await this.changes.next(topicOfOrigin(asked.origin));
    return asked.fate === "saved" && asked.answer?.text !== answer.text ? "answered-before" : asked.fate;
  }

  /** Learns from the engine which events are durable, and which discussions have ended. */
  notice(notice: DeskNotice): void {
    if ("state" in notice) return this.#opened(notice.state);
    if (!("discussion" in notice)) return;
    const { discussion } = notice;
    if ("events" in notice) {
      if (this.#transcripts.recorded(discussion, notice.events)) this.changes.tell(seatTopic(discussion));
      for (const event of notice.events) this.#recorded(discussion, event);
    } else if (notice.kind === "ended") this.#end(discussion, "ended");
    else if (notice.kind === "set-aside" || notice.kind === "left") this.#end(discussion, "failed");
  }

  /** The person does not take part any more: the open questions are answered by silence. */
  released(person: string): void {
    for (const asked of this.#asked.get(person)?.values() ?? []) {
      if (asked.answer !== null || asked.fate !== null) continue;
      asked.resolve(DECLINED);
      this.#settle(asked, "unknown");
    }
  }

  /** A person withdrew: nothing more is asked, and the pages of the same topic learn of it. */
  withdrew(person: Person): void {
    this.released(person.person);
    this.changes.tell(topicOf(person));
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
    // If this question was asked before, it got no answer. Now it is the newest question again.
    questions.delete(id);
    this.#asked.set(person, questions.set(id, asked));
    this.#tell(asked.origin);
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

  #opened(state: OpenState): void {
    const { id } = state.design;
    this.#transcripts.opened(state);
    if (state.phase === "ended") this.#ended.set(id, "ended");
    this.changes.tell(seatTopic(id));
  }

  #end(discussion: string, end: SeatEnd): void {
    this.#ended.set(discussion, end);
    for (const questions of this.#asked.values()) {
      for (const asked of questions.values()) {
        if (asked.origin.discussion === discussion && asked.fate === null) this.#settle(asked, "interrupted");
      }
    }
    this.changes.tell(seatTopic(discussion));
  }

  #isOut(person: string): boolean {
    const standing = this.#standing(person);
    return standing === "declined" || standing === "withdrew";
  }

  #settle(asked: Asked, fate: AnswerFate): void {
    asked.fate ??= fate;
    const questions = this.#asked.get(asked.person)!;
    const settled = [...questions.values()].filter((one) => one.fate !== null);
    for (const old of settled.slice(0, Math.max(0, settled.length - SETTLED_KEPT_MAX))) {
      questions.delete(old.id);
    }
    this.#tell(asked.origin);
  }

  #tell(origin: RequestOrigin): void {
    this.changes.tell(topicOfOrigin(origin));
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

function topicOfOrigin({ role, discussion, speaker }: RequestOrigin): string {
  return role === "annotator" ? raterTopic(speaker) : seatTopic(discussion);
}
