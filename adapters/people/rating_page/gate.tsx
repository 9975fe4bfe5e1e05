/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/**
 * The page of a rater who does not take part, or not yet. It asks the rater to agree to a text before anything
 * else.
 */
import type { VNode } from "npm:preact@11.2.0";
import { useLayoutEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { RatingGate } from "./rating_source.ts";

type GateProps = Readonly<{
  gate: RatingGate;
  problem: string | null;
  onDecide: (agrees: boolean) => void;
}>;

/** The page before a rater rates, and after a rater withdrew. */
export function Gate({ gate, problem, onDecide }: GateProps): VNode {
  const { standing, consent, debriefing } = gate;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    heading.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [standing]);
  if (standing === "waiting") {
    return (
      <section class="between">
        <h2 ref={heading} tabIndex={-1}>The rating has not begun yet</h2>
        <p>The discussions are still running. This page continues by itself when they are ready.</p>
      </section>
    );
  }
  if (standing === "withdrew" || consent === null) {
    return (
      <section class="between">
        <h2 ref={heading} tabIndex={-1}>You have withdrawn</h2>
        <p>Your ratings can no longer be read, and nothing more is asked of you. You can close this page.</p>
        {debriefing === null ? null : <div class="lines reading" dir="auto">{debriefing}</div>}
      </section>
    );
  }
  return (
    <section class="between">
      <h2 ref={heading} tabIndex={-1}>
        {standing === "declined" ? "You do not take part" : "Before you begin"}
      </h2>
      {standing === "declined"
        ? <p>You can close this page. You can also still decide to take part.</p>
        : null}
      <div class="lines reading" dir="auto">{consent.text}</div>
      <Decision problem={problem} isDeclined={standing === "declined"} onDecide={onDecide} />
    </section>
  );
}

type DecisionProps = Omit<GateProps, "gate"> & Readonly<{ isDeclined: boolean }>;

/** The box is empty at first, so that a rater has to tick it to agree. */
function Decision({ isDeclined, problem, onDecide }: DecisionProps): VNode {
  const [hasTicked, setHasTicked] = useState(false);
  return (
    <>
      <label class="tick">
        <input
          type="checkbox"
          checked={hasTicked}
          onChange={({ currentTarget: { checked } }) => setHasTicked(checked)}
        />
        I have read this text, and I agree to take part.
      </label>
      {problem === null ? null : <p class="problem" role="alert">{problem}</p>}
      <p class="actions">
        <button type="button" class="button main" disabled={!hasTicked} onClick={() => onDecide(true)}>
          Take part
        </button>
        {isDeclined ? null : (
          <button type="button" class="button" onClick={() => onDecide(false)}>
            I do not take part
          </button>
        )}
      </p>
    </>
  );
}
