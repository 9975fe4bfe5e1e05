/** The columns of the tables of comments, silences and annotations. */
import {
  boolean,
  type ColumnFacts,
  COMMENT,
  COMMENT_ID,
  DISCUSSION,
  integer,
  json,
  MODEL,
  number,
  PAST,
  POSITION,
  RAW,
  RECORDED_AT,
  REQUEST,
  RUN,
  type TableFacts,
  text,
  THOUGHTS,
  TURN,
} from "./column_facts.ts";

/** Everyone whose comments are rows. */
const EVERYONE = "openings, scripted interventions, participants and moderators";

export const AUTHOR = text("author", "the speaker's name", "participant, moderator, author");

export const BY = text("by", "who speaks; author means the author of an opening", "the event's type", {
  levels: "author; intervention; participant; moderator",
});

export const COUNTED = boolean(
  "counted",
  "whether outcomes count the comment: they count comments of participants, or of the speakers that the declared " +
    "analysis names, and never comments copied from the past",
  "the declared analysis, by, past",
  { counts: "participants, or as the declared analysis says" },
);

export const COMMENTS: TableFacts = {
  row: `a comment, of ${EVERYONE}; counted marks the comments that outcomes count`,
  columns: [
    RUN,
    COMMENT_ID,
    DISCUSSION,
    COMMENT,
    POSITION,
    TURN,
    AUTHOR,
    BY,
    PAST,
    text("text", "the comment; empty if the words of a person cannot be read", "text"),
    RAW,
    THOUGHTS,
    MODEL,
    ...REQUEST,
    RECORDED_AT,
    text("withheld", "why the words of a person cannot be read", "sealed", { levels: "withdrawn; sealed" }),
    COUNTED,
  ],
};

const WITHOUT_COMMENT: readonly ColumnFacts[] = [
  RUN,
  DISCUSSION,
  POSITION,
  TURN,
  AUTHOR,
  { ...BY, meaning: "who was asked", levels: "participant; moderator" },
  PAST,
  text("reason", "why there is no comment", "reason"),
  RAW,
  THOUGHTS,
  MODEL,
  ...REQUEST,
  RECORDED_AT,
];

export const SILENCES: TableFacts = {
  row: "a turn or moderation in which the speaker said nothing; never a comment",
  columns: WITHOUT_COMMENT,
};

export const CUT_TURNS: TableFacts = {
  row:
    "a turn or moderation whose reply was cut at the token limit before any text; neither a comment nor a chosen " +
    "silence",
  columns: WITHOUT_COMMENT,
};

const ANNOTATED: readonly ColumnFacts[] = [
  RUN,
  DISCUSSION,
  { ...COMMENT_ID, meaning: `${COMMENT_ID.meaning}; empty for a silent turn` },
  { ...COMMENT, meaning: `${COMMENT.meaning}; empty for a silent turn` },
  POSITION,
  text("pass", "the annotation pass", "pass"),
  text("annotator", "the annotator's name", "annotator"),
];

const SCALE = text("scale", "the scale", "values");
const ATTEMPT = integer("attempt", "the number of the request that got this reply, from 1", "attempt");

export const ANNOTATIONS: TableFacts = {
  row:
    "one annotator's value for one comment on one scale. Every annotated comment has rows, also openings and comments " +
    "of moderators",
  columns: [
    ...ANNOTATED,
    SCALE,
    text("value", "the value as text", "values"),
    number("value_number", "the value of an ordinal or interval scale", "values", {
      unit: "steps or units of the scale",
    }),
    text("value_text", "the label of a nominal scale, or a text", "values"),
    boolean("value_boolean", "the value of a yes/no scale", "values"),
    json(
      "probabilities",
      "the model's probabilities of the answers, if they were asked for",
      "probabilities",
    ),
    ATTEMPT,
    RAW,
    THOUGHTS,
    MODEL,
    ...REQUEST,
    RECORDED_AT,
  ],
};

export const ANNOTATIONS_UNPARSED: TableFacts = {
  row: "a scale for which an annotator's reply has no valid value. Each attempt is a row",
  columns: [
    ...ANNOTATED,
    { ...SCALE, from: "AnnotationUnparsed: scales" },
    text("problem", "why the reply has no valid value", "AnnotationUnparsed: problem"),
    RAW,
    THOUGHTS,
    ATTEMPT,
    MODEL,
    ...REQUEST,
    RECORDED_AT,
  ],
};
