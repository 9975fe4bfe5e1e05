/** Reads the vectors of texts from a server's response. */
import { type Embedded, vectorsProblem } from "../../../core/ports/embedding.ts";
import { type Asked, type Fields, isCount, isFields, malformed, servedBy } from "./reply.ts";

/**
 * Reads a list of embeddings. Servers may answer in any order, so each embedding has the index of its text.
 *
 * @param count The number of texts.
 * @throws {ModelError} `malformed-reply` if a text has no vector, or a vector cannot be used.
 */
export function readEmbeddings(
  body: unknown,
  { count, ...asked }: Asked & Readonly<{ count: number }>,
): Embedded {
  if (!isFields(body)) throw malformed(asked, "it is not a JSON object");
  if (!Array.isArray(body.data)) throw malformed(asked, "it holds no list of embeddings");
  const vectors = new Array<unknown>(count).fill(undefined);
  for (const [place, entry] of body.data.entries()) {
    if (!isFields(entry)) throw malformed(asked, `embedding ${place + 1} is not a JSON object`);
    const index = entry.index ?? place;
    if (!Number.isInteger(index) || !(index as number >= 0 && index as number < count)) {
      throw malformed(
        asked,
        `an embedding has the index ${JSON.stringify(index)}, and ${count} texts were sent`,
      );
    }
    if (vectors[index as number] !== undefined) {
      throw malformed(asked, `two embeddings have the index ${index}`);
    }
    vectors[index as number] = readVector(entry);
  }
  const missing = vectors.indexOf(undefined);
  if (missing !== -1) throw malformed(asked, `the text with the index ${missing} has no embedding`);
  const problem = vectorsProblem(vectors, count);
  if (problem !== null) throw malformed(asked, problem);
  return {
    vectors: vectors as Float32Array[],
    ...servedBy(body.model, asked.model),
    ...usageOf(body.usage),
  };
}

/** The numbers of an embedding; `null` if it has no list of numbers. */
function readVector({ embedding }: Fields): Float32Array | null {
  const isList = Array.isArray(embedding) && embedding.every((value) => typeof value === "number");
  return isList ? Float32Array.from(embedding) : null;
}

function usageOf(usage: unknown): Pick<Embedded, "usage"> {
  if (!isFields(usage) || !isCount(usage.prompt_tokens)) return {};
  return { usage: { promptTokens: usage.prompt_tokens, completionTokens: 0 } };
}
