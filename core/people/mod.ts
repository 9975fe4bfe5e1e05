/**
 * People who take part or annotate: their consent.
 *
 * @module
 */
export { type Consents, consentsOf, type Standing } from "./consents.ts";
