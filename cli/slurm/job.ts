/** What the batch scripts of Slurm are made from. */
import { shellCommand } from "../shared/program.ts";

/** The names of the scripts in their folder. */
export const TASK_SCRIPT = "tasks.sbatch";
export const LAST_SCRIPT = "report.sbatch";

/**
 * The last job gives this word to tasks that it submits again. A task with this word continues to count its
 * starts without progress; a task without it begins again at 1.
 */
export const RESTART = "restart";

/** How many tasks there are, and how many may run at the same time; `null` for all. */
export type Tasks = Readonly<{ count: number; atOnce: number | null }>;

/** A run as jobs of Slurm. All paths are absolute. */
export type Job = Readonly<{
  /** The experiment's name. */
  name: string;
  /** The experiment file, or the folder of the run to resume. */
  experiment: string;
  /** The run's folder. */
  run: string;
  /** The folder of the scripts and logs. */
  folder: string;
  tasks: Tasks;
  /** The time limit of a task, in seconds. */
  timeLimitS: number;
  /** The shell command of the model server; `null` for none. It listens at the port in the variable PORT. */
  server: string | null;
  /** The user's own options of sbatch. */
  options: readonly string[];
  /** Further options of the command `run`. */
  runOptions: readonly string[];
  /** The words that start this program. */
  program: readonly string[];
  /**
   * The words before a command's name in command lines that the program shows; `null` for the default words.
   */
  calledAs: string | null;
}>;

/**
 * The clean stop begins this many seconds before the time limit. The program takes up to 30 s to stop, and
 * the server up to 10 s.
 */
const SIGNAL_S = 60;

/** With a short time limit, the clean stop begins in its last quarter. */
export function signalSeconds(timeLimitS: number): number {
  return Math.min(SIGNAL_S, Math.floor(timeLimitS / 4));
}

/** A time limit as Slurm writes it: `days-hours:minutes:seconds`. */
export function timeText(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const time = `${two(seconds % 86_400 / 3600)}:${two(seconds % 3600 / 60)}:${two(seconds % 60)}`;
  return days === 0 ? time : `${days}-${time}`;
}

/** A value of a variable in a shell script. */
export function setting(value: string): string {
  return shellCommand([value]);
}
