/**
 * The tables of a run, as views of its events. No SQL outside of this folder knows the shape of events. A slot is an
 * opening, a scripted intervention, a turn or a moderation, with or without a comment.
 */
import { annotated, generationColumns, said, shaped, WITHHELD } from "./event_shapes.ts";

/** Events of slots whose text was given in advance, and of slots in which a speaker was asked. */
const GIVEN = ["SeedCommentPosted", "InterventionPosted"];
const ASKED = ["TurnTaken", "TurnPassed", "ModeratorIntervened", "ModeratorAbstained"];
const SLOTS = [...GIVEN, ...ASKED];
const ANNOTATIONS = ["CommentAnnotated", "SilenceAnnotated"];

const REQUESTS = [
  ...ASKED,
  "GenerationFailed",
  ...ANNOTATIONS,
  "AnnotationUnparsed",
  "AnnotationFailed",
];

/** Views that the tables need. The underscore marks them as internal. */
const HELPERS: Readonly<Record<string, string>> = {
  _opened: `SELECT run, stream AS discussion, recorded_at, d.* FROM ${
    shaped(["DiscussionOpened"], {
      experiment: "VARCHAR",
      condition: "VARCHAR",
      factors: "JSON",
      varied: "JSON",
      replicate: "INTEGER",
      seed: "VARCHAR",
      participants: "JSON",
      moderator: { name: "VARCHAR", model: "VARCHAR", persona: "JSON", schedule: { name: "VARCHAR" } },
      turns: "INTEGER",
      history: "INTEGER",
      turnTaking: { name: "VARCHAR" },
      forkedFrom: { run: "VARCHAR", stream: "VARCHAR", events: "INTEGER", hash: "VARCHAR" },
      imported: { format: "VARCHAR", file: "VARCHAR", id: "VARCHAR" },
    })
  }`,

  _copied:
    `SELECT run, discussion, forkedFrom.events AS events FROM _opened WHERE forkedFrom.hash IS NOT NULL`,

  _speakers: `SELECT run, discussion, 'participant' AS "by", name, model FROM participants
    UNION ALL
    SELECT run, discussion, 'moderator', moderator.name, moderator.model FROM _opened WHERE moderator IS NOT NULL`,

  _slots:
    `SELECT s.run, s.stream AS discussion, s.seq, s.recorded_at, s.type, s.d, s.m, s.position, s.author, s."by",
      s.seq <= coalesce(c.events, 0) AS past,
      coalesce(s.d.generation.model, p.model) AS model FROM (
      SELECT e.*, o.position, coalesce(d.participant, d.moderator, d.author) AS author,
        CASE type WHEN 'SeedCommentPosted' THEN 'author' WHEN 'InterventionPosted' THEN 'intervention'
          ELSE CASE WHEN d.moderator IS NULL THEN 'participant' ELSE 'moderator' END END AS "by"
      FROM ${
      shaped(SLOTS, said)
    } e JOIN _positions o ON o.run = e.run AND o.stream = e.stream AND o.seq = e.seq) s
    LEFT JOIN _copied c ON c.run = s.run AND c.discussion = s.stream
    LEFT JOIN _speakers p ON p.run = s.run AND p.discussion = s.stream AND p."by" = s."by" AND p.name = s.author`,
};

/** The positions of all slots. This table has no texts, so sorting it takes little memory. */
const POSITIONS = `CREATE TABLE _positions AS
  SELECT run, stream, seq, (row_number() OVER (PARTITION BY run, stream ORDER BY seq) - 1)::INTEGER AS position
  FROM events WHERE type IN (${SLOTS.map((type) => `'${type}'`).join(", ")})`;

function eventsOf(files: readonly string[]): string {
  return files.length > 0
    ? `SELECT * FROM read_parquet([${files.join(", ")}])`
    : `SELECT NULL::VARCHAR AS run,
    NULL::VARCHAR AS stream, NULL::INTEGER AS seq, NULL::TIMESTAMP AS recorded_at, NULL::VARCHAR AS type,
    NULL::JSON AS data, NULL::JSON AS meta LIMIT 0`;
}

