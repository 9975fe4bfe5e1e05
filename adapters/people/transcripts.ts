/**
 * The comments that the pages of a discussion's people show: the same comments as in a prompt, while the discussion
 * grows.
 */
import type { OpenState } from "../../core/discussion/mod.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { seatOf } from "../../core/people/mod.ts";
import type { SeenComment } from "../../core/ports/situation.ts";

/** The most comments of a discussion that a page shows. */
const COMMENTS_SHOWN_MAX = 1_000;

type Said = Readonly<{ seen: SeenComment; /** Opening comments belong to no seat. */ isOpening: boolean }>;

type Transcript = {
  readonly most: number;
  /** Everybody with a seat, by name. */
  readonly speakers: readonly string[];
  said: readonly Said[];
};

/** Follows the discussions of a run that have seats of people. Words of people who withdrew are forgotten. */
export class Transcripts {
  readonly #discussions = new Map<string, Transcript>();
  readonly #hasWithdrawn: (person: string) => boolean;

  /** @param hasWithdrawn Whether a person has withdrawn by now. It is called each time the comments are read. */
  constructor(hasWithdrawn: (person: string) => boolean) {
    this.#hasWithdrawn = hasWithdrawn;
  }

  /** Begins to follow a discussion. `state` is its state at that time. */
  opened({ design: { id, history, participants, moderator }, window: latest }: OpenState): void {
    const most = Math.min(history ?? COMMENTS_SHOWN_MAX, COMMENTS_SHOWN_MAX);
    const speakers = [...participants, ...(moderator === null ? [] : [moderator])].map(({ name }) => name);
    const said = latest.filter(({ withheld }) => !withheld).map(({ comment, author, text, by }) => ({
      seen: { comment, author, text },
      isOpening: by === "author",
    }));
    this.#discussions.set(id, { most, speakers, said: lastOf(said, most) });
  }

  /** Adds the comments among new events. Returns whether there are any. */
  recorded(discussion: string, events: readonly DiscussionEvent[]): boolean {
    const transcript = this.#discussions.get(discussion);
    const added = events.flatMap((event) => saidIn(event) ?? []);
    if (transcript === undefined || added.length === 0) return false;
    transcript.said = lastOf([...transcript.said, ...added], transcript.most);
    return true;
  }

  /** The comments so far, oldest first. */
  of(discussion: string): readonly SeenComment[] {
    const transcript = this.#discussions.get(discussion);
    if (transcript === undefined) return [];
    const withdrawn = this.withdrawn(discussion);
    if (withdrawn.length > 0) {
      transcript.said = transcript.said.filter(({ seen, isOpening }) =>
        isOpening || !withdrawn.includes(seen.author)
      );
    }
    return transcript.said.map(({ seen }) => seen);
  }

  /** Takes comments from elsewhere, such as from a question, and leaves out the comments of people who withdrew. */
  readable(discussion: string, comments: readonly SeenComment[]): readonly SeenComment[] {
    const withdrawn = this.withdrawn(discussion);
    if (withdrawn.length === 0) return comments;
    const kept = new Set(this.of(discussion).map(({ comment }) => comment));
    return comments.filter(({ comment, author }) => !withdrawn.includes(author) || kept.has(comment));
  }

  /** The names of everybody in a discussion who has withdrawn. */
  withdrawn(discussion: string): readonly string[] {
    const { speakers = [] } = this.#discussions.get(discussion) ?? {};
    return speakers.filter((name) => this.#hasWithdrawn(seatOf(discussion, name)));
  }
}

function lastOf(said: readonly Said[], most: number): readonly Said[] {
  return said.slice(Math.max(0, said.length - most));
}

function saidIn({ type, data }: DiscussionEvent): Said | null {
  switch (type) {
    case "SeedCommentPosted":
    case "InterventionPosted":
      return { seen: { comment: data.comment, author: data.author, text: data.text }, isOpening: true };
    case "TurnTaken":
      return { seen: { comment: data.comment, author: data.participant, text: data.text }, isOpening: false };
    case "ModeratorIntervened":
      return { seen: { comment: data.comment, author: data.moderator, text: data.text }, isOpening: false };
    default:
      return null;
  }
}
