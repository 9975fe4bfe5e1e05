/** Tables of scores: each row scores one slot of one discussion. */
import { quoted } from "../../core/experiment/problems.ts";
import { type Columns, type Fields, findColumns } from "./columns.ts";
import { FormatError } from "./format_error.ts";
import type { Row } from "./table_rows.ts";

/** The fields of a score, and the usual names of their columns. */
export const SCORE_FIELDS = {
  discussion: ["discussion", "discussion_id", "conversation_id", "conv_id", "root", "link_id", "stream"],
  position: ["position", "comment_index", "index"],
  score: ["score", "value"],
  annotator: ["annotator", "rater"],
} as const satisfies Fields<string>;

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A field of a score. */
export type ScoreField = keyof typeof SCORE_FIELDS;

/** A score, as its row gives it. */
export type ScoreRow = Readonly<{ line: number; position: number; score: number; annotator: string }>;

/**
 * Finds the columns of a table of scores. The column of the scores can also have the scale's `name`, such as
 * `toxicity`.
 */
export function findScoreColumns(
  header: readonly string[],
  { mapped, name }: Readonly<{ mapped: Columns<ScoreField>; name: string }>,
): Columns<ScoreField> {
  const fields = { ...SCORE_FIELDS, score: [name, ...SCORE_FIELDS.score] };
  return findColumns<ScoreField>(header, fields, { mapped, required: ["discussion", "position", "score"] });
}

export function readScoreRow(
  { line, record, problem }: Row,
  columns: Columns<ScoreField>,
  annotator: string,
): Readonly<{ discussion: string; row: ScoreRow }> {
  if (problem !== undefined) throw new FormatError(problem, line);
  const cell = (field: ScoreField) => columns[field] === undefined ? undefined : record[columns[field]];
  const discussion = String(cell("discussion") ?? "");
  if (discussion === "") throw new FormatError("the row does not say which discussion it scores", line);
  const position = numberOf(cell("position"));
  if (!Number.isSafeInteger(position) || position < 0) {
    throw new FormatError(
      `its position is ${shown(cell("position"))}, expected a whole number from 0 on`,
      line,
    );
  }
  const score = numberOf(cell("score"));
  if (!Number.isFinite(score)) {
    throw new FormatError(`its score is ${shown(cell("score"))}, expected a number such as 0.5`, line);
  }
  if (Number.isInteger(score) && !Number.isSafeInteger(score)) {
    const reason = "it has more digits than can be stored";
    throw new FormatError(`its score is ${shown(cell("score"))}: ${reason}`, line);
  }
  return {
    discussion,
    row: { line, position, score, annotator: String(cell("annotator") ?? "").trim() || annotator },
  };
}

/** Numbers are decimal: `0x10` and `0b11` do not count. */
function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && DECIMAL.test(value.trim()) ? Number(value) : NaN;
}

function shown(value: unknown): string {
  return value === undefined || value === "" ? "empty" : quoted(String(value));
}
