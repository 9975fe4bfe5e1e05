/** Reading of turn-taking and schedules, which can be written in several ways. */
import { z } from "zod";
import type { Json } from "../json.ts";
import type { RuleSpec } from "../events/discussion_design.ts";
import { SIGNALS } from "../moderation/mod.ts";
import type { RuleOptions } from "../events/mod.ts";
import { isRecord } from "./document.ts";
import type { Extensions } from "./extensions.ts";
import { type Finding, listed, mismatch, type Path, quoted, suggesting, within } from "./problems.ts";
import { jsonSchema } from "./schema.ts";
import { findingsOf } from "./schema_findings.ts";

/** A rule that was read; `spec` is `null` where it cannot be told which rule is meant. */
export type ReadRule = Readonly<{ spec: RuleSpec | null; findings: readonly Finding[] }>;

const noOptions = z.strictObject({});
const probability = "a number from 0 to 1";
const atLeastOne = "a whole number of at least 1";
const signals = [...SIGNALS.keys()] as [string, ...string[]];

/** The options of the built-in turn-taking strategies. */
export const STRATEGY_OPTIONS: Readonly<Record<string, z.ZodObject>> = {
  "round-robin": z.strictObject({
    randomFirst: z.boolean({ error: "true or false" }).optional().describe(
      "Whether the first speaker is drawn",
    ),
  }),
  random: noOptions,
  respond: z.strictObject({
    probability: z.number({ error: probability }).min(0, { error: probability }).max(1, {
      error: probability,
    })
      .describe("How often the second-to-last speaker answers"),
  }),
  weighted: noOptions,
  mention: z.strictObject({
    fallback: z.unknown().optional().describe("The strategy where nobody is addressed; random when left out"),
  }),
};

/** The options of the built-in moderation schedules. */
export const SCHEDULE_OPTIONS: Readonly<Record<string, z.ZodObject>> = {
  "every-turn": noOptions,
  every: z.strictObject({
    n: z.int({ error: atLeastOne }).min(1, { error: atLeastOne }).describe("After each n-th turn"),
  }),
  "on-demand": noOptions,
  threshold: z.strictObject({
    signal: z.enum(signals, { error: `one of ${signals.join(", ")}` }).describe("What is measured"),
    above: z.number({ error: "a number" }).describe("The moderator is asked when the signal is above this"),
    words: z.array(z.string({ error: "a word" }), { error: "a list of words" }).min(1, {
      error: "at least one word",
    }).optional().describe("What the signal words counts"),
  }),
};

/** Who speaks next where the file does not say. */
const DEFAULT_STRATEGY: RuleSpec = { name: "random", options: {} };

/**
 * Reads turn-taking: a name, or `{ strategy: name, ...options }`.
 *
 * @param value What the file says; `undefined` is the default.
 * @param extensions What can be named.
 */
export function readTurnTaking(value: unknown, extensions: Extensions): ReadRule {
  if (value === undefined) return { spec: DEFAULT_STRATEGY, findings: [] };
  const named = nameAndOptions(value, "strategy");
  if ("findings" in named) return { spec: null, findings: named.findings };
  const { name, options } = named;
  const findings = checkRule(named, {
    kind: "turn-taking strategy",
    namePath: isRecord(value) ? ["strategy"] : [],
    schemas: STRATEGY_OPTIONS,
    rules: extensions.strategies,
    extensions,
  });
  if (name !== "mention") return { spec: { name, options }, findings };
  const fallback = readTurnTaking(options.fallback, extensions);
  if (fallback.spec?.name === "mention") {
    const found = { path: ["fallback"], message: "mention cannot fall back to itself" };
    return { spec: null, findings: [...findings, found] };
  }
  return {
    spec: fallback.spec && { name, options: { fallback: fallback.spec } },
    findings: [...findings, ...within(["fallback"], fallback.findings)],
  };
}

/**
 * Reads a schedule: a name, `{ every: n }`, `{ threshold: { … } }`, or `{ schedule: name, ...options }`.
 *
 * @param value What the file says.
 * @param extensions What can be named.
 */
export function readSchedule(value: unknown, extensions: Extensions): ReadRule {
  const asRule = {
    kind: "moderation schedule",
    namePath: isRecord(value) ? ["schedule"] : [],
    schemas: SCHEDULE_OPTIONS,
    rules: extensions.schedules,
    extensions,
  };
  if (isRecord(value) && Object.keys(value).length === 1 && value.schedule === undefined) {
    if (Object.hasOwn(value, "every")) {
      const rule = { name: "every", options: { n: value.every as Json } };
      const findings = checkRule(rule, asRule).map((finding) => ({ ...finding, path: ["every"] }));
      return { spec: rule, findings };
    }
    if (isRecord(value.threshold)) {
      const rule = { name: "threshold", options: value.threshold as RuleOptions };
      return { spec: rule, findings: within(["threshold"], checkRule(rule, asRule)) };
    }
  }
  const named = nameAndOptions(value, "schedule");
  if ("findings" in named) return { spec: null, findings: named.findings };
  return { spec: named, findings: checkRule(named, asRule) };
}

type NameKey = "strategy" | "schedule";

const FORMS: Readonly<Record<NameKey, string>> = {
  strategy: "the name of a turn-taking strategy, or { strategy: name, … }",
  schedule:
    "the name of a schedule, { every: n }, { threshold: { signal, above } }, or { schedule: name, … }",
};

function nameAndOptions(value: unknown, nameKey: NameKey): RuleSpec | { findings: readonly Finding[] } {
  if (typeof value === "string" && value !== "") return { name: value, options: {} };
  if (!isRecord(value)) return { findings: [mismatch([], FORMS[nameKey], value)] };
  const { [nameKey]: name, ...options } = value;
  if (typeof name === "string" && name !== "") return { name, options: options as RuleOptions };
  const finding = name === undefined
    ? { path: [], message: `the key ${quoted(nameKey)} is missing: expected ${FORMS[nameKey]}` }
    : mismatch([nameKey], "a name", name);
  return { findings: [finding] };
}

type RuleKind = Readonly<{
  kind: string;
  /** Where the name stands. */
  namePath: Path;
  schemas: Readonly<Record<string, z.ZodObject>>;
  rules: ReadonlyMap<string, { check?: (options: RuleOptions) => readonly string[] }>;
  extensions: Extensions;
}>;

function checkRule({ name, options }: RuleSpec, as: RuleKind): readonly Finding[] {
  const { kind, namePath: path, schemas, rules, extensions } = as;
  const reason = extensions.unloadable?.get(name);
  if (reason !== undefined) return [{ path, message: `cannot load ${quoted(name)}: ${reason}` }];
  if (extensions.unloaded?.has(name)) return [];
  const rule = rules.get(name);
  if (rule === undefined) {
    const expected = listed(rules.keys());
    const message = `there is no ${kind} ${quoted(name)}: expected ${expected}, or the path of your own`;
    return [suggesting({ path, message, expected, found: quoted(name) }, name, rules.keys())];
  }
  const schema = Object.hasOwn(schemas, name) ? schemas[name]! : z.record(z.string(), jsonSchema);
  const findings = findingsOf(schema, options);
  if (findings.length > 0 || name === "mention") return findings;
  return ownFindings(() => rule.check?.(options) ?? []);
}

/** A researcher's own check can break as any code can. */
function ownFindings(check: () => readonly string[]): readonly Finding[] {
  try {
    return check().map((message) => ({ path: [], message }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ path: [], message: `the rule's own check of its options failed: ${reason}` }];
  }
}
