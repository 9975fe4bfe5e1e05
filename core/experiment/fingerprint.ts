/** Whether two experiments are the same, apart from how many discussions are wanted. */
import type { Json } from "../discussion/design.ts";
import { portableSha256, type Sha256 } from "../ports/sha256.ts";
import type { Experiment, Factor } from "./experiment.ts";

/** Everything that an experiment's discussions depend on, small enough to be kept with them. */
export type ExperimentDocument = Readonly<Record<string, Json>>;

/**
 * Everything that an experiment's discussions depend on, except how many of each are wanted: the file's content with
 * defaults filled in, and the hashes of personas and openings. Formatting and comments leave it as it is.
 *
 * @param experiment The experiment.
 * @param sha256 The hash function.
 * @returns A value that survives `JSON.stringify` and `JSON.parse`.
 */
export function experimentDocument(
  experiment: Experiment,
  sha256: Sha256 = portableSha256,
): ExperimentDocument {
  const { content, factors, vary, matched, sources } = experiment;
  const files = [...sources].map(([path, { value }]) => [path, contentHash(value, sha256)] as const);
  const { participants, openings, ...sections } = content as Record<string, Json>;
  const { personas, ...others } = participants as Record<string, Json>;
  return {
    ...sections,
    seed: experiment.seed,
    participants: { ...others, personas: listHash(personas, sha256) },
    openings: listHash(openings, sha256),
    design: {
      factors: levelsOf(factors),
      order: factors.map(({ path }) => path),
      vary: levelsOf(vary),
      matched,
    },
    files: Object.fromEntries(files),
  };
}

function levelsOf(factors: readonly Factor[]): Json {
  return Object.fromEntries(factors.map(({ path, levels }) => [path, levels]));
}

/** The order of a persona's attributes is that of its prompt: a hash of the text keeps it, sorted keys would not. */
function contentHash(value: Json, sha256: Sha256): string {
  return `sha256:${sha256(JSON.stringify(value))}`;
}

function listHash(value: Json | undefined, sha256: Sha256): Json {
  return typeof value === "object" && value !== null ? contentHash(value, sha256) : value ?? null;
}

/**
 * The hash of an experiment's document.
 *
 * @param document See {@linkcode experimentDocument}.
 * @param sha256 The hash function.
 * @returns 64 hexadecimal digits; equal for experiments that give equal discussions.
 */
export function experimentFingerprint(document: ExperimentDocument, sha256: Sha256 = portableSha256): string {
  return sha256(canonical(document));
}

/** JSON text with sorted keys. */
function canonical(value: Json): string {
  return JSON.stringify(
    value,
    (_, inner) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1))
        : inner,
  );
}

/**
 * The dotted paths at which two experiments' documents differ.
 *
 * @param a One document.
 * @param b The other.
 * @returns In alphabetical order; none when the experiments are the same. `files.<path>` is the content of a file.
 *
 * @example
 * ```ts
 * import { differingPaths } from "./fingerprint.ts";
 * import assert from "node:assert/strict";
 *
 * const then = { discussion: { turns: 14, history: 3 } };
 * const now = { discussion: { turns: 15, history: 3 } };
 * assert.deepEqual(differingPaths(then, now), ["discussion.turns"]);
 * ```
 */
export function differingPaths(a: ExperimentDocument, b: ExperimentDocument): readonly string[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return keys.flatMap((key) => {
    const [left, right] = [a[key] ?? null, b[key] ?? null];
    if (isMapping(left) && isMapping(right)) {
      return differingPaths(left, right).map((path) => `${key}.${path}`);
    }
    return canonical(left) === canonical(right) ? [] : [key];
  });
}

function isMapping(value: Json): value is ExperimentDocument {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