/** The comment and the position of the slot that an event `e` is about. */
const COMMENT_AND_POSITION = `
  CASE WHEN e.d.comment IS NOT NULL THEN e.stream || '#' || e.d.comment END AS comment_id,
  e.d.comment AS comment, coalesce(e.d.position, c.position) AS position`;
const COMMENT_JOIN =
  `LEFT JOIN comments c ON c.run = e.run AND c.discussion = e.stream AND c.comment = e.d.comment`;

/** Annotations of withheld comments, and of people who do not take part, count as missing. */
const COUNTS = `c.withheld IS NULL AND e.d.sealed.person IS NULL
      AND coalesce(e.d.generation.finishReason, '') <> 'declined'`;

/** The name of a table. */
export type TableName =
  | "discussions"
  | "factors"
  | "participants"
  | "comments"
  | "silences"
  | "cut_turns"
  | "annotations"
  | "annotations_unparsed"
  | "generations"
  | "flat"
  | "events";

/** A reply that was cut before any text. It is not a silence, because its speaker did not choose it. */
const IS_CUT = `coalesce(d.reason, '') = 'cut-before-text'`;

const WAS_CUT = `coalesce(reason, '') = 'cut-before-text'`;

/** The types of events whose reason is needed. All these events are short. */
const WITH_REASON = `('TurnPassed', 'ModeratorAbstained', 'DiscussionCompleted', 'DiscussionAborted')`;

/** The events with their reasons. The comments, which can be long, are not read. */
const REASONS =
  `(SELECT run, stream, type, recorded_at, NULL AS reason FROM events WHERE type NOT IN ${WITH_REASON}
        UNION ALL SELECT run, stream, type, recorded_at, data->>'$.reason' FROM events WHERE type IN ${WITH_REASON})`;

/** The values of annotators, with the number of the event. */
export const ANNOTATED =
  `SELECT e.run, e.stream AS discussion, ${COMMENT_AND_POSITION}, e.d.pass AS pass, e.d.annotator AS annotator,
      v.key AS scale, (v.value->>'$') AS value,
      CASE WHEN v.type NOT IN ('VARCHAR', 'BOOLEAN') THEN try_cast(v.value->>'$' AS DOUBLE) END AS value_number,
      CASE v.type WHEN 'VARCHAR' THEN v.value->>'$' END AS value_text,
      CASE v.type WHEN 'BOOLEAN' THEN (v.value->>'$')::BOOLEAN END AS value_boolean,
      (e.d.probabilities[v.key]) AS probabilities, e.d.attempt AS attempt, e.d.raw AS raw, e.d.thoughts AS thoughts,
      e.d.generation.model AS model, ${generationColumns("e.d.generation")}, e.recorded_at, e.seq
    FROM ${shaped(ANNOTATIONS, { ...annotated, values: "JSON", probabilities: "MAP(VARCHAR, JSON)" })} e
    CROSS JOIN json_each(e.d.values) v ${COMMENT_JOIN}
    WHERE ${COUNTS}`;

/** The counts of a discussion. Turns, comments and silences are counted for participants only, as in reports. */
const DISCUSSION_COUNTS = [
  "openings",
  "scripted",
  "turns",
  "comments",
  "silences",
  "cut_turns",
  "moderator_slots",
  "interventions",
  "abstentions",
] as const;

const withoutComment = (which: string) =>
  `SELECT run, discussion, position, d.turn AS turn, author, "by", past, d.reason AS reason,
      CASE WHEN d.sealed.person IS NULL THEN d.raw END AS raw,
      d.thoughts AS thoughts, model, ${generationColumns("d.generation")}, recorded_at
    FROM _slots WHERE d.comment IS NULL AND ${which}`;

