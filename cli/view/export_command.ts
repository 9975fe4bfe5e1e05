/** Exports the page: says what leaves the machine, asks, and writes. */
import { resolve, sep } from "node:path";
import { PrivateWords } from "../../adapters/stores/archive/private_words.ts";
import { isAddress } from "../../adapters/stores/mod.ts";
import { ADDABLE, type Content, LEAVABLE } from "../../adapters/viewer/api.ts";
import { realPath } from "../shared/files.ts";
import { openRuns } from "../shared/logs.ts";
import { namesOfThisMachine } from "../shared/machine_names.ts";
import { shownPath, UsageError } from "../shared/program.ts";
import { fillFolder, PAGE_FOLDER, refuseFolder } from "../shared/target_folder.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { chosenFilters } from "./chosen_filters.ts";
import { exportPage } from "./export_page.ts";

/** The options of `view --export`. */
export type ExportValues = Readonly<{
  runs: readonly string[];
  to: string;
  leaveOut: string | undefined;
  include: string | undefined;
  discussions: readonly string[];
  conditions: readonly string[];
  only: string | undefined;
  yes: boolean;
}>;

const TEXTS: Readonly<Record<Content, string>> = {
  prompts: "what prompts are made of: personas, instructions, contexts, template sets",
  thoughts: "thoughts of models",
  raw: "raw replies, as the models gave them",
  experiment: "the experiment file: its comments, and all options of models, such as addresses and tokens",
  outcomes:
    "annotations and outcomes; including them counts as looking at results, and the run's log records it",
  "rater-names": "the names of annotators",
  "private-words": "absolute paths, and names of users and hosts",
};

/**
 * Exports the page of runs.
 *
 * @throws {UsageError} If the user does not agree, or an option is wrong.
 */
export async function exportRuns(
  values: ExportValues,
  { stdout, stderr }: Readonly<{ stdout: TextSink; stderr: TextSink }>,
): Promise<void> {
  const { to, runs: places } = values;
  const folders = places.filter((place) => !isAddress(place));
  const leftOut = new Set<Content>([
    ...named("--leave-out", values.leaveOut, LEAVABLE),
    ...ADDABLE.filter((one) => !named("--include", values.include, ADDABLE).includes(one)),
  ]);
  // A raw reply can contain the thoughts.
  if (leftOut.has("thoughts")) leftOut.add("raw");
  const filters = values.only === undefined ? {} : chosenFilters(values.only);
  refuseFolder(to, PAGE_FOLDER);
  refuseRunFolders(to, folders);
  const runs = await openRuns(places);
  stdout.write(listing(leftOut));
  if (!values.yes) agree(to, stdout);
  const words = new PrivateWords(namesOfThisMachine(folders.flatMap((run) => [resolve(run), realPath(run)])));
  for (const { run: { manifest, experimentText } } of runs.values()) {
    words.learn(JSON.stringify(manifest));
    words.learn(experimentText ?? "");
  }
  const written = await fillFolder(to, PAGE_FOLDER, (folder) =>
    exportPage(runs, folder, {
      leftOut,
      words,
      filters: {
        ...filters,
        ...values.conditions.length > 0 && { condition: values.conditions },
      },
      only: values.discussions.length === 0 ? null : new Set(values.discussions),
      unrecorded: (problem) => stderr.write(`${neutralise(problem)}\n`),
    }));
  const { discussions, dataFiles } = written.written;
  stdout.write(
    `Wrote ${shownPath(to)}: ${plural(discussions, "discussion")} in ${plural(dataFiles, "data file")}; ` +
      `replaced ${formatCount(written.replaced)} private names. Open index.html in it\n`,
  );
}

/** Refuses a folder in a run: `pack` and copies of the run would contain the page. */
function refuseRunFolders(to: string, runs: readonly string[]): void {
  const path = realPath(to);
  const run = runs.find((run) => path === realPath(run) || path.startsWith(`${realPath(run)}${sep}`));
  if (run === undefined) return;
  throw new UsageError(
    `Cannot write the page to "${to}": it lies in the folder of the run "${run}". Name a folder outside the run`,
  );
}

function named<Name extends string>(
  option: string,
  given: string | undefined,
  known: readonly Name[],
): readonly Name[] {
  return (given ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "").map((name) => {
    const one = known.find((each) => each === name);
    if (one !== undefined) return one;
    throw new UsageError(`Cannot use "${name}" with ${option}: it can be ${known.join(", ")}`);
  });
}

/** Says what leaves the machine, and what does not. */
function listing(leftOut: ReadonlySet<Content>): string {
  const all = [...LEAVABLE, ...ADDABLE];
  const lines = (isIn: boolean) =>
    all.filter((one) => leftOut.has(one) !== isIn).map((one) => `  ${one}: ${TEXTS[one]}\n`).join("");
  const rest = lines(false);
  return "The page contains all comments, including the comments of people, with the names of participants and models, " +
    `and:\n${lines(true)}${rest === "" ? "" : `It does not contain:\n${rest}`}`;
}

function agree(to: string, stdout: TextSink): void {
  const canAsk = stdout.isTerminal && Deno.stdin.isTerminal();
  if (canAsk && /^y(?:es)?$/i.test(prompt(`Write the page to ${shownPath(to)}? [y/N]`)?.trim() ?? "")) return;
  throw new UsageError(
    `Cannot write the page to "${to}": ${
      canAsk ? "you did not agree" : "the program cannot ask here whether you agree to the list above"
    }. Check the list, and give --yes`,
  );
}
