/**
 * Sections of reports, each made from plain facts.
 *
 * @module
 */
export { agreementSection } from "./agreement.ts";
export { conductSection } from "./conduct.ts";
export { discussionsTable, valuesTable } from "./data_tables.ts";
export { designSection } from "./design.ts";
export { effectsSection } from "./effects.ts";
export { type Example, examplesSection, transcriptOf } from "./examples.ts";
export { executionSection } from "./execution.ts";
export { fidelitySection } from "./fidelity.ts";
export { firstPageSection } from "./first_page.ts";
export { methodsSection } from "./methods.ts";
export { outcomesSection } from "./outcomes.ts";
export { type HumanCorpus, humanCorpusSection } from "./human_corpus.ts";
export { type HumanVectors } from "./human_vectors.ts";
export { questionSection } from "./question.ts";
export { raterChecksSection } from "./rater_checks.ts";
export { runsComparedSection } from "./runs_compared.ts";
