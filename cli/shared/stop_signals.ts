/** Handles Ctrl-C and SIGTERM. After the first signal, the run finishes its requests; the second signal cancels them. */

/** After the first signal, requests in flight may take this long, in milliseconds. */
const GRACE_MS_MAX = 30_000;

/** Two abort signals that react to the process's signals. */
interface StopSignals extends Disposable {
  /** Aborted by the first signal. */
  readonly stop: AbortSignal;
  /** Aborted by the second signal, or after the grace time. */
  readonly abort: AbortSignal;
}

/**
 * Signals within this time count as one. A terminal sends Ctrl-C to every process of the group, and `deno task` and `npx`
 * forward it. So one Ctrl-C arrives two or three times.
 */
export const ECHO_MS_MAX = 200;

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Listens for signals until disposal. After `abort` was aborted, the next signal ends the process at once.
 * This loses nothing, because all recorded events are on disk. `say` tells the user what a signal does.
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
    // Echoes of this signal must not end the process before the summary says how to resume.
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
