/** `SeedCommentPosted`: an opening comment. */

/** An opening comment was posted that no model generated. */
export type SeedCommentPosted = Readonly<{
  type: "SeedCommentPosted";
  data: Readonly<{
    /** 0-based ordinal of the comment in its discussion: with the stream's name, the comment's identity. */
    comment: number;
    /** A participant's name, or that of an author who takes no part otherwise. */
    author: string;
    text: string;
  }>;
}>;
