/** Ctrl-C and SIGTERM: first gracefully, then at once. */

/** How long answers in flight are waited for after the first signal. */
export const GRACE_MS_MAX = 30_000;

/** What the signals do. */
export interface StopSignals extends Disposable {
  /** Aborted by the first signal. */
  readonly stop: AbortSignal;
  /** Aborted by the second one, or when the grace time is over. */
  readonly abort: AbortSignal;
}

/**
 * Signals this close together are one: a terminal sends Ctrl-C to every process of the group, and `deno task` and
 * `npx` pass on to us what they got, so that we hear of one Ctrl-C two or three times.
 */
export const ECHO_MS_MAX = 200;

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Listens for signals until it is disposed of. A third signal ends the process as if nobody listened: what is
 * recorded is durable all the same.
 *
 * @param say Tells the user what a signal did.
 */
export function listenForStop(say: (text: string) => void): StopSignals {
  const stop = new AbortController();
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heardAtMs = -Infinity;
  const release = () => {
    clearTimeout(timer);
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, onSignal);
  };
  const giveUp = () => {
    clearTimeout(timer);
    abort.abort(new DOMException("The run was stopped", "AbortError"));
    // The echoes of this signal must not end the process before it has said how to go on.
    timer = setTimeout(release, ECHO_MS_MAX);
  };
  const onSignal = () => {
    const nowMs = performance.now();
    if (nowMs - heardAtMs < ECHO_MS_MAX) return;
    heardAtMs = nowMs;
    if (stop.signal.aborted) {
      say("Giving up what is in flight");
      giveUp();
      return;
    }
    say(
      `Finishing what is in flight, for up to ${
        GRACE_MS_MAX / 1000
      } s; press Ctrl-C again to give it up at once`,
    );
    stop.abort(new DOMException("The run was stopped", "AbortError"));
    timer = setTimeout(giveUp, GRACE_MS_MAX);
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, onSignal);
  return { stop: stop.signal, abort: abort.signal, [Symbol.dispose]: release };
}
