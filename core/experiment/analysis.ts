/** Reads the section `analysis`: returns its design, or all problems. */
import { isFreeText, scaleTypeOf } from "../annotation/scales/mod.ts";
import { canonical, type Json } from "../json.ts";
import {
  ANALYSIS_DEFAULT,
  type AnalysisDesign,
  analysisSchema,
  isMetric,
  isTextMetric,
  type KnownScale,
  OUTCOME_FORMS,
  type OutcomeName,
  outcomeNames,
  readOutcomeName,
  scaleNamed,
  TIME,
} from "./analysis_design.ts";
import { listOf, recordOf } from "./document.ts";
import {
  lookFindings,
  marginFindings,
  modelFindings,
  type Testability,
  untestableFindings,
} from "./analysis_keys.ts";
import {
  described,
  type Finding,
  listed,
  mismatch,
  type Path,
  quoted,
  type Read,
  suggesting,
  within,
} from "./problems.ts";
import type { Matched } from "./matched.ts";
import { checked } from "./schema_findings.ts";

type AnalysisContext = Readonly<{
  /** The factors of the discussions. `levels` is empty if the levels are unknown. `value` is missing if only labels are known. */
  factors: readonly Readonly<
    {
      path: string;
      label?: string;
      levels: readonly Readonly<{ label: string; value?: Json }>[];
      /** The labels of the levels without a moderator. */
      unmoderated?: readonly string[];
    }
  >[];
  scales: readonly KnownScale[];
  /** Whether more annotation passes can follow. If so, outcomes can name scales that are not known yet. */
  morePasses: boolean;
  /** What the conditions of a replicate share; `null` if this is not known. */
  matched: Matched | null;
  /** The number of planned discussions; `null` if this is not known. */
  discussions: number | null;
}>;

export function readAnalysis(
  section: unknown,
  context: AnalysisContext,
): Readonly<{ design: AnalysisDesign | null; findings: readonly Finding[] }> {
  const result = checked(analysisSchema, section);
  const content = recordOf(section);
  const outcomes = listOf(content.outcomes);
  const reference = readReference(recordOf(content.reference), context);
  const hasTime = outcomes.length === 0 || !outcomes.every(isMetric);
  const effects = readEffects(listOf(content.effects), context, hasTime);
  const adjust = readAdjust(listOf(content.adjust), context);
  const findings = [
    ...result.findings,
    ...within(["reference"], reference.findings),
    ...within(["outcomes"], outcomeFindings(outcomes, context)),
    ...within(["comments"], countedFindings(Object.keys(recordOf(content.comments)), context)),
    ...within(["effects"], effects.findings),
    ...within(["adjust"], adjust.findings),
    ...within(["looks"], lookFindings(listOf(content.looks), context.discussions)),
    ...within(["model"], modelFindings(recordOf(content.model), outcomes, context.scales)),
    ...within(["margin"], marginFindings(recordOf(content.margin), outcomes)),
    ...(content.test === "paired" && context.matched === false ? [UNMATCHED] : []),
  ];
  if (!("data" in result) || findings.length > 0) return { design: null, findings };
  const { question = null, outcomes: declared = [], test = null, comments, ...others } = result.data;
  const design = {
    ...others,
    ...typeof comments === "string"
      ? { comments }
      : { comments: ANALYSIS_DEFAULT.comments, commentsOf: comments },
    question,
    reference: reference.read,
    outcomes: declared,
    effects: content.effects === undefined ? null : effects.read,
    ...content.adjust === undefined ? {} : { adjust: adjust.read },
    test,
  };
  return { design, findings: within(["outcomes"], untestableFindings(testabilityOf(design, context))) };
}

function testabilityOf(
  { outcomes, effects, reference, comments, commentsOf }: AnalysisDesign,
  { factors }: AnalysisContext,
): Testability {
  const several = factors.filter(({ levels }) => levels.length > 1);
  return {
    outcomes,
    effects: effects ?? several.map(({ path }) => [path]),
    comments,
    ...commentsOf === undefined ? {} : { commentsOf },
    factors: Object.fromEntries(
      several.map(({ path, levels, unmoderated = [] }) => {
        const moderated = levels.map(({ label }) => label).filter((label) => !unmoderated.includes(label));
        return [path, { moderated, unmoderated, reference: reference[path] ?? levels[0]?.label }];
      }),
    ),
  };
}

const UNMATCHED: Finding = {
  path: ["test"],
  message:
    "the paired test needs matched conditions, but the design says matched: false: leave out one of the two",
};

