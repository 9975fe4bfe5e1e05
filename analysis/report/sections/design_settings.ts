/** The table of what discussions were held by. */
import { ruleText } from "../../fidelity/rule_text.ts";
import type { DistinctValues, Use } from "../../projections/mod.ts";
import { IMPORTED_RULE } from "../../../core/discussion/mod.ts";
import type { Row, TableBlock } from "../document.ts";
import { conditionsText } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { shown } from "./columns.ts";
import { bounded, column, COUNT, NOT_KNOWN, type Suffix } from "./tables.ts";

/** What discussions were held by, and in which conditions. */
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
      title: "How discussions were held",
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
