/** The tables of the design section. */
import {
  type Intervention,
  type ModelSpec,
  type NamedTemplates,
  optionsText,
  type PromptSpec,
  ruleText,
} from "../../../core/events/mod.ts";
import type { DistinctValues, RoleUse, Use } from "../../projections/mod.ts";
import { IMPORTED_MODEL, IMPORTED_RULE, UNKNOWN_MODEL } from "../../../core/discussion/mod.ts";
import type { Block, TableBlock } from "../document.ts";
import { type ConditionCount, conditionsInOrder, conditionsText, factorsOf } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { quoted } from "../words.ts";
import {
  below,
  cell,
  counts,
  limitedTable,
  NOT_KNOWN,
  shares,
  shown,
  type Suffix,
  tableOf,
  texts,
} from "../tables.ts";

/** The table of the settings of discussions, with the conditions that used each setting. */
export function settingsTable({ design }: RunFacts, suffix: Suffix): TableBlock {
  const imported = design.imported !== null;
  const rowsOf = <T>(setting: string, uses: DistinctValues<Use<T>>, textOf: (value: T) => string) =>
    merged(uses, textOf).map(([value, count, conditions], _, rows) => ({
      setting,
      value,
      count,
      conditions: isDrawn(rows.map(([, , found]) => found))
        ? "differs within conditions"
        : conditionsText(conditions, design),
    }));
  const { participants, turns, openings, interventions, history, turnTaking, passWords, prompts } = design;
  const rows = [
    ...rowsOf("Participants", participants, String),
    ...rowsOf("Turns", turns, String),
    ...rowsOf("Opening comments", openings, String),
    ...rowsOf("Scripted interventions", interventionsIn(design), interventionsText),
    ...rowsOf("Comments that a prompt shows", history, (shown) => historyText(shown, imported)),
    ...rowsOf(
      "Turn-taking",
      turnTaking,
      (rule) => rule.name === IMPORTED_RULE.name ? NOT_KNOWN : ruleText(rule),
    ),
    ...rowsOf(
      "Replies that mean silence",
      passWords,
      (word) => imported ? NOT_KNOWN : `${word === "" ? "" : `${word}, and `}empty ones`,
    ),
    ...rowsOf(
      "Layout of prompts",
      prompts,
      ({ layout, version }) => imported ? NOT_KNOWN : `${layout}, version ${version}`,
    ),
    ...rowsOf("Words of prompts", prompts, (prompt) => imported ? NOT_KNOWN : templatesText(prompt)),
  ];
  const complete = [participants, turns, openings, interventions, history, turnTaking, passWords, prompts]
    .every((uses) => uses.complete);
  return limitedTable({ id: `settings${suffix}`, title: "Settings of the discussions", complete }, rows, [
    texts("setting", "Setting", ({ setting }) => setting),
    texts("value", "Value", ({ value }) => value),
    counts("discussions", "Discussions", ({ count }) => count),
    texts("conditions", "Conditions", ({ conditions }) => conditions),
  ]);
}

/** The scripted interventions; an empty list if no discussion has an intervention. */
export function interventionsIn({ interventions }: RunFacts["design"]): RunFacts["design"]["interventions"] {
  return interventions.values.some(({ value }) => value.setting.length > 0)
    ? interventions
    : { ...interventions, values: [] };
}

/** Interventions on one line: `after turn 3, Eve: “Stop.”`. */
export function interventionsText(interventions: readonly Intervention[]): string {
  if (interventions.length === 0) return "none";
  return interventions.map(({ after, author, text }) => `after turn ${after}, ${author}: ${quoted(text)}`)
    .join("; ");
}

function historyText(history: number | null, imported: boolean): string {
  if (history === null) return "all";
  // If an imported file does not give the history, the log has 0.
  return imported && history === 0 ? NOT_KNOWN : `the last ${history}`;
}

