/**
 * Measures of texts: words, ROUGE-L, diversity.
 *
 * @module
 */
export {
  distinctN,
  type Diversity,
  measureDiversity,
  type MeasureTexts,
  measureTexts,
  type SpokenText,
  type TextFigures,
  type TextMeasures,
  wordCount,
} from "./text_measures.ts";
export { Passages } from "./passages.ts";
export { rougeL } from "./rouge.ts";
