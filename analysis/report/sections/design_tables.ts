/** The tables of the design section. */
import { type ModelSpec, optionsText, ruleText } from "../../../core/events/mod.ts";
import type { DistinctValues, ModelUse, RoleUse, Use } from "../../projections/mod.ts";
import { IMPORTED_MODEL, IMPORTED_RULE, UNKNOWN_MODEL } from "../../../core/discussion/mod.ts";
import type { Block, Row, TableBlock } from "../document.ts";
import { conditionsInOrder, conditionsText, factorsOf } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { below, bounded, cell, column, COUNT, NOT_KNOWN, SHARE, shown, type Suffix } from "../tables.ts";

/** The settings of discussions, and the conditions that used them. */
export function settingsTable({ design }: RunFacts, suffix: Suffix): TableBlock {
  const imported = design.imported !== null;
  const rowsOf = <T>(setting: string, uses: DistinctValues<Use<T>>, textOf: (value: T) => string): Row[] =>
    merged(uses, textOf).map(([text, count, conditions], _, rows) => ({
      cells: [
        setting,
        text,
        count,
        isDrawn(rows.map(([, , found]) => found))
          ? "differs within conditions"
          : conditionsText(conditions, design),
      ],
    }));
  const { participants, turns, openings, history, turnTaking, passWords, prompts } = design;
  const rows = [
    ...rowsOf("Participants", participants, String),
    ...rowsOf("Turns", turns, String),
    ...rowsOf("Opening comments", openings, String),
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
  ];
  const complete = [participants, turns, openings, history, turnTaking, passWords, prompts]
    .every((uses) => uses.complete);
  return shown(
    bounded({
      id: `settings${suffix}`,
      title: "Settings of the discussions",
      note: "",
      columns: [
        column("setting", "Setting"),
        column("value", "Value"),
        column("discussions", "Discussions", COUNT),
        column("conditions", "Conditions"),
      ],
      rows,
    }, complete),
  );
}

/** How many comments a prompt shows. */
function historyText(history: number | null, imported: boolean): string {
  if (history === null) return "all";
  // A file that does not say it is imported with none.
  return imported && history === 0 ? NOT_KNOWN : `the last ${history}`;
}

/** Values that read alike are one row: two versions of prompts can have one layout. */
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

/** Numbers in their own order, anything else as it was found. */
function inOrder<T>({ values }: DistinctValues<Use<T>>): DistinctValues<Use<T>>["values"] {
  return values.toSorted(({ value: { setting: one } }, { value: { setting: other } }) =>
    typeof one === "number" && typeof other === "number" ? one - other : 0
  );
}

/** Whether it is not the condition that decides among values: some condition has several. */
export function isDrawn(found: readonly DistinctValues<string>[]): boolean {
  const labels = found.flatMap(({ values }) => values.map(({ value }) => value));
  return new Set(labels).size < labels.length;
}

/** The conditions, with their factors. */
export function conditionTable(run: RunFacts, suffix: Suffix): TableBlock {
  const { design: { conditions: { values, complete } }, planned } = run;
  const factors = [...factorsOf([run]).keys()];
  return shown({
    id: `conditions${suffix}`,
    title: "Conditions",
    note: complete ? "" : `The first ${values.length} conditions; there are more.`,
    columns: [
      column("condition", "Condition"),
      ...factors.map((factor, at) => column(`factor_${at + 1}`, factor)),
      ...(planned === null ? [] : [column("planned", "Planned", COUNT)]),
      column("begun", planned === null ? "Imported" : "Begun", COUNT),
    ],
    rows: conditionsInOrder(run).map(({ condition: { label, factors: levels }, count }) => ({
      cells: [
        label,
        ...factors.map((factor) => levels[factor] ?? ""),
        ...(planned === null ? [] : [planned.replications]),
        count,
      ],
    })),
  });
}

