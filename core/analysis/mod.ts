/**
 * Analysis: what discussions came to, in figures.
 *
 * @module
 */
export { type Conduct, measureConduct, type SpeakerConduct, type TurnStructure } from "./conduct.ts";
export { jensenShannon } from "./divergence.ts";
export { distinctN, diversity } from "./diversity.ts";
export { rougeL } from "./rouge.ts";
export { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";
export { wordCount } from "./word_count.ts";
