/** The columns of the table `flat`: a row for each comment, with everything that is known about it. */
import { isFreeText, type Scale, scaleTypeOf } from "../../core/annotation/scales/mod.ts";
import { TableIds } from "../../analysis/report/tables.ts";
import { AUTHOR, BY, COUNTED } from "./comment_columns.ts";
import {
  type ColumnFacts,
  COMMENT,
  COMMENT_ID,
  DISCUSSION,
  integer,
  MODEL,
  number,
  PAST,
  POSITION,
  RUN,
  type TableFacts,
  text,
  TURN,
} from "./column_facts.ts";
import { DISCUSSIONS } from "./discussion_columns.ts";
import { sqlName, sqlText } from "./duckdb.ts";

/** A column, and the SQL that computes it: from the joined tables, or from the annotations of one comment. */
export type FlatColumn = ColumnFacts & Readonly<{ sql: string; isScore?: true }>;

/** What the columns of a run's table depend on. */
export type FlatFacts = Readonly<{
  factors: readonly Readonly<{ factor: string; path: string; drawn: boolean; levels: string }>[];
  /** The keys of all personas. */
  attributes: readonly string[];
  passes: readonly Readonly<{ pass: string; scales: readonly Scale[]; annotators: readonly string[] }>[];
}>;

/**
 * The words of a comment, as reports count them. The pattern lists all white space, because RE2 has no class for it.
 */
const WORDS = String.raw`len(regexp_extract_all(c.text, '[^\p{Z}\t\n\x0B\x0C\r\x{85}]+'))`;

const ofComment = (column: ColumnFacts): FlatColumn => ({ ...column, sql: `c.${sqlName(column.name)}` });

function ofDiscussion(name: string): FlatColumn {
  return { ...DISCUSSIONS.columns.find((column) => column.name === name)!, sql: `o.${sqlName(name)}` };
}

const IDS: readonly FlatColumn[] = [
  ...[RUN, DISCUSSION].map(ofComment),
  ofDiscussion("imported_id"),
  ...[COMMENT_ID, COMMENT, POSITION, TURN].map(ofComment),
];
const DESIGN = ["condition", "replicate", "status"].map(ofDiscussion);
const SPEAKER: readonly FlatColumn[] = [
  ...[BY, AUTHOR].map(ofComment),
  {
    ...text("role", "the speaker's role; empty without one", "DiscussionOpened: participants"),
    sql: "p.role",
  },
  ofComment(MODEL),
];
const SAID: readonly FlatColumn[] = [
  ...[PAST, COUNTED].map(ofComment),
  ofComment(text("text", "the comment", "text")),
  {
    ...integer("words", "the words of the comment, separated by white space", "text", { unit: "words" }),
    sql: `${WORDS}::INTEGER`,
  },
];

const FIXED = [...IDS, ...DESIGN, ...SPEAKER, ...SAID];

export const FLAT: TableFacts = {
  row:
    "a comment with its discussion, its speaker and its scores: everything in one table. Silent turns have no row",
  columns: FIXED.map(({ sql: _, ...column }) => column),
};

/** All columns of the table, in their order. */
export function flatColumns({ factors, attributes, passes }: FlatFacts): readonly FlatColumn[] {
  const names = new TableIds("");
  for (const { name } of FIXED) names.next(name);
  const nameOf = (...parts: readonly string[]) => names.next(...parts).replaceAll("-", "_");
  const byFactor = Map.groupBy(factors, ({ factor, drawn }) => JSON.stringify([factor, drawn]));
  return [
    ...IDS,
    ...DESIGN,
    ...[...byFactor.values()].map((paths): FlatColumn => {
      const { factor, drawn, levels } = paths[0]!;
      const member = drawn ? "varied" : "factors";
      const said = drawn ? "the discussion's drawn value of" : "the discussion's level of the factor";
      return {
        ...text(
          nameOf(drawn ? "varied" : "factor", factor),
          `${said} ${factor}`,
          `DiscussionOpened: ${member}`,
          {
            levels,
          },
        ),
        sql: `coalesce(${paths.map(({ path }) => `o.${member}->>${pointer(path)}`).join(", ")})`,
      };
    }),
    ...SPEAKER,
    ...attributes.map((key): FlatColumn => ({
      ...text(
        nameOf("persona", key),
        `the attribute ${key} of the speaker's persona`,
        "DiscussionOpened: persona",
      ),
      sql: `(CASE WHEN c."by" = 'moderator' THEN o.moderator_persona ELSE p.persona END)->>${pointer(key)}`,
    })),
    ...SAID,
    ...passes.flatMap(({ pass, scales, annotators }) =>
      scales.flatMap((scale) => scoreColumns({ pass, scale, annotators }, nameOf))
    ),
  ];
}

type Scored = Readonly<{ pass: string; scale: Scale; annotators: readonly string[] }>;

/** The mean over annotators, or the share of each label, and the value of each annotator. */
function scoreColumns(
  { pass, scale, annotators }: Scored,
  nameOf: (...parts: readonly string[]) => string,
): readonly FlatColumn[] {
  const { labels, isShare, shown } = scaleTypeOf(scale);
  const name = `${pass}/${scale.name}`;
  const from = "CommentAnnotated: values";
  const counts = "the annotators who gave the comment a value";
  const given = annotators.map((annotator) => scoreOf({ pass, scale }, annotator));
  const isText = labels !== undefined || isFreeText(scale);
  const levels = shown(scale);
  const unit = isShare ? "share" : "";
  const pooled = (suffix: string, meaning: string, values: readonly string[]): FlatColumn => ({
    ...number(nameOf(pass, scale.name, suffix), meaning, from, {
      unit,
      counts,
      levels: isShare ? "0 to 1" : levels,
    }),
    sql: `list_avg([${values.join(", ")}])`,
    isScore: true,
  });
  const each = isText ? text : isShare ? integer : number;
  return [
    ...labels !== undefined
      ? labels(scale).map((label) =>
        pooled(
          `share ${label}`,
          `the share of annotators who gave ${name} the label ${label}`,
          given.map((value) => `(${value} = ${sqlText(label)})::INTEGER`),
        )
      )
      : isText
      ? []
      : [pooled("mean", `the mean of ${name} over annotators${isShare ? "; yes is 1, no is 0" : ""}`, given)],
    ...annotators.map((annotator, place): FlatColumn => ({
      ...each(
        nameOf(pass, scale.name, "by", annotator),
        `the value that ${annotator} gave on ${name}${isShare && !isText ? "; yes is 1, no is 0" : ""}`,
        from,
        { levels },
      ),
      sql: given[place]!,
      isScore: true,
    })),
  ];
}

/** The latest value of one annotator on a scale. */
function scoreOf({ pass, scale }: Pick<Scored, "pass" | "scale">, annotator: string): string {
  const { labels, isShare } = scaleTypeOf(scale);
  const value = labels !== undefined || isFreeText(scale)
    ? "value_text"
    : isShare
    ? "value_boolean::INTEGER"
    : "value_number";
  const where = [["pass", pass], ["scale", scale.name], ["annotator", annotator]]
    .map(([column, text]) => `${column} = ${sqlText(text!)}`).join(" AND ");
  return `arg_max(${value}, seq) FILTER (${where})`;
}

/** A JSON pointer to a member. The key can have any characters. */
function pointer(key: string): string {
  return sqlText(`/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
}
