/** Recovers an experiment file from files of the Python library. */
import { basename } from "node:path";
import {
  builtInExtensions,
  ExperimentError,
  parseExperiment,
  readDocument,
} from "../../core/experiment/mod.ts";
import { quoted } from "../../core/experiment/problems.ts";
import type { Json } from "../../core/json.ts";
import { memorySources } from "../../core/ports/mod.ts";
import { conditionOf } from "../formats/condition_rule.ts";
import { FormatError, type ImportProblem } from "../formats/format_error.ts";
import { readPythonDiscussion } from "../formats/python_discussion.ts";
import { isPythonPrompt } from "../formats/python_file.ts";
import type { OutsideDiscussion } from "../formats/imported_discussion.ts";
import { type RecoveredExperiment, recoverExperiment } from "../formats/recovered_experiment.ts";
import type { ToldDiscussion } from "../formats/recovered_facts.ts";
import { readWhole } from "../formats/text_file.ts";
import { nativeSha256 } from "../system.ts";
import { DISCUSSION_BYTES_MAX, type ImportOptions } from "./import_discussions.ts";
import { ImportProblems } from "./import_problems.ts";
import { sourceFiles } from "./source_files.ts";

/** How an experiment is recovered. */
export type RecoverOptions =
  & Pick<ImportOptions, "condition" | "roles" | "strict" | "found">
  & Readonly<{
    /** The experiment's name. */
    name: string;
    /** The path of the recovered file, for messages. */
    file: string;
  }>;

/** The recovered experiment, and how many files were read. */
export type RecoverOutcome = RecoveredExperiment & Readonly<{ files: number; problems: number }>;

/**
 * Recovers one experiment from all files. Each file that cannot be read is a problem. The problems that
 * `validate` would find in the recovered file are reported, too.
 *
 * @throws {FormatError} When no discussion can be read.
 * @throws {ImportStopped} At the first problem of a strict import.
 */
export async function recoverFromFiles(
  paths: readonly string[],
  options: RecoverOptions,
): Promise<RecoverOutcome> {
  const { condition, roles, name, file } = options;
  const problems = new ImportProblems(options);
  const files = await sourceFiles(paths, {
    format: undefined,
    unusable: (file, message) => problems.add({ file, message }),
  });
  const discussions: ToldDiscussion[] = [];
  const known = new Map<string, string>();
  for (const { path, format, folder } of files) {
    await problems.guard(path, async () => {
      if (format !== "python-library") {
        throw new FormatError("only files of the Python library show the prompts of their experiment");
      }
      const { text, sha256 } = await readWhole(path, DISCUSSION_BYTES_MAX);
      const source = { file: basename(path), sha256 };
      const discussion = readPythonDiscussion(text, source, { roles, sha256: nativeSha256 });
      checkPrompts(discussion);
      const id = discussion.origin.id ?? sha256;
      const first = known.get(id);
      if (first !== undefined) {
        throw new FormatError(`it holds the same discussion as ${first}; this discussion counts once`);
      }
      known.set(id, path);
      discussions.push({ discussion, told: conditionOf(folder, condition) });
    });
  }
  if (discussions.length === 0) {
    throw new FormatError(
      `Cannot recover an experiment from ${paths.join(", ")}: no discussion could be read`,
    );
  }
  for (const role of roles) {
    const isUsed = discussions.some(({ discussion: { participants } }) =>
      participants.some((participant) => participant.role?.name === role.name)
    );
    if (!isUsed) problems.add({ file, message: `no instructions contain the text of --role ${role.name}` });
  }
  const recovered = recoverExperiment(discussions, { name, sha256: nativeSha256 });
  for (const problem of await problemsOf(recovered.text, file)) problems.add(problem);
  return { ...recovered, files: files.length, problems: problems.count };
}

/** Refuses prompts whose context, instructions and persona cannot be told apart. */
function checkPrompts({ origin: { members, speakers }, participants, moderator }: OutsideDiscussion): void {
  const prompts = speakers?.map(({ prompt }) => prompt) ??
    [...members.user_prompts as readonly Json[], ...(moderator === null ? [] : [members.moderator_prompt])];
  const place = prompts.findIndex((prompt) => typeof prompt !== "string" || !isPythonPrompt(prompt));
  if (place === -1) return;
  const { name } = participants[place] ?? moderator!;
  throw new FormatError(
    `the prompt of ${
      quoted(name)
    } is not JSON with a context, instructions and a persona, so it cannot be recovered`,
  );
}

async function problemsOf(text: string, file: string): Promise<readonly ImportProblem[]> {
  try {
    await parseExperiment(readDocument(text, file), {
      sources: memorySources({}),
      extensions: builtInExtensions(["scripted"]),
    });
    return [];
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    return error.problems.map(({ line, path, message }) => ({
      file,
      line,
      message: `correct this in the recovered file: ${path}: ${message}`,
    }));
  }
}
