/** Writes the page of runs as files that need no server. */
import { join } from "node:path";
import { priceLookUp } from "../../adapters/local/price_look_up.ts";
import { readPrices } from "../../adapters/local/run_prices.ts";
import { PrivateWords } from "../../adapters/stores/archive/private_words.ts";
import { runAt } from "../../adapters/stores/mod.ts";
import { API_VERSION, type Content, type LookAnswer, type RunFacts } from "../../adapters/viewer/api.ts";
import {
  type ExportedIndex,
  type ExportedLog,
  type ExportedPart,
  partAddress,
} from "../../adapters/viewer/export/exported.ts";
import { leaveOut } from "../../adapters/viewer/export/leave_out.ts";
import { EXPORTED_HTML, indexScript, partScript } from "../../adapters/viewer/export/script_text.ts";
import { damageOf, listState } from "../../adapters/viewer/index/read_log.ts";
import { planOf } from "../../adapters/viewer/index/run_plan.ts";
import { BUNDLES } from "../../adapters/viewer/server/page_files.ts";
import {
  compareRows,
  type DiscussionRow,
  type ListedLog,
  rowFilter,
  type RowFilters,
  runOverview,
  withEnd,
} from "../../analysis/listing/mod.ts";
import { analysisKey, columnsOf, type RunOutcomes } from "../../analysis/outcomes/mod.ts";
import { evolve, initialState } from "../../analysis/projections/slots.ts";
import type { AnnotationDesign, Envelope, LogEnd } from "../../core/events/mod.ts";
import { ANALYSIS_DEFAULT } from "../../core/experiment/mod.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import { headOf, logEndsOf } from "../../core/run_log/mod.ts";
import { VERSION } from "../../core/version.ts";
import type { RunLogs } from "../shared/logs.ts";
import { recordLook } from "../shared/looks.ts";
import { UsageError } from "../shared/program.ts";
import { Cleaner } from "./clean_texts.ts";
import { readOutcomes } from "./read_outcomes.ts";
import { renamedPaths } from "./renamed_paths.ts";

/** At most this many discussions can be exported. A page with more discussions takes too long to open. */
export const DISCUSSIONS_MAX = 5_000;

/** A data file has about this many characters. */
const PART_CHARS = 2_000_000;

/** What to export. */
export type ExportOptions = Readonly<{
  leftOut: ReadonlySet<Content>;
  filters: RowFilters;
  /** Names of discussions; `null` for all. */
  only: ReadonlySet<string> | null;
  words: PrivateWords;
  /** Gets each reason why a look could not be recorded. */
  unrecorded: (problem: string) => void;
}>;

/** What was written. */
export type Written = Readonly<{
  syndisco: string;
  written: Readonly<{ discussions: number; dataFiles: number }>;
  leftOut: readonly Content[];
  replaced: number;
}>;

