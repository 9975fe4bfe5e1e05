/**
 * A researcher's own code: its files, and the user's list of code that has run before.
 *
 * @module
 */
export { type ClosedFile, closureOf, type CodeClosure } from "./closure.ts";
export { readTrustedCode, type ReadVariable, trustCode, trustedCodePath } from "./trusted_code.ts";
