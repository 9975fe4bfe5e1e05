/**
 * People who take part or annotate: their consent, and the encryption of their words.
 *
 * @module
 */
export { opened, openedBox, sealed, sealedBox, sealedWords, type SealOptions, seatOf } from "./seal.ts";
export { type Consents, consentsOf, type Standing } from "./consents.ts";