/** Writes the files of a page into an empty folder. It throws a `UsageError` if no discussion is chosen, or too many are. */
export async function exportPage(
  runs: ReadonlyMap<string, RunLogs>,
  folder: string,
  options: ExportOptions,
): Promise<Written> {
  const { leftOut } = options;
  const hidesWords = leftOut.has("private-words");
  const renamed = hidesWords ? await renamedPaths(runs.values(), options.words) : undefined;
  const clean = new Cleaner(hidesWords ? options.words : null, renamed);
  const parts = new Parts(folder);
  const found: Found[] = [];
  const facts: RunFacts[] = [];
  const overviews: ExportedIndex["overview"]["runs"][number][] = [];
  const outcomeFiles: number[] = [];
  const raters = new Map<string, string>();
  const raterName = (name: string) => {
    if (!leftOut.has("rater-names")) return name;
    if (!raters.has(name)) raters.set(name, `rater ${raters.size + 1}`);
    return raters.get(name)!;
  };
  const absent = new Set(options.only);
  for (const [name, logs] of runs) {
    const all: ListedLog[] = [];
    const chosen = new Set<string>();
    const passes = rowFilter(options.filters);
    for await (const { listed, events } of readListed(name, logs)) {
      all.push(listed);
      for (const event of events) {
        if (event.type !== "AnnotationPassStarted") continue;
        for (const one of (event.data as AnnotationDesign).annotators) raterName(one.name);
      }
      const { row } = listed;
      absent.delete(row.discussion);
      if (!passes(row) || (options.only !== null && !options.only.has(row.discussion))) continue;
      chosen.add(row.discussion);
      if (found.length >= DISCUSSIONS_MAX) throw tooMany();
      const kept = events.flatMap((event) => leaveOut(event, { leftOut, raterName }) ?? []);
      const shown = clean.deep(withoutResults(row, leftOut));
      const file = await parts.add([shown.run, shown.discussion, clean.deep(kept)]);
      found.push({ row: shown, file });
    }
    const named = new Set(all.map(({ row }) => row.condition).filter((one) => one !== ""));
    const planned = planOf(logs.run).conditions.filter((one) => named.has(one));
    const conditions = [...new Set([...planned, ...[...named].sort()])];
    const { manifest } = logs.run;
    overviews.push(runOverview(all, { run: name, ...manifest.plan, conditions, paused: new Map() }));
    let look: LookAnswer | null = null;
    if (!leftOut.has("outcomes")) {
      const { outcomes, ended } = await readOutcomes(name, logs, { keeps: (one) => chosen.has(one) });
      look = await looked(logs, { outcomes, ended }, options.unrecorded);
      outcomeFiles.push(await parts.write({ outcomes: clean.deep(outcomes) }));
    }
    const experimentText = leftOut.has("experiment") ? null : withNames(logs.run.experimentText, raters);
    facts.push({ ...factsOf(name, logs), conditions, look, experimentText, leftOut: [...leftOut] });
  }
  await parts.end();
  for (const name of absent) throw new UsageError(`Cannot export the discussion "${name}": no run has it`);
  if (found.length === 0) throw new UsageError("Cannot export: no discussion is chosen");
  const sorted = found.toSorted((one, other) => compareRows(one.row, other.row));
  const index: ExportedIndex = {
    api: API_VERSION,
    syndisco: VERSION,
    runs: clean.deep(facts),
    overview: clean.deep({ runs: overviews, indexed: { done: found.length, of: found.length } }),
    rows: sorted.map(({ row }) => row),
    files: sorted.map(({ file }) => file),
    outcomeFiles: leftOut.has("outcomes") ? null : outcomeFiles,
    replaced: clean.replaced,
  };
  await Deno.writeTextFile(join(folder, "index.js"), indexScript(index));
  await Deno.writeTextFile(join(folder, "index.html"), EXPORTED_HTML);
  for (const name of ["exported.js", "app.css", "plots.js"]) {
    await Deno.writeTextFile(join(folder, name), await Deno.readTextFile(new URL(name, BUNDLES)));
  }
  return {
    syndisco: VERSION,
    written: { discussions: found.length, dataFiles: parts.count },
    leftOut: [...leftOut],
    replaced: clean.replaced,
  };
}

type Found = Readonly<{ row: DiscussionRow; file: number }>;

function tooMany(): UsageError {
  return new UsageError(
    `Cannot export more than ${DISCUSSIONS_MAX} discussions: a browser would take too long to open the page. Choose ` +
      "some with --discussion, --condition or --only",
  );
}

/**
 * Reads each log once. Yields only the events before the damage of a damaged log, and no events of a log
 * without a design.
 */
async function* readListed(
  run: string,
  { run: reader, discussions, events: eventsOf }: RunLogs,
): AsyncGenerator<Readonly<{ listed: ListedLog; events: readonly Envelope[] }>> {
  const pricesFor = priceLookUp(await readPrices(reader));
  const ends = await recordedEnds(reader);
  for await (const discussion of discussions()) {
    const events: Envelope[] = [];
    let damage: string | null = null;
    let state = initialState();
    try {
      for await (const envelope of eventsOf(discussion)) {
        state = evolve(state, envelope);
        events.push(envelope);
      }
    } catch (error) {
      damage = damageOf(error, discussion);
    }
    reader.store.release(discussion);
    const facts = { run, events: events.length, hash: events.at(-1)?.hash ?? null, pricesFor };
    const listed = listState(state, { discussion, damage }, facts);
    const end = ends.get(discussion);
    yield {
      listed: end === undefined ? listed : withEnd(listed, end),
      events: listed.status.condition === null ? [] : events,
    };
  }
}

