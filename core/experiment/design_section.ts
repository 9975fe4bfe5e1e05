/** Reading of the factors: what differs between discussions. */
import type { Json } from "../json.ts";
import { isRecord } from "./document.ts";
import type { Factor } from "./experiment.ts";
import { resolvePath } from "./factor_path.ts";
import { LABEL_LENGTH_MAX } from "./limits.ts";
import { type Finding, type Path, quoted, within } from "./problems.ts";
import { designSchema, jsonSchema, labelledLevelSchema } from "./schema.ts";
import { findingsOf } from "./schema_findings.ts";

/** A factor, and where its parts stand. */
export type ReadFactor =
  & Factor
  & Readonly<{
    kind: "factors" | "vary";
    /** The path from the file's top to the value that differs. */
    steps: Path;
    /** Where the value of each level stands in the file. */
    levelPaths: readonly Path[];
  }>;

/** The design section, as far as it is well-formed. */
export type ReadDesign = Readonly<{
  factors: readonly ReadFactor[];
  vary: readonly ReadFactor[];
  replications: number;
  matched: boolean;
  /** Paths are from the file's top on. */
  findings: readonly Finding[];
}>;

/**
 * Reads the design section.
 *
 * @param file The content of the whole file.
 */
export function readDesign(file: Readonly<Record<string, unknown>>): ReadDesign {
  const raw = file.design ?? {};
  const section = isRecord(raw) ? raw : {};
  const factors = readFactors("factors", section, file);
  const vary = readFactors("vary", section, file);
  return {
    factors: factors.read,
    vary: vary.read,
    replications: typeof section.replications === "number" ? section.replications : 1,
    matched: section.matched !== false,
    findings: [
      ...within(["design"], findingsOf(designSchema, raw)),
      ...factors.findings,
      ...vary.findings,
      ...overlaps([...factors.read, ...vary.read]),
    ],
  };
}

type Read = Readonly<{ read: readonly ReadFactor[]; findings: readonly Finding[] }>;

function readFactors(
  kind: ReadFactor["kind"],
  section: Readonly<Record<string, unknown>>,
  file: Readonly<Record<string, unknown>>,
): Read {
  const read: ReadFactor[] = [];
  const findings: Finding[] = [];
  for (const [path, values] of Object.entries(isRecord(section[kind]) ? section[kind] : {})) {
    const at = ["design", kind, path];
    const resolved = resolvePath(path, file);
    if ("finding" in resolved) findings.push({ path: at, ...resolved.finding });
    if (!Array.isArray(values) || values.length === 0) continue;
    const levels = readLevels(values);
    findings.push(...within(at, levels.findings));
    if ("finding" in resolved || levels.findings.length > 0) continue;
    const levelPaths = levels.paths.map((levelPath) => [...at, ...levelPath]);
    read.push({ kind, path, levels: levels.read, steps: resolved.steps, levelPaths });
  }
  return { read, findings };
}

type ReadLevels = Readonly<
  { read: ReadFactor["levels"]; paths: readonly Path[]; findings: readonly Finding[] }
>;

function readLevels(values: readonly unknown[]): ReadLevels {
  const read: { label: string; value: Json }[] = [];
  const paths: Path[] = [];
  const findings: Finding[] = [];
  for (const [index, written] of values.entries()) {
    const labelled = typeof written === "object" && written !== null;
    const wrong = findingsOf(labelled ? labelledLevelSchema : jsonSchema, written);
    if (wrong.length > 0) {
      findings.push(...within([index], wrong));
      continue;
    }
    const { label, value } = labelled
      ? written as { label: unknown; value: Json }
      : { label: written, value: written };
    const text = label === null ? "none" : String(label);
    const finding = labelFinding(text, read.map((level) => level.label));
    if (finding !== null) findings.push({ path: labelled ? [index, "label"] : [index], message: finding });
    read.push({ label: text, value: value as Json });
    paths.push(labelled ? [index, "value"] : [index]);
  }
  return { read, paths, findings };
}

function labelFinding(label: string, others: readonly string[]): string | null {
  if (label.length > LABEL_LENGTH_MAX || /[\p{Cc}\u2028\u2029]/u.test(label) || label.trim() === "") {
    return `${
      quoted(label)
    } cannot be the label of a level: write { label: …, value: … } with a label of one line ` +
      `and at most ${LABEL_LENGTH_MAX} characters`;
  }
  return others.includes(label) ? `two levels have the label ${quoted(label)}` : null;
}

/** Of two factors of which one holds the other, the order would decide: that is no crossing. */
function overlaps(factors: readonly ReadFactor[]): readonly Finding[] {
  return factors.flatMap((factor, at) => {
    const other = factors.slice(0, at).find(({ steps }) =>
      holds(steps, factor.steps) || holds(factor.steps, steps)
    );
    if (other === undefined) return [];
    const message = `${quoted(factor.path)} and ${
      quoted(other.path)
    } overlap: a value can be varied once only`;
    return [{ path: ["design", factor.kind, factor.path], part: "key" as const, message }];
  });
}

/** Whether the value at the second path is that at the first, or a part of it. */
export function holds(outer: Path, inner: Path): boolean {
  return outer.length <= inner.length && outer.every((step, depth) => String(step) === String(inner[depth]));
}