/** The template set of prompts. Logs do not name the two oldest sets, but these have different layouts. */
export function templatesText({ layout, templates }: PromptSpec): string {
  return templates === undefined
    ? `template set ${layout === "dialogue" ? "dialogue" : "default"}`
    : namedTemplatesText(templates);
}

/** A template set with the hash of its words. */
export function namedTemplatesText({ name, sha256 }: NamedTemplates): string {
  return `template set ${name} (SHA-256 ${sha256})`;
}

/** Merges values that have equal texts. For example, two versions of prompts can have the same layout. */
export function merged<T>(
  uses: DistinctValues<Use<T>>,
  textOf: (value: T) => string,
): readonly (readonly [string, number, DistinctValues<string>])[] {
  const rows = new Map<string, { count: number; conditions: Map<string, number>; complete: boolean }>();
  for (const { value: { setting, conditions }, count } of inOrder(uses)) {
    const text = textOf(setting);
    const row = rows.get(text) ?? { count: 0, conditions: new Map(), complete: true };
    row.count += count;
    row.complete &&= conditions.complete;
    for (const { value, count } of conditions.values) {
      row.conditions.set(value, (row.conditions.get(value) ?? 0) + count);
    }
    rows.set(text, row);
  }
  return [...rows].map(([text, { count, conditions, complete }]) => {
    const values = [...conditions].map(([value, count]) => ({ value, count }));
    return [text, count, { values, complete }];
  });
}

/** Sorts numbers. Other values keep their order. */
function inOrder<T>({ values }: DistinctValues<Use<T>>): DistinctValues<Use<T>>["values"] {
  return values.toSorted(({ value: { setting: one } }, { value: { setting: other } }) =>
    typeof one === "number" && typeof other === "number" ? one - other : 0
  );
}

/** Whether all discussions have the same value. */
export function isAll<T>({ values }: DistinctValues<Use<T>>, wanted: T): boolean {
  return values.every(({ value }) => value.setting === wanted);
}

/** Whether discussions of the same condition have different values. Then the value was drawn at random. */
export function isDrawn(found: readonly DistinctValues<string>[]): boolean {
  const labels = found.flatMap(({ values }) => values.map(({ value }) => value));
  return new Set(labels).size < labels.length;
}

export function conditionTable(run: RunFacts, suffix: Suffix): TableBlock {
  const { design: { conditions: { values, complete } }, planned } = run;
  const note = complete ? "" : `Only the first ${values.length} conditions are shown.`;
  return shown(tableOf({ id: `conditions${suffix}`, title: "Conditions", note }, conditionsInOrder(run), [
    texts("condition", "Condition", ({ condition }) => condition.label),
    ...[...factorsOf([run]).keys()].map((factor, at) =>
      texts(`factor_${at + 1}`, factor, ({ condition }: ConditionCount) => condition.factors[factor] ?? "")
    ),
    ...(planned === null ? [] : [counts("planned", "Planned", () => planned.replications)]),
    counts("begun", planned === null ? "Imported" : "Begun", ({ count }) => count),
  ]));
}

/** The table of roles and of how many participants had them. Long instructions are below it. Empty without roles. */
export function roleBlocks(
  { design: { roles, places }, drawnFrom }: RunFacts,
  suffix: Suffix,
): readonly Block[] {
  const declared = drawnFrom?.roles ?? [];
  // The table also has declared roles that no participant got.
  const undrawn = declared.filter((role) => !roles.values.some(({ value }) => isSame(value.setting, role)));
  const rows: readonly Readonly<{ role: RoleUse; holders: number }>[] = [
    ...roles.values.map(({ value, count }) => ({ role: value.setting, holders: count })),
    ...undrawn.map((role) => ({ role, holders: 0 })),
  ];
  if (rows.length === 0) return [];
  const note = "Shares of all participants in the discussions that began.";
  return [
    limitedTable({ id: `roles${suffix}`, title: "Roles", note, complete: roles.complete }, rows, [
      texts("role", "Role", ({ role }) => role.name),
      texts(
        "declared",
        "Declared",
        ({ role }) =>
          drawnFrom === null
            ? NOT_KNOWN
            : declared.filter((other) => isSame(role, other)).map(ruleOfRole).join("; "),
      ),
      counts("holders", "Holders", ({ holders }) => holders),
      shares("share", "Share", ({ holders }) => places === 0 ? null : holders / places),
      texts("instructions", "Instructions", ({ role }) => cell(role.instructions)),
    ]),
    ...below(rows.map(({ role: { name, instructions } }) => ({
      title: `Instructions of the role ${name}`,
      text: instructions,
    }))),
  ];
}

