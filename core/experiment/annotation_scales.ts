/** Reading of scales: the questions of a codebook. */
import { type Scale } from "../events/mod.ts";
import { foldedLabel } from "../annotation/mod.ts";
import { SCALE_SCHEMAS } from "./annotation_schema.ts";
import { isRecord } from "./document.ts";
import { type Finding, listed, mismatch, quoted, suggesting, within } from "./problems.ts";
import { checked } from "./schema_findings.ts";

/** The scales of a codebook, and what is wrong with them; paths are from the section on. */
export type ReadScales = Readonly<{ read: readonly Scale[]; findings: readonly Finding[] }>;

/**
 * Reads the scales of a codebook.
 *
 * @param scales Name → scale.
 */
export function readScales(scales: Readonly<Record<string, unknown>>): ReadScales {
  const findings: Finding[] = [];
  const read: Scale[] = [];
  for (const [name, entry] of Object.entries(scales)) {
    const scale = readScale(entry);
    findings.push(...within([name], scale.findings));
    if (scale.read !== null) read.push({ name, ...scale.read } as Scale);
  }
  const twice = firstRepeated(Object.keys(scales));
  if (twice !== undefined) {
    const message = `an answer could not tell ${quoted(twice[0])} and ${quoted(twice[1])} apart`;
    findings.push({ path: [twice[1]], part: "key", message });
  }
  return { read, findings };
}

/** The first two names that are the same where an answer is read. */
function firstRepeated(names: readonly string[]): readonly [string, string] | undefined {
  const known = new Map<string, string>();
  for (const name of names) {
    const other = known.get(foldedLabel(name));
    if (other !== undefined) return [other, name];
    known.set(foldedLabel(name), name);
  }
  return undefined;
}

function readScale(
  entry: unknown,
): Readonly<{ read: Omit<Scale, "name"> | null; findings: readonly Finding[] }> {
  const types = Object.keys(SCALE_SCHEMAS);
  if (!isRecord(entry)) return { read: null, findings: [mismatch([], "a scale: keys and values", entry)] };
  const { type } = entry;
  if (typeof type !== "string" || !Object.hasOwn(SCALE_SCHEMAS, type)) {
    const finding = mismatch(["type"], listed(types), type);
    const named = typeof type === "string" ? suggesting(finding, type, types) : finding;
    return { read: null, findings: [named] };
  }
  const result = checked(SCALE_SCHEMAS[type as keyof typeof SCALE_SCHEMAS], entry);
  if (!("data" in result)) return { read: null, findings: result.findings };
  return { read: result.data as Omit<Scale, "name">, findings: scaleFindings(result.data as ScaleContent) };
}

type ScaleContent = {
  min?: number;
  max?: number;
  labels?: readonly string[] | Readonly<Record<string, string>>;
};

function scaleFindings(scale: ScaleContent): Finding[] {
  const { min, max, labels } = scale;
  const findings: Finding[] = [];
  if (min !== undefined && max !== undefined && min >= max) {
    findings.push({ path: ["max"], message: `expected a number above min, which is ${min}, found ${max}` });
  }
  const texts = Object.values(labels ?? {});
  const twice = firstRepeated(texts);
  if (twice !== undefined) {
    const message = `an answer could not tell ${quoted(twice[0])} and ${quoted(twice[1])} apart`;
    findings.push({ path: ["labels"], message });
  }
  if (labels === undefined || Array.isArray(labels)) return findings;
  const outside = Object.keys(labels).find((key) => Number(key) < min! || Number(key) > max!);
  if (outside !== undefined) {
    findings.push({
      path: ["labels", outside],
      part: "key",
      message: `expected a number from ${min} to ${max}`,
    });
  }
  return findings;
}
