/** The fingerprint of an experiment. Experiments with equal discussions have equal fingerprints. */
import { canonical, type Json } from "../json.ts";
import { portableSha256, type Sha256 } from "../sha256.ts";
import { isRecord, listOf, recordOf } from "./document.ts";
import { type Matched, readMatched } from "./matched.ts";
import type { Experiment, Factor } from "./experiment.ts";

/** Everything that an experiment's discussions depend on, small enough to be stored with them. */
export type ExperimentDocument = Readonly<Record<string, Json>>;

/**
 * The content of the file with all defaults, and the hashes of personas, openings and pasts. It does not
 * depend on the formatting of the file, its YAML comments or the number of replications.
 */
export function experimentDocument(
  experiment: Experiment,
  sha256: Sha256 = portableSha256,
): ExperimentDocument {
  const { content, factors, vary, matched, sources } = experiment;
  const files = [...sources].map(([path, { value }]) => [path, contentHash(value, sha256)] as const);
  const { participants, moderators, openings, ...sections } = content as Record<string, Json>;
  const { personas, ...others } = participants as Record<string, Json>;
  return {
    ...sections,
    seed: experiment.seed,
    participants: { ...others, personas: listHash(personas, sha256) },
    moderators: withOrderedPersonas(moderators!),
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
  return Object.fromEntries(factors.map(({ path, levels }) => [
    path,
    levels.map(({ label, value }) => ({ label, value: inOrder(value) })),
  ]));
}

function withOrderedPersonas(moderators: Json): Json {
  if (!isRecord(moderators)) return moderators;
  const ordered = Object.entries(moderators).map(([name, moderator]) => [
    name,
    isRecord(moderator) ? { ...moderator, persona: inOrder(moderator.persona as Json) } : moderator,
  ]);
  return Object.fromEntries(ordered);
}

/**
 * Turns attributes into a text that keeps their order. The order counts, because prompts list attributes in
 * order, but the canonical form of a document sorts its keys.
 */
function inOrder(value: Json): Json {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

function contentHash(value: Json, sha256: Sha256): string {
  return `sha256:${sha256(JSON.stringify(value))}`;
}

function listHash(value: Json | undefined, sha256: Sha256): Json {
  return typeof value === "object" && value !== null ? contentHash(value, sha256) : value ?? null;
}

/** The hash of an experiment's document. Experiments with equal discussions have equal hashes. */
export function experimentFingerprint(document: ExperimentDocument, sha256: Sha256 = portableSha256): string {
  return sha256(canonical(document));
}

/** The part of a design that analysis needs. */
export type ResolvedDesign = Readonly<{
  /** Factor → the labels of its levels, in the order of the experiment file. */
  levels: Readonly<Record<string, readonly string[]>>;
  /** What the conditions of a replicate share; `null` if this is not known. */
  matched: Matched | null;
}>;

/** Reads the design from an {@linkcode ExperimentDocument}. The document of imported discussions has no design. */
export function resolvedDesign(resolved: Readonly<Record<string, Json>>): ResolvedDesign {
  const { factors, matched } = recordOf(resolved.design);
  const levels = Object.entries(recordOf(factors)).map(([factor, levels]) => [
    factor,
    listOf(levels).map((level) => recordOf(level).label)
      .filter((label) => typeof label === "string"),
  ]);
  const isKnown = typeof matched === "boolean" || Array.isArray(matched);
  return { levels: Object.fromEntries(levels), matched: isKnown ? readMatched(matched) : null };
}
