/**
 * Sections of reports, each made from plain facts.
 *
 * @module
 */
export { agreementSection } from "./agreement.ts";
export { conductSection } from "./conduct.ts";
export { discussionsTable, valuesTable } from "./data_tables.ts";
export { outcomesSection } from "./outcomes.ts";
