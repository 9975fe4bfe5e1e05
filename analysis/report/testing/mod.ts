/**
 * Facts of runs for tests.
 *
 * @module
 */
import { FidelityTally } from "../../fidelity/mod.ts";
import { inEnvelopes, QUICK_RULES, type Run } from "../../fidelity/testing/mod.ts";
import { DesignTally, ExecutionTally, StatusTally } from "../../projections/mod.ts";
import { showLog } from "../../projections/testing/mod.ts";
import { ANALYSIS_DEFAULT } from "../../../core/experiment/analysis_design.ts";
import type { Block, Cell, Section, Table } from "../document.ts";
import type { AnalysisFacts, RunFacts } from "../facts.ts";
import { formatCell } from "../numbers.ts";
import assert from "node:assert/strict";

/** The facts of a run whose discussions are called d0, d1 and so on. */
export function runFactsOf(
  run: Run,
  { damaged = {}, ...changes }: Partial<RunFacts> & Readonly<{ damaged?: Readonly<Record<string, string>> }> =
    {},
): RunFacts {
  const [design, status, execution] = [
    new DesignTally(),
    new StatusTally(() => undefined),
    new ExecutionTally(),
  ];
  const against = {
    rules: QUICK_RULES,
    declaration: undefined,
    source: "the designs in the logs",
    record: null,
  };
  const fidelity = new FidelityTally(against);
  for (const [nth, events] of run.entries()) {
    const discussion = `d${nth}`;
    showLog([design, status, execution, fidelity], {
      discussion,
      envelopes: inEnvelopes(discussion, events),
      damage: damaged[discussion] ?? null,
    });
  }
  return {
    run: "pilot",
    createdAt: "2026-01-01T00:00:00.000Z",
    experiment: { name: "test", file: "exp.yaml", sha256: "a".repeat(64), text: "name: test\n" },
    seed: "42",
    planned: { discussions: run.length, conditions: 1, replications: run.length },
    levels: {},
    matched: true,
    drawnFrom: null,
    versions: { syndisco: "0.1.0" },
    sources: null,
    analysis: null,
    design: design.facts(),
    status: status.status(),
    execution: execution.facts(),
    fidelity: fidelity.found(),
    ...changes,
  };
}

/** An analysis without a declaration, with some changes. */
export function analysisWith(changes: Partial<AnalysisFacts> = {}): AnalysisFacts {
  return {
    design: ANALYSIS_DEFAULT,
    source: { from: "nowhere" },
    outcomes: [],
    family: 0,
    discussions: 1,
    resamples: null,
    ...changes,
  };
}

/** All that a section says, as lines: cells of a row are joined by bars. */
export function linesOf({ blocks }: Section): readonly string[] {
  return blocks.flatMap(linesOfBlock);
}

function linesOfBlock(block: Block): readonly string[] {
  switch (block.kind) {
    case "heading":
      return [block.title];
    case "paragraph":
      return [block.text];
    case "list":
      return block.items;
    case "facts":
      return block.entries.map(({ term, value }) => `${term}: ${value}`);
    case "callout":
      return [`${block.tone}: ${block.title}: ${block.text}`];
    case "source":
      return [`${block.title}: ${block.text}`];
    case "table":
    case "figure": {
      const { rows, columns } = block.table;
      return rows.map(({ cells }) =>
        cells.map((cell, at) => formatCell(cell, columns[at]!.format)).join(" | ")
      );
    }
    case "transcript":
      return [block.title, block.text];
    default:
      return block satisfies never;
  }
}

/** All tables of a section, also the tables of its figures. */
export function tablesOf({ blocks }: Section): Table[] {
  return blocks.flatMap((block) => block.kind === "table" || block.kind === "figure" ? [block.table] : []);
}

/** The rows of one of a section's tables, as cells by the keys of their columns. */
export function rowsOf(section: Section, id: string): Record<string, Cell>[] {
  const table = tablesOf(section).find((one) => one.id === id);
  assert.ok(table, `there is no table "${id}" among ${tablesOf(section).map((one) => one.id)}`);
  return keyed(table);
}

/** The rows of a table, as cells by the keys of their columns. */
export function keyed({ columns, rows }: Table): Record<string, Cell>[] {
  return rows.map(({ cells }) => Object.fromEntries(columns.map(({ key }, column) => [key, cells[column]!])));
}

/**
 * Discussions for tests of sections, as they are observed.
 *
 * @module
 */
export { type Annotated, observed, type Sketch } from "./observed.ts";
