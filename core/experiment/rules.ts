/** Reads turn-taking strategies and moderation schedules. A file can write them in several ways. */
import { z } from "../zod.ts";
import type { OptionsSchema, RuleOptions, RuleSpec } from "../events/mod.ts";
import type { Json } from "../json.ts";
import { type ModerationSchedules, moderationSchedules } from "../moderation/mod.ts";
import { turnTakingStrategies } from "../turn_taking/mod.ts";
import { isRecord } from "./document.ts";
import type { Extensions } from "./extensions.ts";
import { type Finding, listed, mismatch, type Path, quoted, suggesting, within } from "./problems.ts";
import { findingsOf } from "./schema_findings.ts";
import { jsonOf, type JsonSchema, jsonSchema } from "./schema_parts.ts";

/**
 * A strategy or schedule that was read. `spec` is `null` if the file does not clearly say which one it is.
 */
export type ReadRule = Readonly<{ spec: RuleSpec | null; findings: readonly Finding[] }>;

const DEFAULT_STRATEGY: RuleSpec = { name: "random", options: {} };

/** Reads turn-taking: a name, or `{ strategy: name, ...options }`. */
export function readTurnTaking(value: unknown, extensions: Extensions): ReadRule {
  if (value === undefined) return { spec: DEFAULT_STRATEGY, findings: [] };
  const named = nameAndOptions(value, "strategy", STRATEGY_FORMS);
  if ("findings" in named) return { spec: null, findings: named.findings };
  const { name } = named;
  const findings = [...checkRule(named, {
    kind: "turn-taking strategy",
    namePath: isRecord(value) ? ["strategy"] : [],
    rules: extensions.strategies,
    extensions,
  })];
  const options: Record<string, Json> = { ...named.options };
  let isClear = true;
  for (const key of extensions.strategies.get(name)?.strategyOptions ?? []) {
    const { spec, findings: found } = readTurnTaking(options[key], extensions);
    findings.push(...within([key], found));
    if (spec?.name === name) findings.push({ path: [key], message: `${name} cannot be its own ${key}` });
    if (spec === null || spec.name === name) isClear = false;
    else options[key] = spec;
  }
  return { spec: isClear ? { name, options } : null, findings };
}

/** Reads a schedule: a name, `{ schedule: name, ...options }`, `{ every: n }` or `{ threshold: { … } }`. */
export function readSchedule(value: unknown, extensions: Extensions): ReadRule {
  const { schedules } = extensions;
  const asRule = {
    kind: "moderation schedule",
    namePath: isRecord(value) ? ["schedule"] : [],
    rules: schedules,
    extensions,
  };
  const [only, ...others] = isRecord(value) ? Object.entries(value) : [];
  if (only !== undefined && others.length === 0) {
    const [name, content] = only;
    const [option, ...further] = optionsOf(schedules, name);
    if (option !== undefined && further.length === 0) {
      const rule = { name, options: { [option]: content as Json } };
      return {
        spec: rule,
        findings: checkRule(rule, asRule).map((finding) => ({ ...finding, path: [name] })),
      };
    }
    if (option !== undefined && isRecord(content)) {
      const rule = { name, options: content as RuleOptions };
      return { spec: rule, findings: within([name], checkRule(rule, asRule)) };
    }
  }
  const named = nameAndOptions(value, "schedule", scheduleWords(schedules));
  if ("findings" in named) return { spec: null, findings: named.findings };
  return { spec: named, findings: checkRule(named, asRule) };
}

const STRATEGY_FORMS = "the name of a turn-taking strategy, or { strategy: name, … }";

export function scheduleWords(schedules: ModerationSchedules = moderationSchedules()): string {
  const short = [...schedules.keys()].flatMap((name) => {
    const shape = schedules.get(name)!.options?.shape ?? {};
    const [option, ...further] = Object.keys(shape);
    if (option === undefined) return [];
    const needed = Object.keys(shape).filter((key) => !(shape[key] instanceof z.ZodOptional)).join(", ");
    return [further.length === 0 ? `{ ${name}: ${option} }` : `{ ${name}: { ${needed} } }`];
  });
  return ["the name of a schedule", ...short, "or { schedule: name, … }"].join(", ");
}