function isSame(one: RoleUse, other: RoleUse): boolean {
  return one.name === other.name && one.instructions === other.instructions;
}

export function ruleOfRole(role: NonNullable<RunFacts["drawnFrom"]>["roles"][number]): string {
  return "count" in role
    ? `${role.count} of the participants of a discussion`
    : `each participant with probability ${role.probability}`;
}

/** The table of moderators. Long instructions are below it. Empty without moderators. */
export function moderatorBlocks({ design }: RunFacts, suffix: Suffix): readonly Block[] {
  const rows = design.moderators.values.flatMap(({ value: { setting, conditions }, count }) =>
    setting === null ? [] : [{ ...setting, conditions: conditionsText(conditions, design), count }]
  );
  if (rows.length === 0) return [];
  const { complete } = design.moderators;
  return [
    limitedTable({ id: `moderators${suffix}`, title: "Moderators", complete }, rows, [
      texts("moderator", "Moderator", ({ name }) => name),
      texts("model", "Model", ({ model }) => model),
      texts(
        "schedule",
        "Asked",
        ({ schedule }) => schedule.name === IMPORTED_RULE.name ? NOT_KNOWN : ruleText(schedule),
      ),
      texts("instructions", "Instructions", ({ instructions }) => cell(instructions)),
      texts("persona", "Persona", ({ persona }) => cell(optionsText(persona))),
      counts("discussions", "Discussions", ({ count }) => count),
      texts("conditions", "Conditions", ({ conditions }) => conditions),
    ]),
    ...below(rows.map(({ name, conditions, instructions }) => ({
      title: `Instructions of ${name} (${conditions})`,
      text: instructions,
    }))),
  ];
}

export function modelTable({ design }: RunFacts, suffix: Suffix): TableBlock {
  const rows = design.models.values.map(({ value: { setting, conditions }, count }) => ({
    ...setting,
    conditions,
    count,
    isOwn: setting.spec.adapter !== IMPORTED_MODEL.adapter,
  }));
  const { complete } = design.models;
  return limitedTable({ id: `models${suffix}`, title: "Models", complete }, rows, [
    texts("model", "Model", ({ name, isOwn }) => !isOwn && name === UNKNOWN_MODEL ? NOT_KNOWN : name),
    texts("asked_as", "Asked as", ({ as }) => as),
    texts("adapter", "Adapter", ({ spec, isOwn }) => isOwn ? spec.adapter : NOT_KNOWN),
    texts("options", "Options", ({ spec, isOwn }) => isOwn ? cell(optionsText(spec.options)) : NOT_KNOWN),
    texts("sampling", "Sampling", ({ spec, isOwn }) => isOwn ? samplingText(spec) || "defaults" : NOT_KNOWN),
    counts("discussions", "Discussions", ({ count }) => count),
    texts("conditions", "Conditions", ({ conditions }) => conditionsText(conditions, design)),
  ]);
}

/** How replies are sampled, such as `temperature 0.8, at most 200 tokens`. Empty if no setting is given. */
export function samplingText({ sampling: { temperature, topP, maxTokens, stop } }: ModelSpec): string {
  return [
    ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
    ...(topP === undefined ? [] : [`top-p ${topP}`]),
    ...(maxTokens === undefined ? [] : [`at most ${maxTokens} tokens`]),
    ...(stop === undefined ? [] : [`stopped at ${stop.map((text) => JSON.stringify(text)).join(", ")}`]),
  ].join(", ");
}
