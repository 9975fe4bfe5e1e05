/** Reads the stored vectors of a run's comments, and stores further ones. */
import { RUN_TEXTS, type RunWriter } from "../ports/mod.ts";
import { RunError } from "../run_log/mod.ts";
import { readVectorLine, type TextVector, vectorLine } from "./vector_line.ts";
import { readVectorModels, type TextPlace, type VectorModel, vectorModelsText } from "./vector_model.ts";

/**
 * The vectors are stored in several parts. A new part begins before a part gets longer than this many
 * characters: a database writes the whole part again for each added line.
 */
const PART_LENGTH = 2_000_000;

/** All vectors of one model in a run have at most this many elements together: 2 GiB. */
const ELEMENTS_MAX = 2 ** 29;

/** The vectors that one model made of a run's comments: SHA-256 of the text → vector. */
export type Vectors = ReadonlyMap<string, Float32Array>;

/** Stores the vectors of one model in a run. */
export interface VectorKeeper {
  /** Whether the run has a vector of the text with this SHA-256. */
  has(sha256: string): boolean;
  /**
   * Stores vectors. They are durable when the promise resolves. A call may start before an earlier call has
   * ended.
   *
   * @throws {RunError} If they have other numbers of elements than earlier vectors of the model, or all vectors
   *   of the model would be too large to be read.
   */
  keep(vectors: readonly TextVector[]): Promise<void>;
}

type Read = Readonly<{
  vectors: Map<string, Float32Array>;
  /** The number of the last part, counted from 1, and its length in characters. */
  part: number;
  length: number;
}>;

/**
 * Reads the vectors that a model made. A killed process can leave an unfinished last line, which is ignored.
 *
 * @throws {RunError} If the stored vectors are damaged.
 */
export async function readVectors(run: TextPlace, model: Pick<VectorModel, "key">): Promise<Vectors> {
  return (await readParts(run, model)).vectors;
}

/**
 * Opens the vectors that a model made, so that more can be added.
 *
 * @param options If `again` is true, the model's stored vectors are removed first, even if they are damaged.
 * @throws {RunError} If the stored vectors are damaged and `again` is false.
 */
export async function openVectors(
  run: TextPlace & Pick<RunWriter, "writeText" | "appendText">,
  model: VectorModel,
  { again = false }: Readonly<{ again?: boolean }> = {},
): Promise<VectorKeeper> {
  const known = await readVectorModels(run).catch((error) => {
    if (again && error instanceof RunError) return [];
    throw error;
  });
  if (again) await removeParts(run, model);
  const read = await readParts(run, model);
  if (!known.some(({ key }) => key === model.key)) {
    await run.writeText(RUN_TEXTS.vectorModels, vectorModelsText([...known, model]));
  }
  const { vectors } = read;
  let { part, length } = read;
  let dimension = vectors.values().next().value?.length;
  let writing: Promise<void> = Promise.resolve();
  const append = async (all: readonly TextVector[]) => {
    // If two discussions are embedded at the same time and have an equal comment, its vector arrives twice.
    const added = all.filter(({ sha256 }) => !vectors.has(sha256));
    if (added.length === 0) return;
    dimension ??= added[0]!.vector.length;
    const other = added.find(({ vector }) => vector.length !== dimension);
    if (other !== undefined) throw otherDimension(run, model, [other.vector.length, dimension]);
    if ((vectors.size + added.length) * dimension > ELEMENTS_MAX) throw tooMany(run, model);
    const line = vectorLine(added);
    if (length > 0 && length + line.length > PART_LENGTH) [part, length] = [part + 1, 0];
    await run.appendText(RUN_TEXTS.vectors(model.key, part), line);
    length += line.length + 1;
    for (const { sha256, vector } of added) vectors.set(sha256, vector);
  };
  return {
    has: (sha256) => vectors.has(sha256),
    keep: (added) => {
      const writes = writing.then(() => append(added));
      writing = writes.catch(() => {});
      return writes;
    },
  };
}

async function readParts(run: TextPlace, { key }: Pick<VectorModel, "key">): Promise<Read> {
  const vectors = new Map<string, Float32Array>();
  let [part, length] = [1, 0];
  let dimension: number | null = null;
  for (let next = 1;; next++) {
    const name = RUN_TEXTS.vectors(key, next);
    const text = await run.readText(name);
    if (text === null) return { vectors, part, length };
    const lines = text.split("\n").slice(0, -1);
    for (const [index, line] of lines.entries()) {
      try {
        for (const { sha256, vector } of readVectorLine(line)) {
          dimension ??= vector.length;
          if (vector.length !== dimension) {
            throw new RangeError(
              `its vectors have ${vector.length} elements, and earlier ones have ${dimension}`,
            );
          }
          vectors.set(sha256, vector);
        }
        if (vectors.size * dimension! > ELEMENTS_MAX) {
          throw new RangeError(
            `the run has more than ${ELEMENTS_MAX} elements of vectors, which do not fit into memory`,
          );
        }
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw damaged(run, `"${name}", line ${index + 1}: ${error.message}`);
      }
    }
    [part, length] = [next, text.length];
  }
}

async function removeParts(
  run: TextPlace & Pick<RunWriter, "writeText">,
  { key }: Pick<VectorModel, "key">,
): Promise<void> {
  for (let part = 1; await run.readText(RUN_TEXTS.vectors(key, part)) !== null; part++) {
    await run.writeText(RUN_TEXTS.vectors(key, part), "");
  }
}

/** A server can begin to answer with another model. Vectors of both models could not be compared. */
function otherDimension(
  { place }: TextPlace,
  { name }: VectorModel,
  [found, earlier]: readonly [found: number, earlier: number],
): RunError {
  return new RunError(
    "unusable",
    `Cannot keep vectors in the run "${place}": new vectors by the model "${name}" have ${found} elements, and earlier ones ` +
      `have ${earlier}. Check which model the server runs, then give the command embed with --again: it makes the vectors again`,
  );
}

function tooMany({ place }: TextPlace, { name }: VectorModel): RunError {
  return new RunError(
    "unusable",
    `Cannot keep more vectors by the model "${name}" in the run "${place}": together they would have more than ` +
      `${ELEMENTS_MAX} elements, which do not fit into memory. Use a model with shorter vectors`,
  );
}

function damaged({ place }: TextPlace, problem: string): RunError {
  return new RunError(
    "unusable",
    `Cannot read the vectors of the run "${place}": ${problem}. Give the command embed with --again: it makes the ` +
      "vectors again",
  );
}
