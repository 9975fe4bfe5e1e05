/** What an annotation has come to so far: a fold over its notices, of bounded size. */
import { type Annotation, countReply, readEvent, type ReplyCounts } from "../../analysis/projections/mod.ts";
import { questionCount } from "../../core/annotation/mod.ts";
import type { AnnotationNotice, ModelNotice } from "../../core/engine/mod.ts";

/** How far an annotation is. */
export type AnnotationTally = Readonly<{
  discussions: Readonly<{
    planned: number;
    /** Those for which the pass is completed. */
    ended: number;
    /** Of these, the ones for which it was completed before. */
    endedBefore: number;
    open: number;
    /** Unfinished discussions, which cannot be annotated. */
    skipped: number;
    setAside: number;
    /** Those that were left as they were, since others failed. */
    left: number;
  }>;
  judgements: Readonly<{
    /** Questions of the discussions whose logs have been read. */
    known: number;
    /** How many of them are settled. */
    settled: number;
    /** Those that were settled by this process. */
    asked: number;
    /** How many of these have no reply that could be parsed. */
    unanswered: number;
    /** Replies that could not be read, by this process; the annotator may have been asked again. */
    unread: number;
  }>;
  /** What the annotators' replies were like, by their model, in this process. */
  replies: ReadonlyMap<string, Readonly<ReplyCounts>>;
  /** Of this process; only what the servers reported. */
  tokens: Readonly<{ prompt: number; completion: number }>;
  /** Requests that ended in an error after all attempts, by this process. */
  failures: number;
}>;

/** Keeps the tally of an annotation. */
export class AnnotationTallyKeeper {
  readonly #planned: number;
  #ended = 0;
  #endedBefore = 0;
  #skipped = 0;
  #setAside = 0;
  #left = 0;
  #open = 0;
  #known = 0;
  #settledBefore = 0;
  #asked = 0;
  #unanswered = 0;
  #unparsed = 0;
  #promptTokens = 0;
  #completionTokens = 0;
  #failures = 0;
  readonly #replies = new Map<string, ReplyCounts>();
  /** Open discussion → retries, and replies to its current question that could not be read. */
  readonly #questionOf = new Map<string, { retries: number; unparsed: number }>();

  /** @param planned How many discussions there are. */
  constructor(planned: number) {
    this.#planned = planned;
  }

  /** Counts what an annotation told. */
  count(notice: Exclude<AnnotationNotice, ModelNotice>): void {
    switch (notice.kind) {
      case "skipped":
        this.#skipped++;
        return;
      case "opened":
        return this.#opened(notice);
      case "recorded":
        return this.#recorded(notice);
      case "ended":
        this.#ended++;
        return this.#close(notice.discussion);
      case "set-aside":
        this.#setAside++;
        return this.#close(notice.discussion);
      case "left":
        this.#left++;
        return this.#close(notice.discussion);
      default:
        return notice satisfies never;
    }
  }

  /** How far it is now. */
  get tally(): AnnotationTally {
    return {
      discussions: {
        planned: this.#planned,
        ended: this.#ended,
        endedBefore: this.#endedBefore,
        open: this.#open,
        skipped: this.#skipped,
        setAside: this.#setAside,
        left: this.#left,
      },
      judgements: {
        known: this.#known,
        settled: this.#settledBefore + this.#asked,
        asked: this.#asked,
        unanswered: this.#unanswered,
        unread: this.#unparsed,
      },
      replies: this.#replies,
      tokens: { prompt: this.#promptTokens, completion: this.#completionTokens },
      failures: this.#failures,
    };
  }

  #opened({ discussion, progress }: Extract<AnnotationNotice, { kind: "opened" }>): void {
    this.#known += questionCount(progress);
    this.#settledBefore += progress.settled;
    if (progress.completed) {
      this.#ended++;
      this.#endedBefore++;
      return;
    }
    this.#open++;
    this.#questionOf.set(discussion, {
      retries: progress.design.retries,
      unparsed: progress.unparsedReplies,
    });
  }

  #recorded({ discussion, events }: Extract<AnnotationNotice, { kind: "recorded" }>): void {
    for (const event of events) {
      const entry = readEvent(event);
      if (entry.kind === "failure") this.#failures++;
      if (entry.kind === "annotation") this.#annotated(discussion, entry);
    }
  }

  #annotated(discussion: string, annotation: Annotation): void {
    countReply(this.#replies, annotation);
    const current = this.#questionOf.get(discussion)!;
    const isUnparsed = annotation.values === null;
    if (isUnparsed) {
      this.#unparsed++;
      current.unparsed++;
    }
    if (!isUnparsed || current.unparsed > current.retries) {
      this.#asked++;
      if (isUnparsed) this.#unanswered++;
      current.unparsed = 0;
    }
    const usage = annotation.generation?.usage;
    this.#promptTokens += usage?.promptTokens ?? 0;
    this.#completionTokens += usage?.completionTokens ?? 0;
  }

  /** A discussion whose log cannot be read fails without having been opened. */
  #close(discussion: string): void {
    if (this.#questionOf.delete(discussion)) this.#open--;
  }
}
