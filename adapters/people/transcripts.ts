/** The comments of discussions with people, as their pages show them: what a prompt would show, while it grows. */
import type { OpenState } from "../../core/discussion/mod.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import type { SeenComment } from "../../core/ports/situation.ts";

/** The most comments of a discussion that a page shows. */
const COMMENTS_SHOWN_MAX = 1_000;

type Transcript = { readonly most: number; comments: readonly SeenComment[] };

/** Follows the discussions of a run that have seats of people. */
export class Transcripts {
  readonly #discussions = new Map<string, Transcript>();

  /** Begins to follow a discussion. `state` is its state at that time. */
  opened({ design: { id, history }, window: latest }: OpenState): void {
    const most = Math.min(history ?? COMMENTS_SHOWN_MAX, COMMENTS_SHOWN_MAX);
    const comments = latest.map(({ comment, author, text }) => ({ comment, author, text }));
    this.#discussions.set(id, { most, comments: lastOf(comments, most) });
  }

  /** Adds the comments among new events. Returns whether there are any. */
  recorded(discussion: string, events: readonly DiscussionEvent[]): boolean {
    const transcript = this.#discussions.get(discussion);
    const added = events.flatMap((event) => commentOf(event) ?? []);
    if (transcript === undefined || added.length === 0) return false;
    transcript.comments = lastOf([...transcript.comments, ...added], transcript.most);
    return true;
  }

  /** The comments so far, oldest first. */
  of(discussion: string): readonly SeenComment[] {
    return this.#discussions.get(discussion)?.comments ?? [];
  }
}

function lastOf(comments: readonly SeenComment[], most: number): readonly SeenComment[] {
  return comments.slice(Math.max(0, comments.length - most));
}

function commentOf(event: DiscussionEvent): SeenComment | null {
  switch (event.type) {
    case "SeedCommentPosted":
    case "InterventionPosted":
      return { comment: event.data.comment, author: event.data.author, text: event.data.text };
    case "TurnTaken":
      return { comment: event.data.comment, author: event.data.participant, text: event.data.text };
    case "ModeratorIntervened":
      return { comment: event.data.comment, author: event.data.moderator, text: event.data.text };
    default:
      return null;
  }
}
