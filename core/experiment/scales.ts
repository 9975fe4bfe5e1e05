/** Reads the scales of a pass. */
import { firstRepeated, type Scale, type ScaleContent, scaleTypeOf } from "../annotation/scales/mod.ts";
import { SCALE_SCHEMAS } from "./annotation_schema.ts";
import { isRecord } from "./document.ts";
import { listed, mismatch, quoted, type Read, suggesting, within } from "./problems.ts";
import { checked } from "./schema_findings.ts";

/** Reads the scales by name, and lists all problems. */
export function readScales(scales: Readonly<Record<string, unknown>>): Read<readonly Scale[]> {
  const all = Object.entries(scales).map(([name, entry]) => ({ name, ...readScale(entry) }));
  const read = all.flatMap(({ name, read }) => read === null ? [] : [{ name, ...read } as Scale]);
  const findings = all.flatMap(({ name, findings }) => within([name], findings));
  const twice = firstRepeated(Object.keys(scales));
  if (twice !== undefined) {
    const message = `the names ${quoted(twice[0])} and ${
      quoted(twice[1])
    } are too similar: a reply could mean either scale`;
    findings.push({ path: [twice[1]], part: "key", message });
  }
  return { read, findings };
}

function readScale(entry: unknown): Read<ScaleContent | null> {
  const types = Object.keys(SCALE_SCHEMAS);
  if (!isRecord(entry)) return { read: null, findings: [mismatch([], "a scale: keys and values", entry)] };
  const { type } = entry;
  if (typeof type !== "string" || !Object.hasOwn(SCALE_SCHEMAS, type)) {
    const finding = mismatch(["type"], listed(types), type);
    const named = typeof type === "string" ? suggesting(finding, type, types) : finding;
    return { read: null, findings: [named] };
  }
  const result = checked(SCALE_SCHEMAS[type]!, entry);
  if (!("data" in result)) return { read: null, findings: result.findings };
  const scale = result.data as ScaleContent;
  return { read: scale, findings: scaleTypeOf(scale).problems?.(scale) ?? [] };
}
