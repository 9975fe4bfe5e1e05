/** What the data dictionary says about a column of a table. */

/** The type of a column's values: `time` is a UTC time, `json` is JSON as text. */
export type ColumnType = "text" | "integer" | "number" | "boolean" | "time" | "json";

/** A column of a table. */
export type ColumnFacts = Readonly<{
  name: string;
  type: ColumnType;
  meaning: string;
  /** The unit of numbers; empty for none. */
  unit: string;
  /** The possible values, separated by `; `; empty if there is no list of them. */
  levels: string;
  /** For a column that counts: whose comments or turns it counts. Empty for other columns. */
  counts: string;
  /** The event and its member that the value comes from, or how it is computed. */
  from: string;
}>;

/** A table: what a row is, and its columns in their order. */
export type TableFacts = Readonly<{ row: string; columns: readonly ColumnFacts[] }>;

type Further = Partial<Pick<ColumnFacts, "unit" | "levels" | "counts">>;

/** Makes columns of one type. */
function columnsOf(type: ColumnType) {
  return (name: string, meaning: string, from: string, further: Further = {}): ColumnFacts => ({
    name,
    type,
    meaning,
    unit: "",
    levels: "",
    counts: "",
    from,
    ...further,
  });
}

export const text = columnsOf("text");
export const integer = columnsOf("integer");
export const number = columnsOf("number");
export const boolean = columnsOf("boolean");
export const time = columnsOf("time");
export const json = columnsOf("json");

export const RUN = text("run", "the name of the run's folder", "the folder's name");
export const DISCUSSION = text("discussion", "the discussion's name, unique in its run", "the log's name");
export const COMMENT_ID = text(
  "comment_id",
  "identifies the comment in the run: the discussion's name, #, and the comment's number",
  "discussion and comment",
);
export const COMMENT = integer("comment", "the comment's number in its discussion, from 0", "comment");
export const POSITION = integer(
  "position",
  "the place among all slots: openings, scripted interventions, turns and moderations, silent ones included, from 0, so one less than the number of a comment in the viewer",
  "the order of events",
);
export const TURN = integer(
  "turn",
  "the turn, from 0, so one less than in transcripts and in fork --at; for a moderation, the turn before it; empty for openings",
  "turn",
);
export const RECORDED_AT = time("recorded_at", "when the event was recorded", "the event's time");
export const PAST = boolean(
  "past",
  "whether it was copied from the discussion that this branch continues; then it is no result of this discussion",
  "DiscussionOpened: forkedFrom",
);

/** The columns of the request behind an event. */
export const REQUEST: readonly ColumnFacts[] = [
  text("served_by", "the model that answered, as the server names it", "generation: servedBy"),
  text("prompt_hash", "SHA-256 of the prompt", "generation: promptHash"),
  integer("comments_left_out", "comments that did not fit into the prompt", "generation: commentsLeftOut", {
    unit: "comments",
  }),
  integer("seed", "the seed of the request", "generation: seed"),
  text("finish_reason", "why the reply ended", "generation: finishReason"),
  text(
    "finish_reason_given",
    "why the reply ended, in the server's own words, if they differ from finish_reason",
    "generation: finishReasonGiven",
  ),
  integer("prompt_tokens", "the length of the prompt", "generation: usage", { unit: "tokens" }),
  integer("completion_tokens", "the length of the reply", "generation: usage", { unit: "tokens" }),
  integer("attempts", "how often the request was sent", "meta: attempts"),
  number("latency_ms", "the time from the request to the reply", "meta: latencyMs", { unit: "milliseconds" }),
];

export const MODEL = text("model", "the model's name in the experiment file", "generation: model");
export const RAW = text("raw", "the whole reply, if it differs from the text", "raw");
export const THOUGHTS = text("thoughts", "the model's thoughts, which are not part of its reply", "thoughts");
