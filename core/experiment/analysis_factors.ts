/** Reads the factors that an analysis names: in `reference` and in `adjust`. */
import { canonical, type Json } from "../json.ts";
import type { AnalysisDesign } from "./analysis_design.ts";
import { described, type Finding, listed, type Path, quoted, type Read, suggesting } from "./problems.ts";

/** A factor of the discussions. */
export type NamedFactor = Readonly<{
  path: string;
  /** Another name that the analysis can use for the factor. */
  label?: string;
  /** Empty if the levels are unknown. `value` is missing if only labels are known. */
  levels: readonly Readonly<{ label: string; value?: Json }>[];
  /** The labels of the levels without a moderator. */
  unmoderated?: readonly string[];
}>;

/** Reads `reference`: factor → the label of its reference level. */
export function readReference(
  written: Readonly<Record<string, unknown>>,
  factors: readonly NamedFactor[],
): Read<AnalysisDesign["reference"]> {
  const read: Record<string, string> = {};
  const findings: Finding[] = [];
  for (const [name, value] of Object.entries(written)) {
    const factor = factorNamed(name, factors);
    if (factor === undefined) {
      findings.push({ ...unknownFactor([name], name, factors.map((known) => known.path)), part: "key" });
      continue;
    }
    const { path, levels } = factor;
    if (Object.hasOwn(read, path)) {
      findings.push({ path: [name], part: "key", message: `${quoted(path)} already has a reference` });
    }
    const level = levels.find(({ label }) => label === labelOf(value)) ??
      levels.find((known) => known.value !== undefined && canonical(known.value) === canonical(value));
    if (level !== undefined) read[path] = level.label;
    else if (levels.length > 0) findings.push(unknownLevel(name, value, levels.map(({ label }) => label)));
  }
  return { read, findings };
}

/** The factor that has the name as its path or as its label. Paths are searched first. */
export function factorNamed(name: string, factors: readonly NamedFactor[]): NamedFactor | undefined {
  return factors.find(({ path }) => path === name) ?? factors.find(({ label }) => label === name);
}

/** The label that a plain value has as a level in the section `design`; `undefined` for lists and objects. */
function labelOf(value: unknown): string | undefined {
  if (value === null) return "none";
  return typeof value === "object" ? undefined : String(value);
}

function unknownLevel(path: string, value: unknown, labels: readonly string[]): Finding {
  const expected = listed(labels);
  const found = described(value);
  const message = `unknown level of ${quoted(path)}: expected ${expected}, found ${found}`;
  const meant = labelOf(Array.isArray(value) ? value[0] : value) ?? "";
  return suggesting({ path: [path], message, expected, found }, meant, labels);
}

/** The problem that no factor has a name. */
export function unknownFactor(path: Path, name: string, names: readonly string[]): Finding {
  const expected = listed(names);
  const there = names.length === 0 ? "the discussions have no factors" : `expected ${expected}`;
  const finding = { path, message: `there is no factor ${quoted(name)}: ${there}`, found: quoted(name) };
  return suggesting(names.length === 0 ? finding : { ...finding, expected }, name, names);
}

/** Reads `adjust`: a list of different factors. */
export function readAdjust(
  written: readonly unknown[],
  factors: readonly NamedFactor[],
): Read<readonly string[]> {
  const read = written.map((name) => factorNamed(String(name), factors)?.path ?? String(name));
  const known = factors.map(({ path }) => path);
  return {
    read,
    findings: read.flatMap((name, index): readonly Finding[] => {
      const first = read.indexOf(name);
      if (first < index) {
        return [{ path: [index], message: repetition(String(written[index]), String(written[first])) }];
      }
      return known.includes(name) ? [] : [unknownFactor([index], name, known)];
    }),
  };
}

/**
 * Says that a list has an entry twice.
 *
 * @param first The earlier entry, which can be written differently.
 */
export function repetition(text: string, first: string): string {
  return text === first
    ? `${quoted(text)} is listed twice`
    : `${quoted(text)} is the same as ${quoted(first)}`;
}
