/** Writes the figures of a log as short texts. Most discussions of a run share the text of their design. */
import type { DiscussionRow, ListedLog } from "../../../analysis/listing/mod.ts";
import type { ConditionStatus } from "../../../analysis/projections/mod.ts";

/** The figures of a log, as JSON texts. */
export type PackedLog = Readonly<{ design: string; figures: string }>;

type Row<Key extends keyof DiscussionRow> = DiscussionRow[Key];
type Status = ListedLog["status"];

/** The members of a row that follow from the design. */
export type PackedDesign = readonly [
  condition: string,
  factors: Row<"factors">,
  speakers: Row<"speakers">,
  roles: Row<"roles">,
  models: Row<"models">,
  plannedTurns: number,
];

/** All other figures. */
export type PackedFigures = readonly [
  row: readonly [
    status: Row<"status">,
    replicate: number,
    origin: Row<"origin">,
    turns: number,
    comments: number,
    interventions: number,
    silent: number,
    silences: Row<"silences">,
    cut: number,
    unparsed: number,
    failures: Row<"failures">,
    disagreement: number | null,
    promptTokens: number,
    completionTokens: number,
    openedAt: string | null,
    lastAt: string | null,
    events: number,
    hash: string | null,
  ],
  damage: string | null,
  isOpened: boolean,
  counts: readonly number[],
  models: Status["models"],
  passes: Status["passes"],
  /** The time of the first turn, and then the time from each turn to the next, in seconds. */
  times: readonly number[],
];

/** Packs the figures of a log. */
export function packLog(
  { row, status: { damage, condition, counts, models, passes }, turnsAt }: ListedLog,
): PackedLog {
  const times = turnsAt.map((time, at) => at === 0 ? time : time - turnsAt[at - 1]!);
  const design: PackedDesign = [
    row.condition,
    row.factors,
    row.speakers,
    row.roles,
    row.models,
    row.plannedTurns,
  ];
  const figures: PackedFigures = [
    [
      row.status,
      row.replicate,
      row.origin,
      row.turns,
      row.comments,
      row.interventions,
      row.silent,
      row.silences,
      row.cut,
      row.unparsed,
      row.failures,
      row.disagreement,
      row.promptTokens,
      row.completionTokens,
      row.openedAt,
      row.lastAt,
      row.events,
      row.hash,
    ],
    damage,
    condition !== null,
    packCounts(counts),
    models,
    passes,
    times,
  ];
  return { design: JSON.stringify(design), figures: JSON.stringify(figures) };
}

/**
 * Unpacks the figures of a log. The code names each member, because a loop over the names takes several times
 * as long, and a run can have 100,000 logs.
 *
 * @param design Rows that get the same object share its parts.
 */
export function unpackLog(
  { run, discussion }: Readonly<{ run: string; discussion: string }>,
  [condition, factors, speakers, roles, models, plannedTurns]: PackedDesign,
  [values, damage, isOpened, counts, usedModels, passes, times]: PackedFigures,
): ListedLog {
  const [status, replicate, origin, turns, comments, interventions, silent, silences, ...rest] = values;
  const [cut, unparsed, failures, disagreement, promptTokens, completionTokens, openedAt, ...last] = rest;
  const [lastAt, events, hash] = last;
  let time = 0;
  return {
    row: {
      run,
      discussion,
      status,
      condition,
      factors,
      replicate,
      origin,
      speakers,
      roles,
      models,
      turns,
      plannedTurns,
      comments,
      interventions,
      silent,
      silences,
      cut,
      unparsed,
      failures,
      disagreement,
      promptTokens,
      completionTokens,
      openedAt,
      lastAt,
      events,
      hash,
    },
    status: {
      discussion,
      damage,
      condition: isOpened ? condition : null,
      counts: unpackCounts(counts),
      models: usedModels,
      passes,
      failures: Object.entries(failures),
      lastAt,
    },
    turnsAt: times.map((difference) => time += difference),
  };
}

type Counts = Readonly<ConditionStatus>;

function packCounts(counts: Counts): readonly number[] {
  const { completed, aborted, half, failed, turns, silent, cutBeforeText, interventions } = counts;
  return [completed, aborted, half, failed, turns, silent, cutBeforeText, interventions];
}

function unpackCounts(counts: readonly number[]): Counts {
  const [completed, aborted, half, failed, turns, silent, cutBeforeText, interventions] = counts as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { completed, aborted, half, failed, turns, silent, cutBeforeText, interventions };
}
