/** Factors: the values that differ between discussions. */
import type { Json } from "../json.ts";
import { TIME } from "./analysis_design.ts";
import { isRecord } from "./document.ts";
import type { Factor } from "./experiment.ts";
import { LABEL_LENGTH_MAX, SHORT_LABEL_LENGTH_MAX } from "./limits.ts";
import { type Matched, readMatched } from "./matched.ts";
import { type Finding, type Path, quoted, type Read, within } from "./problems.ts";
import { holds, resolvePath } from "./factor_paths.ts";
import {
  experimentSchema,
  labelledLevelSchema,
  levelsSchema,
  namedFactorSchema,
  setLevelSchema,
} from "./schema.ts";
import { jsonSchema } from "./schema_parts.ts";
import { findingsOf, valueAt } from "./schema_findings.ts";

/** One value of the file that a factor sets. */
export type FactorPart = Readonly<{
  path: string;
  steps: Path;
  /** The value at each level; `undefined` if neither the level nor the file has a value. */
  values: readonly unknown[];
  /** The path in the file at which the value of each level is written. */
  places: readonly Path[];
}>;

/** A factor with the values that it sets: one, or several if its levels have the form `{ label, set }`. */
export type ReadFactor =
  & Factor
  & Readonly<{
    kind: "factors" | "vary";
    parts: readonly FactorPart[];
  }>;

/** The well-formed values of the section `design`. */
export type ReadDesign = Readonly<{
  factors: readonly ReadFactor[];
  vary: readonly ReadFactor[];
  replications: number;
  matched: Matched;
  /** Their paths start at the top of the file. */
  findings: readonly Finding[];
}>;

export function readDesign(file: Readonly<Record<string, unknown>>): ReadDesign {
  const raw = file.design ?? {};
  const section = isRecord(raw) ? raw : {};
  const factors = readFactors("factors", section, file);
  const vary = readFactors("vary", section, file);
  return {
    factors: factors.read,
    vary: vary.read,
    replications: typeof section.replications === "number" ? section.replications : 1,
    matched: readMatched(section.matched),
    findings: [
      ...within(["design"], findingsOf(experimentSchema.shape.design, raw)),
      ...factors.findings,
      ...vary.findings,
      ...overlaps([...factors.read, ...vary.read]),
      ...nameFindings([...factors.read, ...vary.read]),
    ],
  };
}

function readFactors(
  kind: ReadFactor["kind"],
  section: Readonly<Record<string, unknown>>,
  file: Readonly<Record<string, unknown>>,
): Read<readonly ReadFactor[]> {
  const read: ReadFactor[] = [];
  const findings: Finding[] = [];
  for (const [path, written] of Object.entries(isRecord(section[kind]) ? section[kind] : {})) {
    const at = ["design", kind, path];
    const { values, label, place, wrong } = formOf(written, at);
    findings.push(...within(at, wrong));
    const isCompound = Array.isArray(values) && values.some(hasSet);
    const resolved = isCompound ? null : resolvePath(path, file);
    if (resolved !== null && "finding" in resolved) findings.push({ path: at, ...resolved.finding });
    if (!Array.isArray(values) || values.length === 0) continue;
    const levels = isCompound ? readSetLevels(values) : readLevels(values);
    findings.push(...within(place, levels.findings));
    if (levels.findings.length > 0) continue;
    const factor = { kind, path, ...label === undefined ? {} : { label } };
    if (resolved === null) {
      const compound = compoundFactor({ factor, place }, levels.read as readonly SetLevel[], file);
      findings.push(...compound.findings);
      if (compound.findings.length === 0) read.push(compound.read);
    } else if (!("finding" in resolved)) {
      const places = levels.paths.map((levelPath) => [...place, ...levelPath]);
      const part = { path, steps: resolved.steps, values: levels.read.map(({ value }) => value), places };
      read.push({ ...factor, levels: levels.read, parts: [part] });
    }
  }
  return { read, findings };
}

type Form = Readonly<{ values: unknown; label?: string; place: Path; wrong: readonly Finding[] }>;

/** Reads the form of a factor: a list of levels, or `{ label, levels }`. */
function formOf(written: unknown, at: Path): Form {
  if (!isRecord(written)) return { values: written, place: at, wrong: findingsOf(levelsSchema, written) };
  const { label, levels } = written;
  const wrong = findingsOf(namedFactorSchema, written);
  return { values: levels, ...typeof label === "string" ? { label } : {}, place: [...at, "levels"], wrong };
}

function hasSet(level: unknown): boolean {
  return isRecord(level) && Object.hasOwn(level, "set");
}

type SetLevel = Readonly<{ label: string; value: Readonly<Record<string, Json>> }>;

/**
 * A factor whose levels have the form `{ label, set }`. If a level does not set a path that another level
 * sets, it keeps the file's value at this path.
 */
