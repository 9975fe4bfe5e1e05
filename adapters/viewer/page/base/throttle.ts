/** Limits how often something is done, because notices can come much faster than answers. */
import { useCallback, useEffect, useRef } from "npm:preact@11.2.0/hooks";

/**
 * Returns a function that calls `action` at once, or as soon as `pauseMs` milliseconds have passed since the
 * last call of `action`. While a call waits, further calls are ignored.
 */
export function useThrottled(action: () => void, pauseMs: number): () => void {
  const latest = useRef(action);
  latest.current = action;
  const state = useRef({
    calledAt: -Infinity,
    timer: undefined as ReturnType<typeof setTimeout> | undefined,
  });
  useEffect(() => () => clearTimeout(state.current.timer), []);
  return useCallback(() => {
    const { calledAt, timer } = state.current;
    if (timer !== undefined) return;
    const call = () => {
      state.current = { calledAt: performance.now(), timer: undefined };
      latest.current();
    };
    const wait = calledAt + pauseMs - performance.now();
    if (wait <= 0) call();
    else state.current.timer = setTimeout(call, wait);
  }, [pauseMs]);
}
