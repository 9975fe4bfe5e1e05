/** Writes and reads a line of stored vectors. A line has the vectors of the texts of one request. */
import { DIMENSION_MAX, vectorProblem } from "../ports/mod.ts";

/** The vector of a text. The SHA-256 identifies the text, so a vector cannot be used for a different text. */
export type TextVector = Readonly<{
  sha256: string;
  /** Of length 1. */
  vector: Float32Array;
}>;

/** A line may have at most this many vectors. No request asks for as many. */
const VECTORS_MAX = 10_000;

/** The length of a stored vector may differ from 1 by at most this much, because of rounding. */
const ROUNDING_MAX = 1e-3;

const ELEMENT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * The vectors as a line: a JSON object with the hashes, and with all elements as little-endian floats in Base64.
 */
export function vectorLine(vectors: readonly TextVector[]): string {
  const elements = vectors.flatMap(({ vector }) => [...vector]);
  const bytes = new DataView(new ArrayBuffer(elements.length * ELEMENT_BYTES));
  for (const [at, value] of elements.entries()) bytes.setFloat32(at * ELEMENT_BYTES, value, true);
  return JSON.stringify({
    sha256: vectors.map(({ sha256 }) => sha256),
    vectors: new Uint8Array(bytes.buffer).toBase64(),
  });
}

/**
 * Reads a line that {@linkcode vectorLine} wrote.
 *
 * @throws {RangeError} If the line is damaged. The message says what is wrong with it.
 */
export function readVectorLine(line: string): readonly TextVector[] {
  const { sha256: hashes, vectors } = parsed(line);
  if (!Array.isArray(hashes) || hashes.length === 0 || hashes.length > VECTORS_MAX || !hashes.every(isHash)) {
    throw new RangeError("its hashes are damaged");
  }
  const bytes = bytesOf(vectors);
  const dimension = bytes.byteLength / ELEMENT_BYTES / hashes.length;
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > DIMENSION_MAX) {
    throw new RangeError(`it has ${bytes.byteLength} bytes for ${hashes.length} vectors`);
  }
  const elements = new Float32Array(hashes.length * dimension);
  for (let at = 0; at < elements.length; at++) elements[at] = bytes.getFloat32(at * ELEMENT_BYTES, true);
  return hashes.map((sha256: string, at): TextVector => {
    const vector = elements.subarray(at * dimension, (at + 1) * dimension);
    const problem = vectorProblem(vector) ?? lengthProblem(vector);
    if (problem !== null) throw new RangeError(`its vector ${at + 1} ${problem}`);
    return { sha256, vector };
  });
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(line);
    if (typeof found === "object" && found !== null) return found as Readonly<Record<string, unknown>>;
  } catch {
    // The error below reports this, too.
  }
  throw new RangeError("it is not a JSON object");
}

function bytesOf(vectors: unknown): DataView {
  try {
    const { buffer, byteOffset, byteLength } = Uint8Array.fromBase64(String(vectors));
    return new DataView(buffer, byteOffset, byteLength);
  } catch {
    throw new RangeError("its vectors are not in Base64");
  }
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function lengthProblem(vector: Float32Array): string | null {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return Math.abs(length - 1) <= ROUNDING_MAX
    ? null
    : `has the length ${Number(length.toPrecision(4))}, not 1`;
}
