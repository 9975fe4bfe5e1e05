/** Tables of how discussions were designed. */
import { optionsText, ruleText } from "../../fidelity/rule_text.ts";
import type { ModelUse, RoleUse } from "../../projections/mod.ts";
import { type ModelSpec } from "../../../core/events/mod.ts";
import { IMPORTED_MODEL, IMPORTED_RULE, UNKNOWN_MODEL } from "../../../core/discussion/mod.ts";
import type { Block, Row, TableBlock } from "../document.ts";
import { conditionsInOrder, conditionsText } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { factorsOf } from "../factors.ts";
import { shown } from "./columns.ts";
import { below, bounded, cell, column, COUNT, NOT_KNOWN, SHARE, type Suffix } from "./tables.ts";

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

/** Roles, and how many had them, with long instructions below; nothing where nobody had one. */
export function roleBlocks({ design, drawnFrom }: RunFacts, suffix: Suffix): readonly Block[] {
  const { roles, places } = design;
  const declared = drawnFrom?.roles ?? [];
  // A role that happened to be drawn nowhere was declared all the same.
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
      note: "Shares are of all places of participants in the discussions that were begun.",
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

/** Moderators, with long instructions below; nothing where there was none. */
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
  return [name, as, adapter, cell(optionsText(options)), samplingText(spec) || "nothing said"];
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
