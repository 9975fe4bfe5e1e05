/**
 * People who take part or annotate: their consent, and their words, which logs have encrypted.
 *
 * @module
 */
export { opened, openedBox, sealed, sealedBox, sealedWords, type SealOptions, seatOf } from "./seal.ts";
export { type Consents, consentsOf, type Standing } from "./consents.ts";
