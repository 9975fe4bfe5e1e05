/**
 * Sections of reports, each made from plain facts.
 *
 * @module
 */
export { effectsSection } from "./effects.ts";
