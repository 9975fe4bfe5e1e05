/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The text that a rater agrees to before anything else. */
import type { VNode } from "npm:preact@11.2.0";
import { useState } from "npm:preact@11.2.0/hooks";
import type { RatingGate } from "./rating_source.ts";

type ConsentProps = Readonly<{
  gate: RatingGate;
  problem: string | null;
  onDecide: (agrees: boolean) => void;
}>;

/** The box is empty at first: agreeing is an act. */
export function Consent({ gate: { standing, consent }, problem, onDecide }: ConsentProps): VNode {
  const [hasTicked, setHasTicked] = useState(false);
  if (standing === "waiting") {
    return (
      <main class="between">
        <h1>The rating has not begun yet</h1>
        <p>The discussions are still running. This page continues by itself when they are ready.</p>
      </main>
    );
  }
  if (consent === null) {
    return (
      <main class="between">
        <h1>You have withdrawn</h1>
        <p>Your ratings can no longer be read, and nothing more is asked of you. You can close this page.</p>
      </main>
    );
  }
  return (
    <main class="between">
      <h1>Before you begin</h1>
      {standing === "declined"
        ? <p class="result">You have declined. You can still change your mind.</p>
        : null}
      <div class="lines consent" dir="auto">{consent.text}</div>
      <p>
        <label>
          <input
            type="checkbox"
            checked={hasTicked}
            onChange={({ currentTarget: { checked } }) => setHasTicked(checked)}
          />{" "}
          I have read this text, and I agree.
        </label>
      </p>
      {problem === null ? null : <p class="problem" role="alert">{problem}</p>}
      <p class="actions">
        <button type="button" class="button" onClick={() => onDecide(false)}>Do not take part</button>
        <button type="button" class="button main" disabled={!hasTicked} onClick={() => onDecide(true)}>
          Begin
        </button>
      </p>
    </main>
  );
}