/**
 * The ends that the run's log records; none while a process writes to the run, because the run's log can be
 * behind then.
 */
async function recordedEnds({ place, log }: RunReader): Promise<ReadonlyMap<string, LogEnd>> {
  const isWritten = (await (await runAt(place)).holders()).length > 0;
  return log.kind === "kept" && !isWritten ? logEndsOf(log.log) : new Map();
}

/** A row of the list, without the figures from annotations if outcomes are left out. */
function withoutResults(row: DiscussionRow, leftOut: ReadonlySet<Content>): DiscussionRow {
  return leftOut.has("outcomes") ? { ...row, disagreement: null, unparsed: 0 } : row;
}

/** Records in the run's log that the page shows outcomes. */
async function looked(
  { run }: RunLogs,
  { outcomes, ended }: Readonly<{ outcomes: RunOutcomes; ended: number }>,
  unrecorded: (problem: string) => void,
): Promise<LookAnswer> {
  const { table, analysis } = outcomes;
  const all = columnsOf(table, analysis ?? ANALYSIS_DEFAULT);
  const seen = all.filter(({ column }) => (column?.values.length ?? 0) > 0);
  const names = seen.length === all.length ? null : seen.map(({ name }) => name);
  const problem = await recordLook(run, { command: "view", outcomes: names, ended });
  if (problem !== null) unrecorded(problem);
  return {
    outcomes: seen.map(({ name, declared, column }) => ({ name, declared, unit: column!.unit })),
    ended,
    completed: table.discussions.length,
    planned: run.manifest.plan.discussions,
    analysis: analysisKey(outcomes),
    unrecorded: problem,
  };
}

function factsOf(
  name: string,
  { run: { manifest, log } }: RunLogs,
): Omit<RunFacts, "conditions" | "look" | "experimentText" | "leftOut"> {
  return {
    name,
    experiment: manifest.experiment.name,
    head: log.kind === "kept" ? headOf(log.log) : null,
    seed: manifest.seed,
    plan: manifest.plan,
    factorLabels: manifest.factorLabels ?? {},
    problems: [],
    holders: [],
  };
}

/** The experiment file with other names of raters. */
function withNames(text: string | null, names: ReadonlyMap<string, string>): string | null {
  if (text === null) return null;
  return [...names].reduce((changed, [name, other]) => {
    const word = name.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    return changed.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, "gu"), other);
  }, text);
}

/** Collects events into data files. */
class Parts {
  readonly #folder: string;
  #waiting: ExportedLog[] = [];
  #chars = 0;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** How many files were written. */
  get count(): number {
    return this.#count;
  }

  /** Adds the events of a discussion. It returns the number of their file. */
  async add(log: ExportedLog): Promise<number> {
    const chars = JSON.stringify(log).length;
    if (this.#waiting.length > 0 && this.#chars + chars > PART_CHARS) await this.end();
    this.#waiting.push(log);
    this.#chars += chars;
    return this.#count + 1;
  }

  /** Writes the last events, which are not in a file yet. */
  async end(): Promise<void> {
    if (this.#waiting.length === 0) return;
    await this.#write({ events: this.#waiting });
    this.#waiting = [];
    this.#chars = 0;
  }

  /** Writes a content as a separate file. It returns the number of the file. */
  async write(content: ExportedPart): Promise<number> {
    await this.end();
    return await this.#write(content);
  }

  async #write(content: ExportedPart): Promise<number> {
    const part = ++this.#count;
    Deno.mkdirSync(join(this.#folder, "data"), { recursive: true });
    await Deno.writeTextFile(join(this.#folder, partAddress(part)), partScript(part, content));
    return part;
  }
}