function readReference(
  written: Readonly<Record<string, unknown>>,
  { factors }: AnalysisContext,
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

type NamedFactor = AnalysisContext["factors"][number];

/** The factor with a path or a label. */
function factorNamed(name: string, factors: readonly NamedFactor[]): NamedFactor | undefined {
  return factors.find(({ path }) => path === name) ?? factors.find(({ label }) => label === name);
}

/** The label that the section `design` gives to a plain value. */
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

function unknownFactor(path: Path, name: string, names: readonly string[]): Finding {
  const expected = listed(names);
  const there = names.length === 0 ? "the discussions have no factors" : `expected ${expected}`;
  const finding = { path, message: `there is no factor ${quoted(name)}: ${there}`, found: quoted(name) };
  return suggesting(names.length === 0 ? finding : { ...finding, expected }, name, names);
}

function readEffects(
  written: readonly unknown[],
  { factors }: AnalysisContext,
  hasTime: boolean,
): Read<readonly (readonly string[])[]> {
  const read: (readonly string[])[] = [];
  const findings: Finding[] = [];
  const seen = new Map<string, string>();
  const known = [...factors.map(({ path }) => path), TIME];
  for (const [index, text] of written.entries()) {
    if (typeof text !== "string") continue;
    const names = text.split(":").map((name) => name.trim())
      .map((name) => factorNamed(name, factors)?.path ?? name);
    const wrong: Finding[] = names.includes("") ? [mismatch([], 'factors joined by ":"', text)] : [];
    for (const name of wrong.length > 0 ? [] : new Set(names)) {
      const message = names.indexOf(name) !== names.lastIndexOf(name)
        ? `${quoted(name)} is multiplied by itself`
        : name === TIME && !hasTime
        ? "the outcomes are figures of whole discussions, which do not change from turn to turn"
        : factors.find(({ path }) => path === name)?.levels.length === 1
        ? `${quoted(name)} has only one level: there is nothing to compare`
        : null;
      if (!known.includes(name)) wrong.push(unknownFactor([], name, known));
      else if (message !== null) wrong.push({ path: [], message });
    }
    // An effect is the interaction of its factors, so the order of the factors does not matter.
    const key = JSON.stringify(names.toSorted());
    const first = seen.get(key);
    if (first !== undefined && wrong.length === 0) wrong.push({ path: [], message: repetition(text, first) });
    seen.set(key, first ?? text);
    findings.push(...within([index], wrong));
    read.push(names);
  }
  return { read, findings };
}

function readAdjust(
  written: readonly unknown[],
  { factors }: AnalysisContext,
): Read<readonly string[]> {
  const read = written.map((name) => factorNamed(String(name), factors)?.path ?? String(name));
  const known = factors.map(({ path }) => path);
  return {
    read,
    findings: read.flatMap((name, index) =>
      known.includes(name) ? [] : [unknownFactor([index], name, known)]
    ),
  };
}

function outcomeFindings(outcomes: readonly unknown[], context: AnalysisContext): readonly Finding[] {
  const seen = new Map<string, string>();
  return outcomes.flatMap((text, index): Finding[] => {
    if (typeof text !== "string") return [];
    const name = readOutcomeName(text);
    if (name === null) return [mismatch([index], OUTCOME_FORMS, text)];
    const wrong = "metric" in name ? null : scaleFinding(name, text, context);
    if (wrong !== null) return [{ ...wrong, path: [index] }];
    const key = "metric" in name
      ? name.metric
      : JSON.stringify([name.pass ?? scaleNamed(name, context.scales)?.pass, name.scale, name.label]);
    const first = seen.get(key);
    if (first !== undefined) return [{ path: [index], message: repetition(text, first) }];
    seen.set(key, text);
    return [];
  });
}

/** Checks whose comments the outcomes count. Only outcomes of comments can have such an entry. */
function countedFindings(names: readonly string[], context: AnalysisContext): readonly Finding[] {
  const turns = names.filter((name) => isMetric(name) && !isTextMetric(name));
  const findings = [
    ...outcomeFindings(names, context).map((one) => ({ ...one, path: [names[Number(one.path[0])]!] })),
    ...turns.map((name) => ({ path: [name], message: `${quoted(name)} is no figure of comments` })),
  ];
  return findings.map((finding) => ({ ...finding, part: "key" }));
}

function repetition(text: string, first: string): string {
  return text === first
    ? `${quoted(text)} is listed twice`
    : `${quoted(text)} is the same as ${quoted(first)}`;
}

function scaleFinding(
  name: Exclude<OutcomeName, { metric: unknown }>,
  text: string,
  { scales, morePasses }: AnalysisContext,
): Finding | null {
  const path: Path = [];
  const known = scaleNamed(name, scales);
  if (known === undefined) {
    const isOfKnownPass = name.pass === null
      ? scales.length > 0
      : scales.some(({ pass }) => pass === name.pass);
    if (morePasses && !isOfKnownPass) return null;
    const names = outcomeNames(scales);
    const expected = listed(names);
    const message = `there is no outcome ${quoted(text)}: expected ${expected}`;
    return suggesting({ path, message, expected, found: quoted(text) }, text, names);
  }
  const { label } = name;
  const bare = label === null ? text : text.slice(0, -label.length - 1);
  const { scale } = known;
  if (isFreeText(scale)) {
    return { path, message: `${quoted(bare)} is a ${scale.type} scale: texts cannot be compared` };
  }
  const labels = scaleTypeOf(scale).labels?.(scale);
  if (labels === undefined) {
    if (label === null) return null;
    const message = `${quoted(bare)} is not a nominal scale: name the scale without a label`;
    return { path, message, suggestion: bare };
  }
  if (label !== null && labels.includes(label)) return null;
  const names = labels.map((one) => `${bare}=${one}`);
  const expected = listed(names);
  if (label === null) {
    const wrong = `${quoted(bare)} is a ${scale.type} scale`;
    return { path, message: `${wrong}: expected one of its labels, such as ${expected}`, expected };
  }
  const message = `the scale ${quoted(bare)} has no label ${quoted(label)}: expected ${expected}`;
  return suggesting({ path, message, expected, found: quoted(text) }, text, names);
}
