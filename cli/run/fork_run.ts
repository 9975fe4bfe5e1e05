/** Loads the experiment of branches, which continue the discussions of a run. */
import { stringify } from "npm:yaml@2.9.1";
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import { pastLines } from "../../adapters/local/past_source.ts";
import { nameOfRun } from "../../adapters/stores/mod.ts";
import { branchFile } from "../../core/experiment/branch.ts";
import { ExperimentError, readDocument } from "../../core/experiment/mod.ts";
import type { DiscussionDesign, Envelope } from "../../core/events/mod.ts";
import type { Json } from "../../core/json.ts";
import type { PastSource } from "../../core/ports/mod.ts";
import { chosenDiscussion } from "../shared/chosen_discussion.ts";
import { type Logs, openRunLogs, type RunLogs } from "../shared/logs.ts";
import { UsageError } from "../shared/program.ts";
import { changedExperimentOf } from "../shared/run_rules.ts";
import { forkName, hintingAtFork } from "./earlier_fork.ts";
import { refuseIdleChanges } from "./fork_changes.ts";
import { forkProblems } from "./fork_problems.ts";

/** The discussions to continue, and the changes of their branches. */
export type Fork = Readonly<{
  run: string;
  discussions: readonly string[];
  condition: string | undefined;
  at: number;
  /** The changed values: dotted path, and value as YAML. */
  settings: readonly (readonly [path: string, value: string])[];
  replications: number | undefined;
  /** The folder of the fork; `undefined` for the default. */
  out: string | undefined;
  trusted: boolean;
}>;

/**
 * Makes and loads the experiment of the branches. The files that it names come from the run's copies.
 *
 * @throws {UsageError} When the discussions cannot be continued after this turn, or a changed value is wrong or has no effect.
 */
export async function loadFork(fork: Fork): Promise<LoadedExperiment> {
  const changes = changesOf(fork.settings);
  const logs = await hintingAtFork(fork, () => openRunLogs(fork.run));
  const { run } = logs;
  if (run.experimentText === null) {
    throw new UsageError(
      `Cannot fork "${fork.run}": its discussions were imported, so there is no experiment to continue them with. ` +
        "Write an experiment file with discussion.past, and with a persona for everybody who takes part " +
        "(participants.personas), and run it",
    );
  }
  const { past, text, designs } = await hintingAtFork(fork, () => beginningsOf(logs, fork));
  const file = readDocument(run.experimentText, fork.run).value as Record<string, unknown>;
  const plan = {
    past,
    name: forkName(String(file.name), fork.at),
    factors: designs[0]!.factors,
    replications: fork.replications ?? designs.length,
  };
  const header = `# Written by fork. The discussions continue discussions of the run "${past.run}".\n`;
  const withChanges = async (changes: Readonly<Record<string, Json>>) => {
    const { read, findings } = branchFile(file, { ...plan, changes });
    for (const { path, message, suggestion } of findings) {
      const meant = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
      throw new UsageError(
        path.length === 0
          ? `Cannot fork "${fork.run}": ${message}`
          : `Cannot set "${path.join(".")}": ${message}${meant}`,
      );
    }
    try {
      return await changedExperimentOf(run, fork.trusted, { text: header + stringify(read), past: text });
    } catch (error) {
      throw error instanceof ExperimentError
        ? forkProblems(error, { run: fork.run, file: read, paths: Object.keys(changes) })
        : error;
    }
  };
  const loaded = await withChanges(changes);
  await refuseIdleChanges(loaded.plan, changes, async (others) => (await withChanges(others)).plan);
  return loaded;
}

function changesOf(settings: Fork["settings"]): Readonly<Record<string, Json>> {
  const paths = settings.map(([path]) => path);
  const twice = repeated(paths);
  if (twice !== undefined) throw new UsageError(`Cannot set "${twice}" twice: give it one value`);
  return Object.fromEntries(settings.map(([path, value]) => [path, valueOf(path, value)]));
}

function repeated(texts: readonly string[]): string | undefined {
  return texts.find((text, index) => texts.indexOf(text) !== index);
}

/** The past of the branches, the lines of its logs, and the designs of its discussions. */
async function beginningsOf(logs: RunLogs, fork: Fork) {
  const { run, at } = fork;
  const past = await pastOf(logs, fork);
  const text = await cannotFork(run, () => pastLines(logs.run, past));
  const designs = designsIn(text);
  const { condition } = designs[0]!;
  const other = designs.find((design) => design.condition !== condition);
  if (other !== undefined) {
    throw new UsageError(
      `Cannot fork discussions of the conditions "${condition}" and "${other.condition}" together: ` +
        "fork each condition by itself",
    );
  }
  const full = designs.find(({ turns }) => turns <= at);
  if (full !== undefined) {
    throw new UsageError(
      `Cannot fork "${full.id}" after turn ${at}: turn ${full.turns} is its last turn. Give a smaller --at. ` +
        "For more turns, write an experiment file with discussion.past and a larger discussion.turns",
    );
  }
  return { past, text, designs };
}

function valueOf(path: string, text: string): Json {
  const { value, problems } = readDocument(text, path);
  if (problems.length > 0) throw new UsageError(`Cannot set "${path}": ${problems[0]!.message}`);
  return value as Json;
}

async function pastOf(logs: Logs, { run, discussions, condition, at }: Fork): Promise<PastSource> {
  const name = nameOfRun(run);
  if ((discussions.length === 0) === (condition === undefined)) {
    throw new UsageError("Cannot fork: give either --discussion or --condition");
  }
  if (condition !== undefined) return { run: name, condition, at };
  const chosen: string[] = [];
  for (const discussion of discussions) chosen.push(await chosenDiscussion(logs, discussion));
  const twice = repeated(chosen);
  if (twice !== undefined) {
    throw new UsageError(
      `Cannot continue the discussion "${twice}" twice: name each discussion once. ` +
        "--replications gives more branches of a discussion",
    );
  }
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
