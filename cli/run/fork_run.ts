/** Loads the experiment of branches, which continue the discussions of a run. */
import { stringify } from "npm:yaml@2.9.1";
import { basename, resolve } from "node:path";
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import { pastLines } from "../../adapters/local/past_source.ts";
import { branchFile } from "../../core/experiment/branch.ts";
import { readDocument } from "../../core/experiment/mod.ts";
import type { DiscussionDesign, Envelope } from "../../core/events/mod.ts";
import type { Json } from "../../core/json.ts";
import type { PastSource } from "../../core/ports/mod.ts";
import { chosenDiscussion } from "../shared/chosen_discussion.ts";
import { type Logs, openRunLogs } from "../shared/logs.ts";
import { UsageError } from "../shared/program.ts";
import { changedExperimentOf } from "../shared/run_rules.ts";

/** The discussions to continue, and the changes of their branches. */
export type Fork = Readonly<{
  run: string;
  discussions: readonly string[];
  condition: string | undefined;
  at: number;
  /** The changed values: dotted path, and value as YAML. */
  settings: readonly (readonly [path: string, value: string])[];
  replications: number | undefined;
  trusted: boolean;
}>;

const NAME_LENGTH_MAX = 100;

/**
 * Makes and loads the experiment of the branches. The files that it names come from the run's copies.
 *
 * @throws {UsageError} When the discussions cannot be continued after this turn, or a changed value does not exist.
 * @throws {ExperimentError} When the changes make the experiment wrong.
 */
export async function loadFork(fork: Fork): Promise<LoadedExperiment> {
  const logs = await openRunLogs(fork.run);
  const { run } = logs;
  if (run.experimentText === null) {
    throw new UsageError(
      `Cannot fork "${fork.run}": its discussions were imported, so there is no experiment to continue them with. ` +
        "Write an experiment file with discussion.past, and run it",
    );
  }
  const past = await pastOf(logs, fork);
  const text = await cannotFork(fork.run, () => pastLines(run.store, past));
  const designs = designsIn(text);
  const { condition, factors } = designs[0]!;
  const other = designs.find((design) => design.condition !== condition);
  if (other !== undefined) {
    throw new UsageError(
      `Cannot fork discussions of the conditions "${condition}" and "${other.condition}" together: ` +
        "fork each condition by itself",
    );
  }
  const file = readDocument(run.experimentText, fork.run).value as Record<string, unknown>;
  const { read, findings } = branchFile(file, {
    past,
    name: nameAfter(String(file.name), fork.at),
    factors,
    changes: Object.fromEntries(fork.settings.map(([path, value]) => [path, valueOf(path, value)])),
    replications: fork.replications ?? designs.length,
  });
  for (const { path, message, suggestion } of findings) {
    const meant = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
    throw new UsageError(
      path.length === 0
        ? `Cannot fork "${fork.run}": ${message}`
        : `Cannot set "${path.join(".")}": ${message}${meant}`,
    );
  }
  const header = `# Written by fork. The discussions continue discussions of the run "${past.run}".\n`;
  return await changedExperimentOf(run, fork.trusted, { text: header + stringify(read), past: text });
}

function nameAfter(name: string, turn: number): string {
  const end = `-after-turn-${turn}`;
  return name.slice(0, NAME_LENGTH_MAX - end.length) + end;
}

function valueOf(path: string, text: string): Json {
  const { value, problems } = readDocument(text, path);
  if (problems.length > 0) throw new UsageError(`Cannot set "${path}": ${problems[0]!.message}`);
  return value as Json;
}

async function pastOf(logs: Logs, { run, discussions, condition, at }: Fork): Promise<PastSource> {
  const name = basename(resolve(run));
  if ((discussions.length === 0) === (condition === undefined)) {
    throw new UsageError("Cannot fork: give either --discussion or --condition");
  }
  if (condition !== undefined) return { run: name, condition, at };
  const chosen: string[] = [];
  for (const discussion of discussions) chosen.push(await chosenDiscussion(logs, discussion));
  return { run: name, discussions: chosen, at };
}

async function cannotFork<T>(run: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error) || "code" in error) throw error;
    throw new UsageError(`Cannot fork "${run}": ${error.message}`, { cause: error });
  }
}

/** The designs at the beginnings of the logs. */
function designsIn(text: string): readonly DiscussionDesign[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Envelope)
    .filter(({ type }) => type === "DiscussionOpened").map(({ data }) => data as DiscussionDesign);
}
