/**
 * Analysis: what discussions came to, in figures.
 *
 * @module
 */
export { type Conduct, measureConduct, type SpeakerConduct, type TurnStructure } from "./conduct.ts";
export { jensenShannon } from "./divergence.ts";
export { distinctN, diversity } from "./diversity.ts";
export {
  type ChanceTest,
  type Declaration,
  type Declared,
  declaredAs,
  declaredBy,
  Fidelity,
  type FidelityCheck,
  type FidelityOptions,
  type Finding,
  type Reading,
  type Verdict,
} from "./fidelity/mod.ts";
export { rougeL } from "./rouge.ts";
export { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";
export { wordCount } from "./word_count.ts";
