/** Reading of an analysis: from a section of a file to its design, or to everything that is wrong. */
import { canonical, type Json } from "../json.ts";
import { type AnalysisDesign, TIME } from "./analysis_design.ts";
import { type OutcomeContext, outcomeFindings, repetition } from "./analysis_outcomes.ts";
import { analysisSchema } from "./analysis_schema.ts";
import { isRecord } from "./document.ts";
import { isMetric } from "./outcome_name.ts";
import {
  described,
  type Finding,
  listed,
  mismatch,
  type Path,
  quoted,
  suggesting,
  within,
} from "./problems.ts";
import { checked } from "./schema_findings.ts";

/** A factor that outcomes can be compared by; without levels where it is not known which it has. */
export type KnownFactor = Readonly<{
  path: string;
  /** Without a value where nothing but the label is known. */
  levels: readonly Readonly<{ label: string; value?: Json }>[];
}>;

/** What an analysis refers to. */
export type AnalysisContext =
  & OutcomeContext
  & Readonly<{
    factors: readonly KnownFactor[];
    /** Whether the conditions are matched; `null` where it is not known. */
    matched: boolean | null;
  }>;

/** What was read of a section, and what is wrong with it; paths are from the section on. */
export type ReadAnalysis = Readonly<{ design: AnalysisDesign | null; findings: readonly Finding[] }>;

/**
 * Reads and checks an analysis.
 *
 * @param section The section's content.
 * @param context What it refers to.
 */
export function readAnalysis(section: unknown, context: AnalysisContext): ReadAnalysis {
  const result = checked(analysisSchema, section);
  const content = isRecord(section) ? section : {};
  const outcomes = listOf(content.outcomes);
  const reference = readReference(isRecord(content.reference) ? content.reference : {}, context.factors);
  const effects = readEffects(listOf(content.effects), {
    factors: context.factors,
    hasTime: outcomes.length === 0 || !outcomes.every(isMetric),
  });
  const findings = [
    ...result.findings,
    ...within(["reference"], reference.findings),
    ...within(["outcomes"], outcomeFindings(outcomes, context)),
    ...within(["effects"], effects.findings),
    ...(content.test === "paired" && context.matched === false ? [UNMATCHED] : []),
  ];
  if (!("data" in result) || findings.length > 0) return { design: null, findings };
  const { question = null, outcomes: declared = [], test = null, ...others } = result.data;
  return {
    design: {
      ...others,
      question,
      reference: reference.read,
      outcomes: declared,
      effects: content.effects === undefined ? null : effects.read,
      test,
    },
    findings,
  };
}

const UNMATCHED: Finding = {
  path: ["test"],
  message: "there are no pairs: the conditions are not matched (matched: false in the design)",
};

type Read<T> = Readonly<{ read: T; findings: readonly Finding[] }>;

function readReference(
  written: Readonly<Record<string, unknown>>,
  factors: readonly KnownFactor[],
): Read<AnalysisDesign["reference"]> {
  const read: Record<string, string> = {};
  const findings: Finding[] = [];
  for (const [path, value] of Object.entries(written)) {
    const factor = factors.find((known) => known.path === path);
    if (factor === undefined) {
      findings.push({ ...unknownFactor([path], path, factors.map((known) => known.path)), part: "key" });
      continue;
    }
    const { levels } = factor;
    const level = levels.find(({ label }) => label === labelOf(value)) ??
      levels.find((known) => known.value !== undefined && canonical(known.value) === canonical(value));
    if (level !== undefined) read[path] = level.label;
    else if (levels.length > 0) findings.push(unknownLevel(path, value, levels.map(({ label }) => label)));
  }
  return { read, findings };
}

/** A plain value as the label of its level; see the section `design`. */
function labelOf(value: unknown): string | undefined {
  if (value === null) return "none";
  return typeof value === "object" ? undefined : String(value);
}

function unknownLevel(path: string, value: unknown, labels: readonly string[]): Finding {
  const expected = listed(labels);
  const found = described(value);
  const message = `${quoted(path)} has no such level: expected ${expected}, found ${found}`;
  const meant = labelOf(Array.isArray(value) ? value[0] : value) ?? "";
  return suggesting({ path: [path], message, expected, found }, meant, labels);
}

function unknownFactor(path: Path, name: string, names: readonly string[]): Finding {
  const expected = listed(names);
  const there = names.length === 0 ? "the discussions have no factors" : `expected ${expected}`;
  const finding: Finding = {
    path,
    message: `there is no factor ${quoted(name)}: ${there}`,
    found: quoted(name),
  };
  return suggesting(names.length === 0 ? finding : { ...finding, expected }, name, names);
}

type EffectContext = Readonly<{
  factors: readonly KnownFactor[];
  /** Whether any outcome has values at places in a discussion. */
  hasTime: boolean;
}>;

function readEffects(
  written: readonly unknown[],
  context: EffectContext,
): Read<readonly (readonly string[])[]> {
  const read: (readonly string[])[] = [];
  const findings: Finding[] = [];
  const seen = new Map<string, string>();
  for (const [index, text] of written.entries()) {
    if (typeof text !== "string") continue;
    const names = text.split(":").map((name) => name.trim());
    const wrong = effectFindings(text, names, context);
    // Effects multiply: their order does not matter.
    const key = JSON.stringify(names.toSorted());
    const first = seen.get(key);
    if (first !== undefined && wrong.length === 0) wrong.push({ path: [], message: repetition(text, first) });
    seen.set(key, first ?? text);
    findings.push(...within([index], wrong));
    read.push(names);
  }
  return { read, findings };
}

function effectFindings(
  text: string,
  names: readonly string[],
  { factors, hasTime }: EffectContext,
): Finding[] {
  if (names.includes("")) return [mismatch([], 'factors joined by ":"', text)];
  const known = [...factors.map(({ path }) => path), TIME];
  return [...new Set(names)].flatMap((name): Finding[] => {
    if (!known.includes(name)) return [unknownFactor([], name, known)];
    const message = names.indexOf(name) !== names.lastIndexOf(name)
      ? `${quoted(name)} is multiplied by itself`
      : name === TIME && !hasTime
      ? "the outcomes are figures of whole discussions: they have no turns"
      : factors.find(({ path }) => path === name)?.levels.length === 1
      ? `${quoted(name)} has one level: there is nothing to compare`
      : null;
    return message === null ? [] : [{ path: [], message }];
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
