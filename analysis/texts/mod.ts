/**
 * Measures of texts: words, common subsequences (ROUGE-L), diversity.
 *
 * @module
 */
export { distinctN, type Diversity, diversity, measureDiversity } from "./diversity.ts";
export { rougeL } from "./rouge.ts";
export { type MeasureTexts, measureTexts, type TextMeasures } from "./text_measures.ts";
export { wordCount } from "./word_count.ts";