function optionsOf(schedules: ModerationSchedules, name: string): readonly string[] {
  return Object.keys(schedules.get(name)?.options?.shape ?? {});
}

function nameAndOptions(
  value: unknown,
  nameKey: "strategy" | "schedule",
  forms: string,
): RuleSpec | { findings: readonly Finding[] } {
  if (typeof value === "string" && value !== "") return { name: value, options: {} };
  if (!isRecord(value)) return { findings: [mismatch([], forms, value)] };
  const { [nameKey]: name, ...options } = value;
  if (typeof name === "string" && name !== "") return { name, options: options as RuleOptions };
  const finding = name === undefined
    ? { path: [], message: `the key ${quoted(nameKey)} is missing: expected ${forms}` }
    : mismatch([nameKey], "a name", name);
  return { findings: [finding] };
}

type Rule = Readonly<{
  options?: OptionsSchema;
  strategyOptions?: readonly string[];
  check?: (options: RuleOptions) => readonly string[];
}>;

export function turnTakingForms(): JsonSchema[] {
  return ruleForms("strategy", turnTakingStrategies());
}

/**
 * The forms of a schedule, for editors. A schedule with options also has a short form, whose only key is its
 * name: `{ every: 3 }`.
 */
export function scheduleForms(): JsonSchema[] {
  const schedules = moderationSchedules();
  const short = [...schedules].flatMap(([name, { options }]) => {
    const [option, ...further] = Object.keys(options?.shape ?? {});
    if (option === undefined) return [];
    const body = jsonOf(options as z.ZodObject);
    const content = further.length === 0 ? (body.properties as JsonSchema)[option] : body;
    return [{
      type: "object",
      properties: { [name]: content },
      required: [name],
      additionalProperties: false,
    }];
  });
  return [...ruleForms("schedule", schedules), ...short];
}

function ruleForms(nameKey: string, rules: ReadonlyMap<string, Rule>): JsonSchema[] {
  const named = [...rules].map(([name, { options = z.object({}) }]) => {
    const { properties, required, ...rest } = jsonOf(options as z.ZodObject);
    return {
      ...rest,
      properties: {
        [nameKey]: { const: name, description: `The name of the ${nameKey}` },
        ...properties as JsonSchema,
      },
      required: [nameKey, ...(required as string[] | undefined) ?? []],
    };
  });
  const own = {
    type: "string",
    pattern: "[/\\\\]|\\.(ts|js|mjs)$",
    description: `The path of your own ${nameKey}`,
  };
  const ownWithOptions = { type: "object", properties: { [nameKey]: own }, required: [nameKey] };
  return [{ enum: [...rules.keys()] }, own, ...named, ownWithOptions];
}

type RuleKind = Readonly<{
  kind: string;
  namePath: Path;
  rules: ReadonlyMap<string, Rule>;
  extensions: Extensions;
}>;

function checkRule({ name, options }: RuleSpec, as: RuleKind): readonly Finding[] {
  const { kind, namePath: path, rules, extensions } = as;
  const reason = extensions.unloadable?.get(name);
  if (reason !== undefined) return [{ path, message: `cannot load ${quoted(name)}: ${reason}` }];
  if (extensions.unloaded?.has(name)) return [];
  const rule = rules.get(name);
  if (rule === undefined) {
    const expected = listed(rules.keys());
    const message = `there is no ${kind} ${quoted(name)}: expected ${expected}, or the path of your own`;
    return [suggesting({ path, message, expected, found: quoted(name) }, name, rules.keys())];
  }
  const findings = findingsOf(
    rule.options as z.ZodObject | undefined ?? z.record(z.string(), jsonSchema),
    options,
  );
  if (findings.length > 0) return findings;
  return ownFindings(() => rule.check?.(options) ?? []);
}

/**
 * Calls the check of a rule. The check of a researcher's rule can throw an error: the error becomes a
 * finding.
 */
function ownFindings(check: () => readonly string[]): readonly Finding[] {
  try {
    return check().map((message) => ({ path: [], message }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ path: [], message: `the rule failed while it checked its options: ${reason}` }];
  }
}
