/** The logs of a run as the viewer's thread knows them. */
import type { LogEnd } from "../../../core/events/mod.ts";
import {
  type DiscussionRow,
  type ListedLog,
  type RunOverview,
  runOverview,
  waitingRow,
  withEnd,
} from "../../../analysis/listing/mod.ts";
import type { IndexedRun } from "./messages.ts";
import { type PackedDesign, type PackedFigures, unpackLog } from "./packed_log.ts";
import type { PlanFacts } from "./run_plan.ts";

/** A log: its number in the index, and its figures; `null` before it was read. */
type Entry = { id: number | null; listed: ListedLog | null; row: DiscussionRow };

/** Keeps the figures of the logs of one run. */
export class IndexedLogs {
  readonly run: IndexedRun;
  /** The file of the index; `null` if it is in memory. */
  path: string | null = null;
  /** Why the index is in memory; `null` if it is in a file. */
  note: string | null = null;
  isOpen = false;
  /**
   * The number of logs that were read, and the number of all logs. Before logs are listed, `of` is the
   * planned number.
   */
  done = 0;
  of = 0;
  plan: PlanFacts = { discussions: null, conditions: [], replications: 0 };
  /** The ends that the run's log records, by discussion. */
  ends: ReadonlyMap<string, LogEnd> = new Map();
  readonly #entries = new Map<string, Entry>();
  readonly #designs = new Map<number, PackedDesign>();

  /** Starts without logs. */
  constructor(run: IndexedRun) {
    this.run = run;
  }

  /** The rows of all logs, in no order. */
  *rows(): Generator<DiscussionRow> {
    for (const entry of this.#entries.values()) yield this.#rowOf(entry);
  }

  /**
   * Forgets the numbers of logs and designs. Call it when the index is opened or made again, which changes
   * the numbers.
   */
  forgetNumbers(): void {
    this.#designs.clear();
    for (const entry of this.#entries.values()) entry.id = null;
  }

  /** Adds logs by their names. */
  list(streams: readonly string[]): void {
    for (const stream of streams) {
      if (this.#entries.has(stream)) continue;
      this.#entries.set(stream, { id: null, listed: null, row: waitingRow(this.run.name, stream) });
    }
  }

  /** Forgets logs that have gone. */
  remove(streams: readonly string[]): void {
    for (const stream of streams) this.#entries.delete(stream);
  }

  /** Adds designs from a JSON list of `[number, design]`. */
  addDesigns(json: string): void {
    for (const [id, design] of JSON.parse(json)) this.#designs.set(id, design);
  }

  /** Adds logs from a JSON list of `[number, stream, number of the design, figures]`. */
  addLogs(json: string): void {
    const logs: readonly [number, string, number, PackedFigures][] = JSON.parse(json);
    for (const [id, discussion, design, figures] of logs) {
      const listed = unpackLog({ run: this.run.name, discussion }, this.#designs.get(design)!, figures);
      this.#entries.set(discussion, { id, listed, row: listed.row });
    }
  }

  /** The names of the conditions: the conditions of the plan in its order, then all others. */
  conditions(): readonly string[] {
    const found = new Set(this.plan.conditions);
    for (const { row: { condition } } of this.#entries.values()) if (condition !== "") found.add(condition);
    return [...found];
  }

  /** Indexed by the numbers of logs: 1 if the log's row passes, otherwise 0. */
  allowed(passes: (row: DiscussionRow) => boolean): Uint8Array {
    let last = 0;
    for (const { id } of this.#entries.values()) last = Math.max(last, id ?? 0);
    const allowed = new Uint8Array(last + 1);
    for (const entry of this.#entries.values()) {
      if (entry.id !== null && passes(this.#rowOf(entry))) allowed[entry.id] = 1;
    }
    return allowed;
  }

  /** Sums up the logs. While logs are still being read, the time left is not known. */
  overview(): RunOverview {
    const overview = runOverview(this.#listed(), { ...this.plan, run: this.run.name, paused: new Map() });
    return this.done < this.of || this.of === 0 ? { ...overview, secondsLeft: null } : overview;
  }

  *#listed(): Generator<ListedLog> {
    for (const { listed } of this.#entries.values()) if (listed !== null) yield this.#checked(listed);
  }

  #rowOf({ listed, row }: Entry): DiscussionRow {
    return listed === null ? row : this.#checked(listed).row;
  }

  /**
   * Adds the recorded end to a log's figures. While logs are still being read, figures can be older, so no
   * end is added.
   */
  #checked(listed: ListedLog): ListedLog {
    const end = this.done < this.of ? undefined : this.ends.get(listed.row.discussion);
    return end === undefined ? listed : withEnd(listed, end);
  }
}
