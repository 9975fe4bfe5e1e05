/**
 * Fidelity: compares a run with its declaration, from the logs alone.
 *
 * @module
 */
export { CHANCE_TESTS } from "./chance.ts";
export type { ChanceTests, EqualChances } from "./chance_tests.ts";
export {
  type ChanceTest,
  FAMILY_LEVEL,
  type FidelityCheck,
  type Finding,
  type Reading,
  type Verdict,
} from "./checks.ts";
export {
  type Declaration,
  declarationFrom,
  type DeclarationSource,
  type Declared,
  declaredAs,
  declaredBy,
} from "./declaration.ts";
export {
  type CountedFidelity,
  type CountedRunFidelity,
  Fidelity,
  type FidelityOptions,
  FidelityTally,
  type RunDeclaration,
  type RunFidelity,
} from "./fidelity.ts";
export type { CountedEnds } from "./log_ends.ts";
export type { SeedOptions, SeedUse } from "./seeds.ts";
export {
  headProblems,
  NO_LOG_ENDS,
  NO_RUN_LOG,
  type RunHeads,
  RunHeadTally,
  type RunLogFacts,
  type RunRecordFacts,
} from "./run_record.ts";