function compoundFactor(
  { factor, place: at }: Readonly<{ factor: Pick<ReadFactor, "kind" | "path" | "label">; place: Path }>,
  levels: readonly SetLevel[],
  file: Readonly<Record<string, unknown>>,
): Readonly<{ read: ReadFactor; findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  const parts: FactorPart[] = [];
  for (const path of new Set(levels.flatMap(({ value }) => Object.keys(value)))) {
    const place = (level: number) => [...at, level, "set", path];
    const isSet = levels.map(({ value }) => Object.hasOwn(value, path));
    const resolved = resolvePath(path, file);
    if ("finding" in resolved) {
      findings.push({ path: place(isSet.indexOf(true)), ...resolved.finding });
      continue;
    }
    const { steps } = resolved;
    const own = valueAt(file, steps);
    parts.push({
      path,
      steps,
      values: levels.map(({ value }, level) => isSet[level] ? value[path] : own),
      places: isSet.map((set, level) => set ? place(level) : steps),
    });
  }
  // Every level lists all values, also those that it does not set. So the fingerprint depends on these, too.
  const complete = levels.map(({ label }, level) => ({
    label,
    value: Object.fromEntries(parts.map(({ path, values }) => [path, (values[level] ?? null) as Json])),
  }));
  return { read: { ...factor, levels: complete, parts }, findings };
}

type ReadLevels = Read<ReadFactor["levels"]> & Readonly<{ paths: readonly Path[] }>;

function readSetLevels(values: readonly unknown[]): ReadLevels {
  const findings: Finding[] = [];
  const read: { label: string; value: Json }[] = [];
  for (const [index, written] of values.entries()) {
    const wrong = findingsOf(setLevelSchema, written);
    findings.push(...within([index], wrong));
    if (wrong.length > 0) continue;
    const { label, set } = written as { label: unknown; set: Record<string, Json> };
    const finding = labelFinding(String(label), "set", read);
    if (finding !== null) findings.push({ path: [index, "label"], message: finding });
    read.push({ label: String(label), value: set });
  }
  return { read, paths: [], findings };
}

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
      : { label: plainLabel(written, read), value: written };
    const text = String(label);
    const finding = labelFinding(text, "value", read);
    if (finding !== null) findings.push({ path: labelled ? [index, "label"] : [index], message: finding });
    read.push({ label: text, value: value as Json });
    paths.push(labelled ? [index, "value"] : [index]);
  }
  return { read, paths, findings };
}

/** The label of a level that is a plain value: the value itself. A long text is shortened. */
function plainLabel(value: unknown, others: ReadFactor["levels"]): string {
  if (value === null) return "none";
  const text = String(value);
  if (isLabel(text) || text.trim() === "") return text;
  const short = shortened(text);
  const taken = new Set(others.map(({ label }) => label));
  for (let number = 1;; number++) {
    const label = number === 1 ? short : `${short} (${number})`;
    if (!taken.has(label)) return label;
  }
}

function isLabel(text: string): boolean {
  return text.length <= LABEL_LENGTH_MAX && !NOT_ONE_LINE.test(text) && text.trim() !== "";
}

const NOT_ONE_LINE = /[\p{Cc}\u2028\u2029]/u;

/** The first words of a text. */
function shortened(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  const points = [...line];
  if (points.length <= SHORT_LABEL_LENGTH_MAX) return line;
  const start = points.slice(0, SHORT_LABEL_LENGTH_MAX).join("");
  const words = start.slice(0, start.lastIndexOf(" "));
  return `${words.length * 2 > start.length ? words : start}…`;
}

function labelFinding(label: string, key: "value" | "set", others: ReadFactor["levels"]): string | null {
  if (!isLabel(label)) {
    return `${quoted(label)} cannot be the label of a level: write { label: …, ${key}: … } ` +
      `with a label of one line and at most ${LABEL_LENGTH_MAX} characters`;
  }
  return others.some((other) => other.label === label) ? `two levels have the label ${quoted(label)}` : null;
}

/** Refuses two paths of factors if one value is a part of the other, because their order would matter. */
function overlaps(factors: readonly ReadFactor[]): readonly Finding[] {
  const parts = factors.flatMap((factor) => factor.parts.map((part) => ({ ...part, factor })));
  return parts.flatMap(({ path, steps, factor }, at) => {
    const other = parts.slice(0, at).find((part) => holds(part.steps, steps) || holds(steps, part.steps));
    if (other === undefined) return [];
    const both = `${quoted(path)} and ${quoted(other.path)}`;
    const message = `${both} overlap: only one factor can set a value`;
    return [{ path: ["design", factor.kind, factor.path], part: "key" as const, message }];
  });
}

/** Names that have another meaning in effects and tables. */
const RESERVED: ReadonlySet<string> = new Set([TIME, "run", "condition"]);

/** Reserved names under which a factor would not be tested. */
const UNTESTED: ReadonlySet<string> = new Set([TIME, "run"]);

/** Refuses names that another factor has, and names that cannot be used in effects. */
function nameFindings(factors: readonly ReadFactor[]): readonly Finding[] {
  return factors.flatMap(({ kind, path, label }, at): Finding[] => {
    // Only a factor whose levels set several values has a free name. Other factors have the path of a value.
    if (UNTESTED.has(path)) {
      const message = `${
        quoted(path)
      } cannot be the name of a factor, because reports use it: choose another name`;
      return [{ path: ["design", kind, path], part: "key", message }];
    }
    if (label === undefined) return [];
    const place = ["design", kind, path, "label"];
    const others = factors.filter((_, other) => other !== at);
    const isTaken = others.some((other) => other.path === label) ||
      others.slice(0, at).some((other) => other.label === label);
    if (!isLabel(label) || label.includes(":") || RESERVED.has(label)) {
      const message = `${quoted(label)} cannot be the label of a factor: write one line of at most ` +
        `${LABEL_LENGTH_MAX} characters without ":", and no name that reports use (${
          [...RESERVED].join(", ")
        })`;
      return [{ path: place, message }];
    }
    return isTaken ? [{ path: place, message: `two factors have the name ${quoted(label)}` }] : [];
  });
}
