/** Submits batch scripts to Slurm. */
import { StoreError } from "../../core/ports/mod.ts";
import { ownCommand, shellCommand, shownPath } from "../shared/program.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { type Job, LAST_SCRIPT, TASK_SCRIPT } from "./job.ts";

/** The numbers of the two jobs. */
export type Submitted = Readonly<{ tasks: string; report: string }>;

const BY_HAND = "Submit the scripts by hand, on a machine that has sbatch";

/** The command lines that submit the scripts. */
export function submitLines({ folder }: Pick<Job, "folder">): readonly string[] {
  return [
    `job=$(sbatch --parsable ${shellCommand([`${folder}/${TASK_SCRIPT}`])})`,
    `sbatch --dependency="afterany:\${job%%;*}" ${shellCommand([`${folder}/${LAST_SCRIPT}`])}`,
  ];
}

/**
 * Submits the tasks, and the last job after them.
 *
 * @throws {StoreError} When Slurm does not accept one of them, or sbatch prints no number of a job.
 */
export async function submit(job: Pick<Job, "folder">): Promise<Submitted> {
  const tasks = await sbatch([`${job.folder}/${TASK_SCRIPT}`], `Nothing is submitted. ${BY_HAND}`);
  const last = [`--dependency=afterany:${tasks}`, `${job.folder}/${LAST_SCRIPT}`];
  const report = await sbatch(
    last,
    `The tasks are submitted as job ${tasks}. Submit only the last job by hand: ${
      shellCommand(["sbatch", ...last])
    }`,
  );
  return { tasks, report };
}

/** What to do with submitted jobs, one line each. */
export function watchLines(
  { tasks, report }: Submitted,
  { folder, run }: Pick<Job, "folder" | "run">,
): string {
  const log = shownPath(`${folder}/task-1.log`);
  return `Submitted the tasks as job ${tasks}, and the job that checks and reports the run as ${report}

To watch them:  squeue --jobs=${tasks},${report}
                tail -f ${log}
                ${neutralise(ownCommand("status", run))}
To stop them:   scancel ${tasks} ${report}
`;
}

/**
 * Calls sbatch. Returns the number of the job.
 *
 * @param advice What the user must know and do if it fails.
 */
async function sbatch(words: readonly string[], advice: string): Promise<string> {
  const { code, stdout, stderr } = await Promise.try(() =>
    new Deno.Command("sbatch", { args: ["--parsable", ...words], stdin: "null" }).output()
  ).catch((cause) => {
    throw failed(reasonOf(cause), advice, cause);
  });
  const decoder = new TextDecoder();
  const oneLine = (bytes: Uint8Array) => neutralise(decoder.decode(bytes).trim().replaceAll("\n", "; "));
  if (code !== 0) throw failed(`sbatch ended with exit code ${code}: ${oneLine(stderr)}`, advice);
  const [, number] = /^(\d+)(?:;[^\n]*)?\n/.exec(decoder.decode(stdout)) ?? [];
  if (number === undefined) {
    throw new StoreError(
      `Cannot read the number of the submitted job: sbatch printed "${oneLine(stdout)}". ` +
        `Look with squeue which jobs are submitted, and cancel them with scancel. ${BY_HAND}`,
    );
  }
  return number;
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotCapable) return "this program may not start sbatch";
  if (cause instanceof Deno.errors.NotFound) return "there is no program sbatch on this machine";
  return cause instanceof Error ? cause.message : String(cause);
}

function failed(reason: string, advice: string, cause?: unknown): StoreError {
  return new StoreError(`Cannot submit the job: ${reason}. ${advice}`, { cause });
}
