/**
 * Fidelity: what ran against what was declared, from the logs alone.
 *
 * @module
 */
export type { ChanceTest, FidelityCheck, Finding, Reading, Verdict } from "./check.ts";
export { type Declaration, type Declared, declaredAs, declaredBy } from "./declaration.ts";
export { Fidelity, type FidelityOptions } from "./fidelity.ts";
export { FAMILY_LEVEL } from "./judge.ts";
export { NO_RUN_LOG, type RunRecordFacts } from "./recorded.ts";
export { FidelityTally, type RunDeclaration, type RunFidelity } from "./run_fidelity.ts";
