/**
 * Reports as documents: sections of blocks, which can be shown as a page, as Markdown, as LaTeX and as data files.
 *
 * @module
 */
export { checkReport, type ColumnContents, KEY_SUFFIXES } from "./check_report.ts";
export { formatCell, isEstimate, isInterval, isNumeric } from "./numbers.ts";
export {
  type Block,
  type Callout,
  type Cell,
  type CellFormat,
  type Column,
  type Estimate,
  type Facts,
  type Figure,
  type Heading,
  type List,
  type LongTable,
  type Paragraph,
  type Plot,
  printedSections,
  reasonsOf,
  type Report,
  type Row,
  type Section,
  silenceText,
  type Source,
  type Standing,
  type Table,
  type TableBlock,
  tablesOf,
  type Transcript,
} from "./document.ts";
export { UNSEEN, visibleCharacter, visibleLines, visibleText } from "./visible_text.ts";