const TABLES: Readonly<Record<Exclude<TableName, "flat" | "events">, string>> = {
  discussions:
    `SELECT o.run, o.discussion, o.experiment, o.condition, o.factors, o.varied, o.replicate, o.seed,
      o.turns AS turns_planned, ${
      DISCUSSION_COUNTS.map((name) => `coalesce(n.${name}, 0)::INTEGER AS ${name}`).join(", ")
    },
      json_array_length(o.participants)::INTEGER AS participants,
      o.moderator.name AS moderator, o.moderator.model AS moderator_model,
      o.moderator.persona AS moderator_persona, o.moderator.schedule.name AS moderator_schedule,
      o.turnTaking.name AS turn_taking, o.history, coalesce(n.status, 'unfinished') AS status, n.end_reason,
      o.forkedFrom.stream AS forked_from, o.forkedFrom.run AS forked_from_run, o.imported.format AS imported_format, o.imported.file AS imported_file,
      o.imported.id AS imported_id, o.recorded_at AS opened_at, n.ended_at
    FROM _opened o LEFT JOIN (
      SELECT run, stream,
        count(*) FILTER (type = 'SeedCommentPosted') AS openings,
        count(*) FILTER (type = 'InterventionPosted') AS scripted,
        count(*) FILTER (type IN ('TurnTaken', 'TurnPassed')) AS turns,
        count(*) FILTER (type = 'TurnTaken') AS comments,
        count(*) FILTER (type = 'TurnPassed' AND NOT ${WAS_CUT}) AS silences,
        count(*) FILTER (type = 'TurnPassed' AND ${WAS_CUT}) AS cut_turns,
        count(*) FILTER (type IN ('ModeratorIntervened', 'ModeratorAbstained')) AS moderator_slots,
        count(*) FILTER (type = 'ModeratorIntervened') AS interventions,
        count(*) FILTER (type = 'ModeratorAbstained' AND NOT ${WAS_CUT}) AS abstentions,
        max(CASE type WHEN 'DiscussionCompleted' THEN 'completed' WHEN 'DiscussionAborted' THEN 'aborted' END)
          AS status,
        max(reason) FILTER (type IN ('DiscussionCompleted', 'DiscussionAborted')) AS end_reason,
        max(recorded_at) FILTER (type IN ('DiscussionCompleted', 'DiscussionAborted')) AS ended_at
      FROM ${REASONS} GROUP BY run, stream) n ON n.run = o.run AND n.stream = o.discussion`,

  factors: `SELECT f.run, f.discussion, coalesce(l.label, f.path) AS factor, f.level, f.path, f.drawn FROM (
      SELECT o.run, o.discussion, k.key AS path, (k.value->>'$') AS level, false AS drawn
      FROM _opened o, json_each(o.factors) k
      UNION ALL
      SELECT o.run, o.discussion, k.key, (k.value->>'$'), true FROM _opened o, json_each(o.varied) k) f
    LEFT JOIN _labels l ON l.run = f.run AND l.path = f.path`,

  participants: `SELECT o.run, o.discussion, (p.value->>'$.name') AS name, p.key::INTEGER AS place,
      (p.value->>'$.model') AS model, (p.value->>'$.role.name') AS role, (p.value->'$.persona') AS persona
    FROM _opened o, json_each(o.participants) p`,

  comments:
    `SELECT run, discussion || '#' || d.comment AS comment_id, discussion, d.comment AS comment, position,
      d.turn AS turn, author, "by", past, CASE WHEN d.sealed.person IS NULL THEN d.text END AS text, d.raw AS raw, d.thoughts AS thoughts, model, ${
      generationColumns("d.generation")
    },
      recorded_at, ${WITHHELD} AS withheld,
      NOT past AND (("by" = 'participant' AND whose <> 'moderators') OR ("by" = 'moderator' AND whose <> 'participants')) AS counted
    FROM _slots JOIN _counted USING (run) WHERE d.comment IS NOT NULL`,

  silences: withoutComment(`NOT ${IS_CUT}`),

  cut_turns: withoutComment(IS_CUT),

  annotations: `SELECT * EXCLUDE (seq) FROM (${ANNOTATED})`,

  annotations_unparsed: `SELECT e.run, e.stream AS discussion, ${COMMENT_AND_POSITION}, e.d.pass AS pass,
      e.d.annotator AS annotator, unnest(e.d.scales) AS scale, e.d.problem AS problem, e.d.raw AS raw, e.d.thoughts AS thoughts,
      e.d.attempt AS attempt, e.d.generation.model AS model, ${generationColumns("e.d.generation")},
      e.recorded_at
    FROM ${shaped(["AnnotationUnparsed"], { ...annotated, problem: "VARCHAR", scales: "VARCHAR[]" })} e
    ${COMMENT_JOIN} WHERE ${COUNTS}`,

  generations: `SELECT run, stream AS discussion, seq, type AS event, d.pass AS pass, d.turn AS turn,
      d.comment AS comment, coalesce(d.annotator, d.participant, d.moderator, d.speaker) AS speaker,
      coalesce(d.role, CASE WHEN d.annotator IS NOT NULL THEN 'annotator'
        WHEN d.moderator IS NOT NULL THEN 'moderator' ELSE 'participant' END) AS role,
      coalesce(d.generation.model, d.model) AS model, ${generationColumns("d.generation")},
      d.kind AS failure, d.retryable AS retryable, m.message AS message, recorded_at,
      x.seq <= coalesce((SELECT events FROM _copied c WHERE c.run = x.run AND c.discussion = x.stream), 0) AS past
    FROM ${
    shaped(REQUESTS, {
      ...annotated,
      ...said,
      speaker: "VARCHAR",
      role: "VARCHAR",
      model: "VARCHAR",
      kind: "VARCHAR",
      retryable: "BOOLEAN",
    })
  } x WHERE (d.generation IS NOT NULL OR d.kind IS NOT NULL)
      -- A pass that parses earlier replies again sends no requests. The earlier pass counts them.
      AND (run, stream, coalesce(d.pass, '')) NOT IN (
        SELECT (run, stream, data->>'$.pass') FROM events
        WHERE type = 'AnnotationPassStarted' AND (data->>'$.reparsedFrom') IS NOT NULL)`,
};

