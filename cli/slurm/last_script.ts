/** The batch script of the last job: it checks the run and writes the report when all tasks have ended. */
import { shellCommand } from "../shared/program.ts";
import { directives, fileInDirective } from "./directives.ts";
import { type Job, LAST_SCRIPT, RESTART, setting, TASK_SCRIPT, timeText } from "./job.ts";
import { furtherDirectives, programLines } from "./task_script.ts";

/**
 * The time limit of the last job, which needs minutes. If the tasks have a shorter limit, the last job has
 * that limit, too.
 */
const TIME_LIMIT_S = 3600;

/** Options that ask for graphics cards, which the last job does not need. */
const OF_GPUS = /^(--gres|--gpus?|--gpus-|--gpu-|-G|--cpus-per-gpu|--mem-per-gpu|--tres-per-)/;

/** The text of the script. */
export function lastScript(job: Job): string {
  const { name, folder, tasks, timeLimitS } = job;
  const atOnce = tasks.atOnce === null ? "" : `%${tasks.atOnce}`;
  return `#!/bin/bash
# Checks the run ${
    JSON.stringify(name)
  } and writes its report when all tasks of ${TASK_SCRIPT} have ended. Tasks that were killed
# before they could put themselves back into the queue are submitted again.
#
# Submit it after the tasks; afterany also waits for tasks that fail or are requeued:
#   sbatch --dependency=afterany:JOB ${shellCommand([`${folder}/${LAST_SCRIPT}`])}

#SBATCH ${directives([`--job-name=${name}-report`])}
#SBATCH --time=${timeText(Math.min(timeLimitS, TIME_LIMIT_S))}
#SBATCH --output=${fileInDirective(`${folder}/report.log`)}
#SBATCH --open-mode=append
#SBATCH --requeue
${furtherDirectives(withoutGpus(job.options))}
RUN=${setting(job.run)}
FOLDER=${setting(folder)}
TASKS=${tasks.count}
${programLines(job)}
say() { echo "$(date '+%F %T') $*"; }

# Each task has a file with its state. A task that was killed still says "running".
lost=
unfinished=0
for task in $(seq "$TASKS"); do
  word= reason=
  read -r word reason 2> /dev/null < "$FOLDER/task-$task.state"
  case $word in
    finished) ;;
    running) lost=\${lost:+$lost,}$task ;;
    '') say "task $task has no state: it has never started, or could not write its state" && unfinished=$((unfinished + 1)) ;;
    *) say "task $task: $word\${reason:+: $reason}" && unfinished=$((unfinished + 1)) ;;
  esac
done

if [ -n "$lost" ]; then
  say "submits tasks again that were killed: $lost"
  job=$(sbatch --parsable --array="$lost${atOnce}" "$FOLDER/${TASK_SCRIPT}" ${RESTART}) &&
    sbatch --dependency="afterany:\${job%%;*}" "$FOLDER/${LAST_SCRIPT}" && exit 0
  say "Slurm does not accept them; submit ${TASK_SCRIPT} again"
  unfinished=$((unfinished + 1))
fi

if [ ! -e "$RUN" ]; then
  say "no task has begun the run. Read the logs of the tasks, and submit ${TASK_SCRIPT} again"
  exit 1
fi
"\${SYNDISCO[@]}" status "$RUN"
"\${SYNDISCO[@]}" verify "$RUN" || exit
# A report is a look at the results, which the run's log records. So an unfinished run gets none.
if [ "$unfinished" -gt 0 ]; then
  say "the run is not finished, so there is no report. Read the logs of these tasks, and submit ${TASK_SCRIPT} again"
  exit 1
fi
"\${SYNDISCO[@]}" verify "$RUN" --design
design=$?
"\${SYNDISCO[@]}" report "$RUN" && exit "$design"
`;
}

/** Options without those that ask for graphics cards. */
function withoutGpus(options: readonly string[]): readonly string[] {
  return options.filter((word, index) =>
    !OF_GPUS.test(word) && (word.startsWith("-") || !isValueOfGpus(options[index - 1] ?? ""))
  );
}

function isValueOfGpus(option: string): boolean {
  return OF_GPUS.test(option) && !option.includes("=");
}
