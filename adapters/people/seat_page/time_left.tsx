/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The time that is left for an answer. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useState } from "npm:preact@11.2.0/hooks";

/** Screen readers announce the time left at these numbers of seconds. From the first on, it is shown as urgent. */
const ANNOUNCED_S = [60, 10];

/**
 * Whole seconds until a deadline, counted down.
 *
 * @param deadlineMs In milliseconds of `performance.now()`.
 */
export function useSecondsLeft(deadlineMs: number | null): number | null {
  const [nowMs, setNowMs] = useState(performance.now());
  useEffect(() => {
    setNowMs(performance.now());
    if (deadlineMs === null) return;
    const timer = setInterval(() => setNowMs(performance.now()), 250);
    return () => clearInterval(timer);
  }, [deadlineMs]);
  return deadlineMs === null ? null : Math.max(0, Math.ceil((deadlineMs - nowMs) / 1000));
}

/** The time left, in words for screen readers only at a few times. */
export function TimeLeft({ seconds }: Readonly<{ seconds: number }>): VNode {
  const announced = ANNOUNCED_S.find((one) => seconds <= one && seconds > one - 3);
  return (
    <>
      <span class={seconds <= ANNOUNCED_S[0]! ? "time urgent" : "time"} role="timer" aria-live="off">
        {clock(seconds)} left
      </span>
      <span class="aside" aria-live="polite">
        {announced === undefined ? "" : `${announced} seconds left`}
      </span>
    </>
  );
}

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => index === 0 ? String(part) : String(part).padStart(2, "0")).join(":");
}
