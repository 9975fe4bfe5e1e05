/**
 * The formats that can be imported.
 *
 * @module
 */
export { type Columns, type Fields, readMapping } from "./columns.ts";
export { COMMENT_FIELDS, type CommentField } from "./comment_table.ts";
export {
  type ConditionRule,
  type DiscussionMeta,
  readConditionRule,
  type ToldCondition,
} from "./condition_rule.ts";
export { type DateFormat, type DateReading, readDateReading } from "./dates.ts";
export { FormatError, type ImportProblem } from "./format_error.ts";
export type { RecoveredExperiment } from "./recovered_experiment.ts";
export { type RoleRule } from "./python_discussion.ts";
export { SCORE_FIELDS, type ScoreField } from "./score_table.ts";
export type { TableFormat } from "./table_rows.ts";