/** Roles and how many participants had them, with long instructions below; nothing without roles. */
export function roleBlocks({ design, drawnFrom }: RunFacts, suffix: Suffix): readonly Block[] {
  const { roles, places } = design;
  const declared = drawnFrom?.roles ?? [];
  // A declared role stays in the table even if no participant drew it.
  const undrawn = declared.filter((role) => !roles.values.some(({ value }) => isSame(value.setting, role)));
  if (roles.values.length + undrawn.length === 0) return [];
  const row = (role: RoleUse, holders: number): Row => {
    const rules = declared.filter((other) => isSame(role, other)).map(ruleOfRole);
    const known = drawnFrom === null ? NOT_KNOWN : rules.join("; ");
    return {
      cells: [role.name, known, holders, places === 0 ? null : holders / places, cell(role.instructions)],
    };
  };
  const all = [...roles.values.map(({ value }) => value.setting), ...undrawn];
  const table = shown(
    bounded({
      id: `roles${suffix}`,
      title: "Roles",
      note: "Shares of all participants in the discussions that began.",
      columns: [
        column("role", "Role"),
        column("declared", "Declared"),
        column("holders", "Holders", COUNT),
        column("share", "Share", SHARE),
        column("instructions", "Instructions"),
      ],
      rows: [
        ...roles.values.map(({ value, count }) => row(value.setting, count)),
        ...undrawn.map((role) => row(role, 0)),
      ],
    }, roles.complete),
  );
  const texts = all.map(({ name, instructions }) => ({
    title: `Instructions of the role ${name}`,
    text: instructions,
  }));
  return [table, ...below(texts)];
}

function isSame(one: RoleUse, other: RoleUse): boolean {
  return one.name === other.name && one.instructions === other.instructions;
}

/** How a role is given out. */
export function ruleOfRole(role: NonNullable<RunFacts["drawnFrom"]>["roles"][number]): string {
  return "count" in role
    ? `${role.count} of the participants of a discussion`
    : `each participant with probability ${role.probability}`;
}

/** Moderators, with long instructions below; nothing without moderators. */
export function moderatorBlocks({ design }: RunFacts, suffix: Suffix): readonly Block[] {
  const rows = design.moderators.values.flatMap(({ value: { setting, conditions }, count }) => {
    if (setting === null) return [];
    const { name, model, schedule, persona, instructions } = setting;
    const scheduled = schedule.name === IMPORTED_RULE.name ? NOT_KNOWN : ruleText(schedule);
    const cells = [name, model, scheduled, cell(instructions), cell(optionsText(persona)), count];
    return [{ cells: [...cells, conditionsText(conditions, design)] }];
  });
  if (rows.length === 0) return [];
  const texts = design.moderators.values.flatMap(({ value: { setting, conditions } }) =>
    setting === null ? [] : [{
      title: `Instructions of ${setting.name} (${conditionsText(conditions, design)})`,
      text: setting.instructions,
    }]
  );
  const table = shown(
    bounded({
      id: `moderators${suffix}`,
      title: "Moderators",
      note: "",
      columns: [
        column("moderator", "Moderator"),
        column("model", "Model"),
        column("schedule", "Asked"),
        column("instructions", "Instructions"),
        column("persona", "Persona"),
        column("discussions", "Discussions", COUNT),
        column("conditions", "Conditions"),
      ],
      rows,
    }, design.moderators.complete),
  );
  return [table, ...below(texts)];
}

/** Models, with what was asked of them. */
export function modelTable({ design }: RunFacts, suffix: Suffix): TableBlock {
  return shown(
    bounded({
      id: `models${suffix}`,
      title: "Models",
      note: "",
      columns: [
        column("model", "Model"),
        column("asked_as", "Asked as"),
        column("adapter", "Adapter"),
        column("options", "Options"),
        column("sampling", "Sampling"),
        column("discussions", "Discussions", COUNT),
        column("conditions", "Conditions"),
      ],
      rows: design.models.values.map(({ value: { setting, conditions }, count }) => ({
        cells: [...modelCells(setting), count, conditionsText(conditions, design)],
      })),
    }, design.models.complete),
  );
}

function modelCells({ name, spec, as }: ModelUse): string[] {
  const { adapter, options } = spec;
  if (adapter === IMPORTED_MODEL.adapter) {
    return [name === UNKNOWN_MODEL ? NOT_KNOWN : name, as, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN];
  }
  return [name, as, adapter, cell(optionsText(options)), samplingText(spec) || "defaults"];
}

/** How replies are drawn: `temperature 0.8, at most 200 tokens`; empty where nothing is said. */
export function samplingText({ sampling: { temperature, topP, maxTokens, stop } }: ModelSpec): string {
  return [
    ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
    ...(topP === undefined ? [] : [`top-p ${topP}`]),
    ...(maxTokens === undefined ? [] : [`at most ${maxTokens} tokens`]),
    ...(stop === undefined ? [] : [`stopped at ${stop.map((text) => JSON.stringify(text)).join(", ")}`]),
  ].join(", ");
}
