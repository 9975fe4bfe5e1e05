/** The columns of the tables of discussions, participants, requests and events. */
import {
  boolean,
  COMMENT,
  DISCUSSION,
  integer,
  json,
  MODEL,
  PAST,
  RECORDED_AT,
  REQUEST,
  RUN,
  type TableFacts,
  text,
  time,
  TURN,
} from "./column_facts.ts";

const OPENED = "DiscussionOpened";
const PARTICIPANTS = { counts: "participants", unit: "turns" };
const MODERATORS = { counts: "moderators", unit: "slots" };

export const DISCUSSIONS: TableFacts = {
  row: "a discussion. The counts of a branch include its past",
  columns: [
    RUN,
    DISCUSSION,
    text("experiment", "the experiment's name", `${OPENED}: experiment`),
    text("condition", "the condition's name", `${OPENED}: condition`),
    json("factors", "factor → label of its level", `${OPENED}: factors`),
    json("varied", "drawn setting → label of its value", `${OPENED}: varied`),
    integer(
      "replicate",
      "the replication, from 1; conditions of a matched design share it",
      `${OPENED}: replicate`,
    ),
    text("seed", "the seed of the discussion's draws", `${OPENED}: seed`),
    integer("turns_planned", "the turns of participants that are planned", `${OPENED}: turns`, {
      unit: "turns",
    }),
    integer("openings", "opening comments", "SeedCommentPosted", { counts: "openings", unit: "comments" }),
    integer("scripted", "scripted interventions", "InterventionPosted", {
      counts: "scripted interventions",
      unit: "comments",
    }),
    integer("turns", "turns taken, silent ones included", "TurnTaken, TurnPassed", PARTICIPANTS),
    integer("comments", "turns with a comment", "TurnTaken", { counts: "participants", unit: "comments" }),
    integer("silences", "silent turns", "TurnPassed", PARTICIPANTS),
    integer("cut_turns", "turns whose reply was cut before any text", "TurnPassed: reason", PARTICIPANTS),
    integer(
      "moderator_slots",
      "how often the moderator was asked",
      "ModeratorIntervened, ModeratorAbstained",
      MODERATORS,
    ),
    integer("interventions", "slots with a comment", "ModeratorIntervened", {
      counts: "moderators",
      unit: "comments",
    }),
    integer("abstentions", "slots in which the moderator said nothing", "ModeratorAbstained", MODERATORS),
    integer("participants", "the number of participants", `${OPENED}: participants`),
    text("moderator", "the moderator's name; empty without one", `${OPENED}: moderator`),
    text("moderator_model", "the moderator's model", `${OPENED}: moderator`),
    json("moderator_persona", "the moderator's attributes", `${OPENED}: moderator`),
    text("moderator_schedule", "the rule by which the moderator is asked", `${OPENED}: moderator`),
    text("turn_taking", "the rule by which speakers are chosen", `${OPENED}: turnTaking`),
    integer("history", "comments that a prompt shows; empty for all", `${OPENED}: history`, {
      unit: "comments",
    }),
    text("status", "how far the discussion is", "DiscussionCompleted, DiscussionAborted", {
      levels: "completed; aborted; unfinished",
    }),
    text("end_reason", "why the discussion ended", "DiscussionCompleted, DiscussionAborted: reason"),
    text("forked_from", "the discussion that a branch continues", `${OPENED}: forkedFrom`),
    text("forked_from_run", "the run of that discussion, if it is another one", `${OPENED}: forkedFrom`),
    text("imported_format", "the format of the imported file", `${OPENED}: imported`),
    text("imported_file", "the imported file", `${OPENED}: imported`),
    text("imported_id", "the discussion's name in that file", `${OPENED}: imported`),
    time("opened_at", "when the discussion began", OPENED),
    time("ended_at", "when it ended", "DiscussionCompleted, DiscussionAborted"),
  ],
};

export const FACTORS: TableFacts = {
  row:
    "a discussion's level of a factor, or its value of a varied setting. Exported only if the export names this table",
  columns: [
    RUN,
    DISCUSSION,
    text("factor", "the factor's label, or its path", `${OPENED}: factors, varied`),
    text("level", "the label of the level", `${OPENED}: factors, varied`),
    text("path", "the factor's path in the experiment file", `${OPENED}: factors, varied`),
    boolean("drawn", "whether it is a varied setting, whose value is drawn at random", `${OPENED}: varied`),
  ],
};

export const PARTICIPANT_TABLE: TableFacts = {
  row: "a participant of a discussion",
  columns: [
    RUN,
    DISCUSSION,
    text("name", "the participant's name", `${OPENED}: participants`),
    integer("place", "the place among the participants, from 0", `${OPENED}: participants`),
    text("model", "the model's name in the experiment file", `${OPENED}: participants`),
    text("role", "the role; empty without one", `${OPENED}: participants`),
    json("persona", "attribute → value", `${OPENED}: participants`),
  ],
};

export const GENERATIONS: TableFacts = {
  row: "a request to a model, with the failure if it failed",
  columns: [
    RUN,
    DISCUSSION,
    integer("seq", "the event's number in the log, from 0", "the event's number"),
    text("event", "the type of the event", "the event's type"),
    text("pass", "the annotation pass; empty for requests of the discussion", "pass"),
    TURN,
    COMMENT,
    text(
      "speaker",
      "the name of the participant, moderator or annotator",
      "participant, moderator, annotator",
    ),
    text("role", "who was asked", "the event's type", { levels: "participant; moderator; annotator" }),
    MODEL,
    ...REQUEST,
    text("failure", "the kind of the failure; empty without one", "kind"),
    boolean("retryable", "whether sending the request again could help", "retryable"),
    text("message", "the failure's message", "meta: message"),
    RECORDED_AT,
    PAST,
  ],
};

export const EVENTS: TableFacts = {
  row: "an event of a log, unchanged",
  columns: [
    RUN,
    text("stream", "the discussion's name", "the log's name"),
    integer("seq", "the event's number in the log, from 0", "the event's number"),
    RECORDED_AT,
    text("type", "the type of the event", "the event's type"),
    json("data", "the event's data", "data"),
    json("meta", "facts that no later prompt depends on", "meta"),
  ],
};
