/** The batch script of a job array: each task runs one part of an experiment. */
import { shellCommand } from "../shared/program.ts";
import { directives, fileInDirective } from "./directives.ts";
import { type Job, LAST_SCRIPT, RESTART, setting, signalSeconds, TASK_SCRIPT, timeText } from "./job.ts";
import { SERVER_START, SERVER_STOP, serverFunctions } from "./server_part.ts";

/** If a part gets no new event in this many starts in a row, it is not started again. */
const STARTS_MAX = 5;

/** The text of the script. */
export function taskScript(job: Job): string {
  const { name, folder, tasks, server } = job;
  const own = (file: string) => `${folder}/${file}`;
  return `#!/bin/bash
# Runs the experiment ${
    JSON.stringify(name)
  } as a job array of Slurm: each task runs one part of the discussions.
#
# Submit it, and the job that checks and reports the run when all tasks have ended:
#   job=$(sbatch --parsable ${shellCommand([own(TASK_SCRIPT)])})
#   sbatch --dependency="afterany:\${job%%;*}" ${shellCommand([own(LAST_SCRIPT)])}
#
# A task stops before its time limit, goes back into the queue and resumes, until its part is finished. It also does so
# after a preemption, and when a node or the program fails. You may edit this file. You can submit it again at any time:
# finished parts end at once.

# One task for each part. ${
    tasks.atOnce === null
      ? "8%4 instead of 8 would run at most 4 tasks"
      : "The number after % is the most tasks"
  } at the same time.
#SBATCH --array=1-${tasks.count}${tasks.atOnce === null ? "" : `%${tasks.atOnce}`}
#SBATCH ${directives([`--job-name=${name}`])}
#SBATCH --time=${timeText(job.timeLimitS)}
# Each task has a log; %a is the task's number. Later starts of a task append to it.
#SBATCH --output=${fileInDirective(own("task-%a.log"), "%a")}
#SBATCH --open-mode=append
# Slurm sends SIGTERM to this script (B:) ${
    signalSeconds(job.timeLimitS)
  } seconds before the time limit, or up to a minute earlier.
#SBATCH --signal=B:TERM@${signalSeconds(job.timeLimitS)}
# Slurm starts a task again when its node fails, or another job preempts it.
#SBATCH --requeue
${furtherDirectives(job.options)}
EXPERIMENT=${setting(job.experiment)}
# The run's folder, and the folder of this script and its logs. All nodes need both, so they are on a shared disk.
RUN=${setting(job.run)}
FOLDER=${setting(folder)}
TASKS=${tasks.count}

# Further options of the command run, such as --max-pause 2h.
RUN_OPTIONS=(${shellCommand(job.runOptions)})

# A part that gets no new event in this many starts in a row is not started again.
STARTS_MAX=${STARTS_MAX}

# The program. All nodes need these paths, too, and the packages in Deno's cache (or a way to download them).
${programLines(job)}
task=$SLURM_ARRAY_TASK_ID
own_job=\${SLURM_ARRAY_JOB_ID}_$task
restarts=\${SLURM_RESTART_COUNT:-0}
# The file with the state of this task. The last job reads it.
state=$FOLDER/task-$task.state

say() { echo "$(date '+%F %T') task $task: $*"; }

# Ends this task for good. It runs again only if you submit it.
fail_for_good() {
  say "failed for good: $1"
  echo "failed $1" > "$state"
  exit 1
}

# Puts this task back into the queue, unless Slurm does so itself, or the task was cancelled.
requeue() {
  say "$1"
  for try in 1 2 3; do
    case $(scontrol --oneliner show job "$own_job" 2> /dev/null) in
      *' JobState=RUNNING '*) scontrol requeue "$own_job" && say "goes back into the queue" && exit ;;
      *" Restarts=$((restarts + 1)) "*) say "Slurm has put it back into the queue" && exit ;;
      *' JobState='*)
        say "was cancelled, or its time limit is over"
        echo "cancelled" > "$state"
        exit 1
        ;;
    esac
    sleep 5
  done
  say "cannot reach Slurm; the last job submits this task again"
  exit 1
}

# The bytes in the logs of this part: their names contain the number of the replicate, such as a.r0001.0123abcd.jsonl.
log_bytes() {
  find "$RUN/discussions" -name '*.jsonl' -printf '%s.%f\\n' 2> /dev/null |
    awk -F . -v task="$task" -v tasks="$TASKS" \\
      '(substr($(NF - 2), 2) - task) % tasks == 0 { bytes += $1 } END { printf "%.0f\\n", bytes }'
}

# How many starts in a row had the same bytes? A submission by hand begins to count again.
bytes=$(log_bytes)
starts=1
if [ "$restarts" -gt 0 ] || [ "$1" = ${RESTART} ]; then
  read -r _ starts_before bytes_before _ 2> /dev/null < "$state"
  [ "$bytes" = "$bytes_before" ] && starts=$((starts_before + 1))
fi
[ "$starts" -gt "$STARTS_MAX" ] && fail_for_good "its last starts ($STARTS_MAX) made no progress; task-$task.log says why"
# Without the count, a task could start again for ever.
echo "running $starts $bytes" > "$state" || fail_for_good "cannot write $state; is the disk full?"
say "starts on $(hostname), for the \${starts}. time since its last progress"

# SIGTERM stops the program cleanly: requests in flight get 30 seconds, and every reply is on the disk.
stopping=
run=
trap 'stopping=yes; interrupted=yes; [ -z "$run" ] || kill -TERM "$run" 2> /dev/null' TERM
${server === null ? "" : serverFunctions(server)}${server === null ? "" : SERVER_START}
[ -n "$stopping" ] && requeue "was stopped before the program began"
"\${SYNDISCO[@]}" run "$EXPERIMENT" --out "$RUN" --shard "$task/$TASKS" "\${RUN_OPTIONS[@]}"${
    server === null ? "" : ` \\
  --local-server "http://127.0.0.1:$PORT/v1"`
  } &
run=$!
[ -n "$stopping" ] && kill -TERM "$run"
${server === null ? "" : "watch_server &\nwatcher=$!\n"}
# A signal interrupts wait, so this waits until the program has ended.
while true; do
  interrupted=
  wait "$run"
  code=$?
  [ -z "$interrupted" ] && break
done
${server === null ? "" : SERVER_STOP}
case $code in
  0)
    echo "finished" > "$state"
    say "has finished its part"
    ;;
  1) fail_for_good "some discussions failed; this log says why. To try them again, submit it again" ;;
  2) fail_for_good "the experiment or the command line is wrong; this log says why" ;;
  4) fail_for_good "a limit of RUN_OPTIONS is reached; raise it, and submit it again" ;;
  126 | 127) fail_for_good "this node cannot start \${SYNDISCO[0]}; check the path above" ;;
  *) requeue "the program ended with exit code $code" ;;
esac
`;
}

/** The user's own options of sbatch, as lines. */
export function furtherDirectives(options: readonly string[]): string {
  const lines = optionLines(options).map((words) => `#SBATCH ${directives(words)}\n`).join("");
  return lines === "" ? "" : `# Your own options.\n${lines}`;
}

/** One line for each option. If the value of an option is a separate word, it is on the same line. */
function optionLines(options: readonly string[]): string[][] {
  const lines: string[][] = [];
  for (const word of options) {
    if (word.startsWith("-") || lines.length === 0) lines.push([word]);
    else lines.at(-1)!.push(word);
  }
  return lines;
}

/** The settings of the program. */
export function programLines({ program, calledAs }: Job): string {
  return `SYNDISCO=(${shellCommand(program)})
${calledAs === null ? "" : `export SYNDISCO_CALLED_AS=${setting(calledAs)}\n`}`;
}
