/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Asks whether the person takes part, before anything else. */
import type { VNode } from "npm:preact@11.2.0";
import { useState } from "npm:preact@11.2.0/hooks";
import type { SeatConsent } from "../seat_messages.ts";

type ConsentProps = Readonly<{
  text: string;
  sha256: string;
  /** Whether the person has refused before. */
  isDeclined: boolean;
  answer: (consent: SeatConsent) => Promise<void>;
}>;

/** The text and an empty box to tick. */
export function Consent({ text, sha256, isDeclined, answer }: ConsentProps): VNode {
  const [isTicked, setTicked] = useState(false);
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const send = async (agrees: boolean) => {
    setSending(true);
    setProblem(null);
    try {
      await answer({ agrees, sha256 });
    } catch (error) {
      setProblem(
        `Not saved: ${(error as Error).message}`,
      );
    }
    setSending(false);
  };
  return (
    <section class="paper">
      <h2>{isDeclined ? "You do not take part" : "Before you begin"}</h2>
      {isDeclined && <p>You can close this page. You can also still decide to take part.</p>}
      <div class="lines reading" dir="auto">{text}</div>
      <label class="tick">
        <input
          type="checkbox"
          checked={isTicked}
          onChange={({ currentTarget }) => setTicked(currentTarget.checked)}
        />
        I have read this text, and I agree to take part.
      </label>
      <div class="actions">
        <button
          type="button"
          class="button main"
          disabled={!isTicked || isSending}
          onClick={() => void send(true)}
        >
          Take part
        </button>
        {!isDeclined && (
          <button
            type="button"
            class="button"
            disabled={isSending}
            onClick={() => void send(false)}
          >
            I do not take part
          </button>
        )}
      </div>
      <p class="problem" role="alert">{problem}</p>
    </section>
  );
}
