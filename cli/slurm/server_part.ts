/** The part of the batch script that starts a model server in each task. */

/**
 * The first port for servers, and the number of ports. Systems do not give these ports to outgoing
 * connections.
 */
const [PORT_FIRST, PORTS] = [20_000, 10_000];
/**
 * If its port is in use, a task adds this number to the port, and tries the result. A step of 1 would lead to
 * the port of the next task.
 */
const PORT_STEP = 1009;
/** The longest time until the server answers, in seconds. Large models take many minutes to load. */
const START_SECONDS_MAX = 1800;
const STOP_SECONDS_MAX = 10;

/**
 * The functions of the script.
 *
 * @param command The user's command, in which `$PORT` is the port.
 */
export function serverFunctions(command: string): string {
  return `
# The model server of this task. Its log is server-TASK.log. It answers only on its own node.
start_server() {
  ${command}
}
server_log=$FOLDER/server-$task.log
SERVER_SECONDS_MAX=${START_SECONDS_MAX}

# Whether something listens at the port.
is_used() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# Whether the server answers with the list of its models, or asks for a key.
server_answers() (
  exec 2> /dev/null 3<> "/dev/tcp/127.0.0.1/$PORT" || exit 1
  printf 'GET /v1/models HTTP/1.1\\r\\nHost: 127.0.0.1:%s\\r\\nConnection: close\\r\\n\\r\\n' "$PORT" >&3
  read -r -t 10 _ status _ <&3
  case $status in 200 | 401 | 403) ;; *) exit 1 ;; esac
)

# Ends the server and all of its processes.
stop_server() {
  kill -TERM -- "-$server" 2> /dev/null
  for _ in $(seq ${STOP_SECONDS_MAX}); do
    kill -0 -- "-$server" 2> /dev/null || return
    sleep 1
  done
  kill -KILL -- "-$server" 2> /dev/null
}

# Stops the program if the server ends first.
watch_server() {
  while kill -0 "$server" 2> /dev/null; do sleep 2; done
  say "the model server has ended; the end of $server_log:"
  tail -n 20 "$server_log"
  kill -TERM "$run" 2> /dev/null
}
`;
}

/** Starts the server, and waits until it answers. */
export const SERVER_START = `
# Each job begins with a port of its own, so that tasks on one node do not collide.
PORT=$((${PORT_FIRST} + SLURM_JOB_ID % ${PORTS}))
while is_used "$PORT"; do PORT=$((${PORT_FIRST} + (PORT - ${PORT_FIRST} + ${PORT_STEP}) % ${PORTS})); done
export PORT
say "starts the model server at port $PORT; its log is $server_log"
set -m # The server gets a process group, so that its own processes end with it.
start_server >> "$server_log" 2>&1 < /dev/null &
server=$!
set +m
SECONDS=0
until server_answers; do
  problem=
  if ! kill -0 "$server" 2> /dev/null; then
    wait "$server"
    problem="the model server ended with exit code $? before it answered"
  elif [ "$SECONDS" -ge "$SERVER_SECONDS_MAX" ]; then
    problem="the model server did not answer within $SERVER_SECONDS_MAX seconds"
  elif [ -n "$stopping" ]; then
    problem="was stopped while the model server started"
  fi
  if [ -n "$problem" ]; then
    stop_server
    [ -n "$stopping" ] || { say "the end of $server_log:" && tail -n 20 "$server_log"; }
    case $problem in *' code 12'[67]' '*) fail_for_good "$problem: this node has no such program" ;; esac
    requeue "$problem"
  fi
  sleep 1
done
say "the model server answers after $SECONDS seconds"
`;

/** Ends the server after the program. */
export const SERVER_STOP = `kill "$watcher" 2> /dev/null
stop_server
`;