/** All tables. The last two are `flat`, which is made from the others when it is needed, and `events`. */
export const TABLE_NAMES: readonly TableName[] = [
  ...Object.keys(TABLES) as (keyof typeof TABLES)[],
  "flat",
  "events",
];

/** The columns by which a table's rows are sorted; `null` if they keep the order of events. */
export const ROW_ORDER: Readonly<Record<TableName, string | null>> = {
  discussions: "run, discussion",
  factors: "run, discussion, drawn, path",
  participants: "run, discussion, place",
  comments: null,
  silences: null,
  cut_turns: null,
  annotations: "run, discussion, pass, position, annotator, scale",
  annotations_unparsed: "run, discussion, pass, position, annotator, scale, attempt",
  generations: null,
  flat: "run, discussion, comment",
  events: null,
};

/** A run, one of its factors and the factor's label, each as an SQL text. */
export type LabelRow = readonly [run: string, path: string, label: string];

/** A run, and whose comments its declared analysis counts, each as an SQL text. */
export type CountedRow = readonly [run: string, whose: string];

function labelsOf(rows: readonly LabelRow[]): string {
  return rows.length > 0
    ? `SELECT * FROM (VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")}) l(run, path, label)`
    : "SELECT NULL::VARCHAR AS run, NULL::VARCHAR AS path, NULL::VARCHAR AS label LIMIT 0";
}

/**
 * The statements that make the tables of a database.
 *
 * @param files Parquet files of events, as SQL texts.
 * @param facts The labels of factors, and whose comments each run counts.
 */
export function createViews(
  files: readonly string[],
  { labels, counted }: Readonly<{ labels: readonly LabelRow[]; counted: readonly CountedRow[] }>,
): string[] {
  const { _opened, _copied, ...others } = HELPERS;
  const { participants, ...tables } = TABLES;
  const view = (name: string, query = "") => `CREATE VIEW ${name} AS ${query}`;
  // A view can be made only after the views that it reads.
  return [
    view("events", eventsOf(files)),
    view("_labels", labelsOf(labels)),
    view(
      "_counted",
      `SELECT * FROM (VALUES ${counted.map((row) => `(${row.join(", ")})`).join(", ")}) c(run, whose)`,
    ),
    POSITIONS,
    ...Object.entries({ _opened, _copied, participants, ...others, ...tables }).map(([name, query]) =>
      view(name, query)
    ),
  ];
}
