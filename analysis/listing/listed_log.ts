/** Makes the row of a discussion from its log, and the other figures that the overview needs. */
import type { LogEnd } from "../../core/events/mod.ts";
import {
  countReply,
  type DiscussionSlots,
  isCut,
  type LogStatus,
  logStatus,
  type PriceLookUp,
  type ReadLog,
  repliesOf,
  type ReplyCounts,
} from "../projections/mod.ts";
import { largestDisagreement } from "./largest_disagreement.ts";
import type { DiscussionRow, RowStatus } from "./row.ts";

/** The figures of one log in the list and in the overview: plain data, which can be stored. */
export type ListedLog = Readonly<{
  row: DiscussionRow;
  status: LogStatus;
  /** The times of the last turns, at most {@linkcode TURN_TIMES_MAX}: in seconds since 1970, oldest first. */
  turnsAt: readonly number[];
}>;

/** The times of at most this many turns of a log are kept. They are enough to measure the pace of a run. */
export const TURN_TIMES_MAX = 1_000;

/** The pace of a run is measured over this many seconds before its latest event. */
export const PACE_S = 3_600;

/** Facts about a log that its events do not contain. */
export type LogFacts = Readonly<{
  /** The run's name among the runs that are open. */
  run: string;
  /** How many events the log has, and the hash of the last one. */
  events: number;
  hash: string | null;
  pricesFor: PriceLookUp;
}>;

/**
 * Makes the row of a log, and its figures for the overview.
 *
 * @throws {RangeError} If the discussion's design has the wrong shape.
 */
export function listLog(log: ReadLog, { run, events, hash, pricesFor }: LogFacts): ListedLog {
  const { discussion, damage, slots } = log;
  const status = logStatus(log, pricesFor);
  const empty = { ...waitingRow(run, discussion), events, hash };
  if (slots === null) {
    return { row: damage === null ? empty : { ...empty, status: "damaged" }, status, turnsAt: [] };
  }
  const row = { ...empty, ...designOf(slots), ...countsOf(slots, status), status: statusOf(log) };
  checkRow(row);
  return { row, status, turnsAt: turnTimes(slots) };
}

/** Says that a log is too short. */
export function tooShort(events: number, [recorded]: LogEnd): string {
  return `The log is shorter than the run's log records: it has ${events} of ${recorded} events`;
}

/** Marks the log as damaged if it has fewer events than the run's log records. */
export function withEnd(listed: ListedLog, end: LogEnd): ListedLog {
  const { row, status } = listed;
  if (status.damage !== null || row.events >= end[0]) return listed;
  const damage = tooShort(row.events, end);
  return { ...listed, row: { ...row, status: "damaged" }, status: { ...status, damage } };
}

/** The row of a discussion whose log was not read yet. */
export function waitingRow(run: string, discussion: string): DiscussionRow {
  return {
    run,
    discussion,
    status: "waiting",
    condition: "",
    factors: {},
    replicate: 0,
    origin: null,
    speakers: [],
    roles: [],
    models: [],
    turns: 0,
    plannedTurns: 0,
    comments: 0,
    interventions: 0,
    silent: 0,
    silences: {},
    cut: 0,
    unparsed: 0,
    failures: {},
    disagreement: null,
    promptTokens: 0,
    completionTokens: 0,
    openedAt: null,
    lastAt: null,
    events: 0,
    hash: null,
  };
}

function statusOf({ damage, slots }: ReadLog): RowStatus {
  if (damage !== null) return "damaged";
  if (slots === null) return "waiting";
  return slots.ending?.end ?? (slots.endsInFailure ? "failed" : "in flight");
}

function designOf({ design, passes }: DiscussionSlots) {
  const { condition, factors, replicate, participants, moderator, turns, forkedFrom } = design;
  const annotators = [...passes.values()].flatMap(({ design }) =>
    design.annotators.flatMap(({ model }) => model ?? [])
  );
  const models = [
    ...participants.map(({ model }) => model),
    ...moderator === null ? [] : [moderator.model],
    ...annotators,
  ];
  return {
    condition,
    factors,
    replicate,
    origin: forkedFrom === undefined
      ? null
      : { run: forkedFrom.run ?? null, discussion: forkedFrom.stream, seq: forkedFrom.seq },
    speakers: participants.map(({ name }) => name),
    roles: [...new Set(participants.flatMap(({ role }) => role?.name ?? []))],
    models: [...new Set(models)],
    plannedTurns: turns,
  };
}

function countsOf(content: DiscussionSlots, { counts, models, passes, failures }: LogStatus) {
  const { slots, comments, openedAt = null, lastAt = null } = content;
  const silences = new Map<string, number>();
  for (const slot of slots) {
    const { by, silence, isPast } = slot;
    if (by !== "participant" || isPast || silence === null || isCut(slot)) continue;
    silences.set(silence, (silences.get(silence) ?? 0) + 1);
  }
  return {
    turns: slots.filter(({ by }) => by === "participant").length,
    comments: comments.length,
    interventions: counts.interventions,
    silent: counts.silent,
    silences: Object.fromEntries(silences),
    cut: cutReplies(content),
    unparsed: passes.reduce((sum, [, { unread }]) => sum + unread, 0),
    failures: Object.fromEntries(failures),
    disagreement: largestDisagreement(content),
    promptTokens: models.reduce((sum, [, { promptTokens }]) => sum + promptTokens, 0),
    completionTokens: models.reduce((sum, [, { completionTokens }]) => sum + completionTokens, 0),
    openedAt,
    lastAt,
  };
}

function cutReplies(content: DiscussionSlots): number {
  const replies = new Map<string, ReplyCounts>();
  for (const { pass, entry } of repliesOf(content)) if (pass === null) countReply(replies, entry);
  return [...replies.values()].reduce((sum, { cut }) => sum + cut, 0);
}

function turnTimes({ slots, lastAt }: DiscussionSlots): readonly number[] {
  const from = seconds(lastAt) - PACE_S;
  const times = slots.filter(({ by, isPast }) => by === "participant" && !isPast).map(({ at }) =>
    seconds(at)
  );
  return times.filter((time) => time > from).slice(-TURN_TIMES_MAX);
}

function seconds(at: string | undefined): number {
  return Math.floor(Date.parse(at ?? "") / 1000);
}

/**
 * Checks the shape of a row: reading a log does not check its events, and a row of a wrong shape would break
 * the list.
 */
function checkRow(
  { condition, factors, replicate, speakers, roles, models, turns, plannedTurns }: DiscussionRow,
): void {
  const texts = [condition, ...Object.values(factors), ...speakers, ...roles, ...models];
  if (
    texts.every((text) => typeof text === "string") &&
    [replicate, turns, plannedTurns].every(Number.isSafeInteger)
  ) {
    return;
  }
  throw new RangeError("Cannot list the discussion: its design has the wrong shape");
}
