/**
 * Makes facts of runs, and observations of sketched discussions, for tests.
 *
 * @module
 */
import { CHANCE_TESTS, FidelityTally } from "../../fidelity/mod.ts";
import { inEnvelopes, QUICK_RULES, type Run } from "../../fidelity/testing/mod.ts";
import { DesignTally, ExecutionTally, slotsOf, StatusTally } from "../../projections/mod.ts";
import { showLog } from "../../projections/testing/mod.ts";
import { ANALYSIS_DEFAULT } from "../../../core/experiment/analysis_design.ts";
import type { Block, Cell, LongTable, Section, Table } from "../document.ts";
import type { AnalysisFacts, RunFacts } from "../facts.ts";
import { formatCell } from "../numbers.ts";
import assert from "node:assert/strict";
import { measureTexts } from "../../texts/text_measures.ts";
import { type Observation, observe } from "../../outcomes/mod.ts";
import type { Scale, ScaleValue } from "../../../core/annotation/scales/mod.ts";
import type { DiscussionEvent } from "../../../core/events/mod.ts";
import {
  abstained,
  designWith,
  intervened,
  moderatorWith,
  participantsNamed,
  passWith,
  seedPosted,
  turnPassed,
  turnTaken,
} from "../../../core/testing/mod.ts";

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
    looks: null,
    design: design.facts(),
    status: status.status(),
    execution: execution.facts(),
    fidelity: fidelity.found(CHANCE_TESTS),
    ...changes,
  };
}

export function analysisWith(changes: Partial<AnalysisFacts> = {}): AnalysisFacts {
  return {
    design: ANALYSIS_DEFAULT,
    source: { from: "nowhere" },
    outcomes: [],
    family: 0,
    sampleChanged: 0,
    looks: new Map(),
    discussions: 1,
    resamples: [],
    ...changes,
  };
}

/** All texts of a section as lines. Bars separate the cells of a row. */
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

export function tablesOf({ blocks }: Section): Table[] {
  return blocks.flatMap((block) => block.kind === "table" || block.kind === "figure" ? [block.table] : []);
}

/** The rows of a table in a section. Each row is a record: column key → cell. */
export function rowsOf(section: Section, id: string): Record<string, Cell>[] {
  const table = tablesOf(section).find((one) => one.id === id);
  assert.ok(table, `there is no table "${id}" among ${tablesOf(section).map((one) => one.id)}`);
  return keyed(table);
}

export function keyed({ columns, rows }: LongTable): Record<string, Cell>[] {
  return [...rows].map(({ cells }) =>
    Object.fromEntries(columns.map(({ key }, column) => [key, cells[column]!]))
  );
}

/** The annotations on a scale: annotator → turn → value; `null` without a value. */
export type Annotated = Readonly<
  { pass: string; scale: Scale; annotators: readonly (readonly (ScaleValue | null)[])[] }
>;

export type Sketch = Readonly<{
  id: string;
  run?: string;
  factors?: Readonly<Record<string, string>>;
  /** The comment of each turn; `null` for silence. The participants speak in a fixed order. */
  turns: readonly (string | null)[];
  /** The moderator's comment after each turn, if there is a moderator; `null` for silence. */
  moderator?: readonly (string | null)[];
  role?: string;
  end?: Observation["end"];
  annotated?: readonly Annotated[];
}>;

/** Observes a sketched discussion of Ann, Bob and Cem, opened by Ann. */
export async function observed(sketch: Sketch): Promise<Observation> {
  const { id, run = "first", factors = {}, turns, moderator, role, end = "completed", annotated = [] } =
    sketch;
  const participants = participantsNamed("Ann", "Bob", "Cem").map((participant, place) =>
    place > 0 || role === undefined ? participant : { ...participant, role: { name: role, instructions: "" } }
  );
  const condition = Object.values(factors).join("+") || "base";
  const events: DiscussionEvent[] = [{
    type: "DiscussionOpened",
    data: designWith({
      id,
      condition,
      factors,
      participants,
      turns: turns.length,
      moderator: moderator ? moderatorWith() : null,
    }),
  }];
  const places: Readonly<{ comment: number | null; position: number }>[] = [];
  let [comment, position] = [0, 0];
  events.push(seedPosted(comment++, "Ann", "Should buses run at night?"));
  position++;
  for (const [turn, text] of turns.entries()) {
    const participant = participants[turn % 3]!.name;
    places.push({ comment: text === null ? null : comment, position: position++ });
    events.push(
      text === null
        ? turnPassed(turn, participant)
        : turnTaken({ turn, comment: comment++, participant, text }),
    );
    const said = moderator?.[turn];
    if (said === undefined) continue;
    position++;
    events.push(said === null ? abstained(turn) : intervened(turn, comment++, said));
  }
  const counts = { turns: turns.length, comments: comment };
  if (end === "completed") events.push({ type: "DiscussionCompleted", data: { reason: "turns", ...counts } });
  if (end === "aborted") events.push({ type: "DiscussionAborted", data: { reason: "stopped", ...counts } });
  for (const one of annotated) events.push(...judgements(one, places));
  return await observe(run, slotsOf(events), (texts) => Promise.resolve(measureTexts(texts)));
}

function* judgements(
  { pass, scale, annotators }: Annotated,
  places: readonly Readonly<{ comment: number | null; position: number }>[],
): Generator<DiscussionEvent> {
  const names = annotators.map((_, place) => `annotator ${place + 1}`);
  yield {
    type: "AnnotationPassStarted",
    data: passWith({
      pass,
      codebook: { version: "1", hash: "c".repeat(64), scales: [scale] },
      annotators: names.map((name) => ({ name, persona: {}, instructions: "" })),
      targets: { of: "participants" },
    }),
  };
  for (const [place, values] of annotators.entries()) {
    for (const [turn, value] of values.entries()) {
      const slot = places[turn];
      if (slot === undefined || value === null) continue;
      const { comment, position } = slot;
      const said = { pass, annotator: names[place]!, values: { [scale.name]: value } };
      yield comment === null
        ? { type: "SilenceAnnotated", data: { ...said, position } }
        : { type: "CommentAnnotated", data: { ...said, comment } };
    }
  }
}
