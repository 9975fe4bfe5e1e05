/**
 * The worker that reads outcomes and makes reports for the viewer, so that the viewer's server stays
 * responsive. The worker keeps the outcomes that it has read. It posts errors as messages, because Deno would
 * print an error that a worker throws.
 */
import {
  analysisKey,
  columnsOf,
  discussionMeans,
  type OutcomeQuestion,
  type OutcomeView,
  type RunOutcomes,
  viewRuns,
} from "../../analysis/outcomes/mod.ts";
import { ANALYSIS_DEFAULT } from "../../core/experiment/mod.ts";
import type { OutcomeFacts } from "../../adapters/viewer/api.ts";
import { openRunLogs, type RunLogs } from "../shared/logs.ts";
import { readOutcomes } from "./read_outcomes.ts";

/** A run, by its name in the viewer and its folder. */
type Place = Readonly<{ run: string; folder: string }>;

/** What the worker can be asked: name → argument and answer. */
export type OutcomeTasks = {
  /** Reads the outcomes of a run. Its values stay in the worker, except for the means of discussions. */
  read: [Place, RunSummary];
  /**
   * Lets `view` use the outcomes that `read` has read of a run. Called after the look at the run was
   * recorded.
   */
  show: [Pick<Place, "run">, null];
  /** Views an outcome of runs that were read. */
  view: [Readonly<{ runs: readonly string[]; question: OutcomeQuestion }>, OutcomeView | null];
  /** Makes the report of a run as a page. */
  report: [
    Place,
    Readonly<{
      html: string;
      ended: number;
      outcomes: readonly string[] | null;
      /** What to tell the user on stderr; see `warn` of `readRuns()`. */
      warnings: readonly string[];
    }>,
  ];
};

/** What the worker tells about the outcomes of a run. */
export type RunSummary = Readonly<{
  outcomes: readonly OutcomeFacts[];
  /** The names of the outcomes that can be seen, for the record of the look; `null` for all. */
  seen: readonly string[] | null;
  ended: number;
  completed: number;
  /** As in `LookAnswer`. */
  analysis: string;
  /** Outcome → discussion → the mean of its values. */
  means: ReadonlyMap<string, ReadonlyMap<string, number>>;
}>;

/** A request. The worker answers with some {@linkcode OutcomeMessage}s, of which the last one has no `done`. */
export type OutcomeRequest = {
  [Task in keyof OutcomeTasks]: Readonly<{ id: number; task: Task; given: OutcomeTasks[Task][0] }>;
}[keyof OutcomeTasks];

export type OutcomeMessage =
  & Readonly<{ id: number }>
  & (
    | Readonly<{ done: number; of: number }>
    | Readonly<{ answer: unknown }>
    | Readonly<{ failure: string }>
  );

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<OutcomeRequest>) => void;
  postMessage: (message: OutcomeMessage) => void;
};

/**
 * Run → outcomes. `shown` has the runs whose looks were recorded; `read` has runs whose look is not recorded
 * yet.
 */
const shown = new Map<string, RunOutcomes>();
const read = new Map<string, RunOutcomes>();

scope.onmessage = async ({ data: { id, ...request } }) => {
  const progress: Progress = (done, of) => scope.postMessage({ id, done, of });
  try {
    scope.postMessage({ id, answer: await carryOut(request, progress) });
  } catch (error) {
    scope.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
  }
};

type Progress = (done: number, of: number) => void;

function carryOut(request: Omit<OutcomeRequest, "id">, progress: Progress): Promise<unknown> {
  const { task, given } = request as OutcomeRequest;
  switch (task) {
    case "read":
      return readRun(given, progress);
    case "show":
      shown.set(given.run, read.get(given.run)!);
      read.delete(given.run);
      return Promise.resolve(null);
    case "view":
      return Promise.resolve(viewRuns(given.runs.map((run) => shown.get(run)!), given.question));
    case "report":
      return report(given, progress);
    default:
      return task satisfies never;
  }
}

async function readRun({ run, folder }: Place, progress: Progress): Promise<RunSummary> {
  const logs = await openRunLogs(folder);
  const { outcomes, ended } = await readOutcomes(run, logs, { read: await counting(logs, progress) });
  read.set(run, outcomes);
  const { table, analysis } = outcomes;
  const all = columnsOf(table, analysis ?? ANALYSIS_DEFAULT);
  const seen = all.filter(({ column }) => (column?.values.length ?? 0) > 0);
  return {
    outcomes: seen.map(({ name, declared, column }) => ({ name, declared, unit: column!.unit })),
    seen: seen.length === all.length ? null : seen.map(({ name }) => name),
    ended,
    completed: table.discussions.length,
    analysis: analysisKey(outcomes),
    means: new Map(seen.map(({ name }) => [
      name,
      new Map(
        discussionMeans(table, name, analysis ?? ANALYSIS_DEFAULT).map((
          { discussion, value },
        ) => [discussion, value]),
      ),
    ])),
  };
}

async function report({ folder }: Place, progress: Progress): Promise<OutcomeTasks["report"][1]> {
  const { readRuns } = await import("../report/read_runs.ts");
  const { buildReport, chosenAnalysis, shownOutcomes } = await import("../report/build_report.ts");
  const { reportHtml } = await import("../../adapters/report/mod.ts");
  const warnings: string[] = [];
  const facts = await readRuns([folder], {
    read: await counting(await openRunLogs(folder), progress),
    warn: (line) => warnings.push(line),
  });
  const built = await buildReport(facts, await chosenAnalysis(undefined, facts), {
    warn: (line) => warnings.push(line),
  });
  return {
    html: await reportHtml(built.report),
    ended: facts.runs[0]!.looks?.ended ?? 0,
    outcomes: shownOutcomes(built),
    warnings,
  };
}

/** At most this many messages tell the progress through a run's logs. */
const MESSAGES_MAX = 100;

/**
 * Counts the logs of a run.
 *
 * @returns A function to call after each log.
 */
async function counting(logs: RunLogs, progress: Progress): Promise<() => void> {
  let [of, done] = [0, 0];
  for await (const _ of logs.discussions()) of++;
  const step = Math.ceil(of / MESSAGES_MAX);
  return () => {
    if (++done % step === 0) progress(done, of);
  };
}
