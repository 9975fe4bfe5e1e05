/** Reads the section `analysis`: returns its design, or all problems. */
import { isFreeText, scaleTypeOf } from "../annotation/scales/mod.ts";
import {
  ANALYSIS_DEFAULT,
  type AnalysisDesign,
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
import { analysisSchema } from "./analysis_schema.ts";
import {
  factorNamed,
  type NamedFactor,
  readAdjust,
  readReference,
  repetition,
  unknownFactor,
} from "./analysis_factors.ts";
import { listOf, recordOf } from "./document.ts";
import {
  lookFindings,
  marginFindings,
  modelFindings,
  type Testability,
  untestableFindings,
} from "./analysis_keys.ts";
import {
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
  /** The factors of the discussions. */
  factors: readonly NamedFactor[];
  scales: readonly KnownScale[];
  /** Whether some discussions have a moderator; `null` if this is not known. */
  moderated: boolean | null;
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
  const reference = readReference(recordOf(content.reference), context.factors);
  const hasTime = outcomes.length === 0 || !outcomes.every(isMetric);
  const effects = readEffects(listOf(content.effects), context, hasTime);
  const adjust = readAdjust(listOf(content.adjust), context.factors);
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
  { factors, scales, moderated }: AnalysisContext,
): Testability {
  const several = factors.filter(({ levels }) => levels.length > 1);
  return {
    outcomes,
    scales,
    isModerated: moderated !== false,
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
