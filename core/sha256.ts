/** The port for hashing, and an implementation in plain JavaScript. */
import { sha256 } from "npm:@noble/hashes@2.4.0/sha2.js";
import { bytesToHex } from "npm:@noble/hashes@2.4.0/utils.js";

/** SHA-256 of a text's UTF-8 bytes, as 64 lower-case hexadecimal digits. */
export type Sha256 = (text: string) => string;

const encoder = new TextEncoder();

/**
 * SHA-256 in plain JavaScript. It runs everywhere, but takes four times as long as a native implementation.
 */
export const portableSha256: Sha256 = (text: string): string => bytesToHex(sha256(encoder.encode(text)));
