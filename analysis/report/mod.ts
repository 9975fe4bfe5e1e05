/**
 * Reports: documents that say what a run was and what it came to, in blocks that any form of report can show.
 *
 * @module
 */
export { checkReport, KEY_SUFFIXES } from "./check_report.ts";
export { decimalsFor } from "./decimals.ts";
export type {
  Block,
  Callout,
  Cell,
  CellFormat,
  Column,
  Facts,
  Figure,
  Heading,
  List,
  Paragraph,
  Plot,
  Report,
  Row,
  Section,
  Source,
  Table,
  TableBlock,
  Transcript,
} from "./document.ts";
export { formatCell, isInterval, isNumeric, UNAVAILABLE_MARK } from "./format_cell.ts";
export { reasonsOf, tablesOf } from "./tables_of.ts";
export { UNSEEN, visibleCharacter, visibleLines, visibleText } from "./visible_text.ts";
export { silenceText } from "./transcript.ts";
