/** Ctrl-C and SIGTERM: the first one stops gracefully, the second one at once. */

/** How long requests in flight may take after the first signal. */
const GRACE_MS_MAX = 30_000;

/** Two abort signals that follow the process's signals. */
interface StopSignals extends Disposable {
  /** Aborted by the first signal. */
  readonly stop: AbortSignal;
  /** Aborted by the second one, or when the grace time has passed. */
  readonly abort: AbortSignal;
}

/**
 * Signals this close together count as one: a terminal sends Ctrl-C to every process of the group, and `deno task` and
 * `npx` pass their signals on, so that one Ctrl-C arrives two or three times.
 */
export const ECHO_MS_MAX = 200;

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Listens for signals until it is disposed of. A third signal ends the process at once; recorded events are durable. `say`
 * tells the user what a signal does.
 */
export function listenForStop(say: (text: string) => void): StopSignals {
  const stop = new AbortController();
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let receivedAtMs = -Infinity;
  const release = () => {
    clearTimeout(timer);
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, onSignal);
  };
  const cancel = () => {
    clearTimeout(timer);
    abort.abort(new DOMException("The run was stopped", "AbortError"));
    // Echoes of this signal must not end the process before it has said how to resume.
    timer = setTimeout(release, ECHO_MS_MAX);
  };
  const onSignal = () => {
    const nowMs = performance.now();
    if (nowMs - receivedAtMs < ECHO_MS_MAX) return;
    receivedAtMs = nowMs;
    if (stop.signal.aborted) {
      say("Cancelling requests in flight");
      cancel();
      return;
    }
    say(
      `Waiting up to ${
        GRACE_MS_MAX / 1000
      } s for requests in flight; press Ctrl-C again to cancel them at once`,
    );
    stop.abort(new DOMException("The run was stopped", "AbortError"));
    timer = setTimeout(cancel, GRACE_MS_MAX);
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, onSignal);
  return { stop: stop.signal, abort: abort.signal, [Symbol.dispose]: release };
}
