/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The field for a comment. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { AnswerFate } from "../question.ts";
import type { SeatQuestion } from "../seat_view.ts";
import { COMMENT_CHARS_MAX, textProblem, withoutUnwritable } from "../text_limits.ts";
import type { Draft, Drafts } from "./drafts.ts";
import type { SeatServer } from "./server.ts";
import { TimeLeft, useSecondsLeft } from "./time_left.tsx";

/** From this number of characters on, the page shows the count. */
const COUNTED_FROM = 0.8 * COMMENT_CHARS_MAX;
const MOST = COMMENT_CHARS_MAX.toLocaleString("en");

/** What happened to an answer, in words. `text` is a text that was not posted. */
export type Notice = Readonly<{
  words: string;
  text?: string;
  /** Whether the notice is about a comment that was saved. */
  isSaved?: boolean;
}>;

const FATES: Readonly<Record<AnswerFate, string>> = {
  saved: "Sent and saved.",
  "answered-before": "You had already answered, perhaps in another tab. This text was not posted:",
  "too-late": "The time was over before your comment arrived. This text was not posted:",
  unknown: "Your turn is over. This text was not posted:",
  interrupted:
    "The discussion was stopped before your comment was saved. Your text is kept. Please send it again when it is your turn.",
};

type ComposerProps = Readonly<{
  question: SeatQuestion;
  isModerator: boolean;
  deadlineMs: number | null;
  isOnline: boolean;
  server: SeatServer;
  drafts: Drafts;
  onNotice: (notice: Notice | null) => void;
  /** Called if the question is gone and this text was never sent. */
  onUnsent: (text: string) => void;
}>;

/** The field, its buttons and the time left, for one question. */
export function Composer(
  { question, isModerator, deadlineMs, isOnline, server, drafts, onNotice, onUnsent }: ComposerProps,
): VNode {
  const { id, mayBeSilent } = question;
  const [draft, setDraft] = useState<Draft>(() => drafts.of(id));
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  // Whether something was pasted. A text is sent with the newest value, even before the page is drawn again.
  const isPasted = useRef(draft.pasted);
  const field = useRef<HTMLTextAreaElement>(null);
  const seconds = useSecondsLeft(deadlineMs);
  const isOver = seconds === 0;
  // The text in the field if it was not sent. It is reported when the question disappears.
  const unsent = useRef(draft.text);
  useEffect(() => () => {
    if (unsent.current.trim() !== "") onUnsent(unsent.current);
  }, []);
  useEffect(() => {
    if (document.activeElement === document.body) field.current?.focus();
  }, []);
  const change = (text: string) => {
    isPasted.current &&= text !== "";
    const next = { text, pasted: isPasted.current };
    setDraft(next);
    unsent.current = text;
    drafts.keep(id, next);
    setProblem(null);
  };
  const send = async (text: string) => {
    const wrong = textProblem(text);
    if (wrong !== null) return setProblem(`Cannot send the comment: ${wrong}.`);
    setSending(true);
    setProblem(null);
    onNotice(null);
    const before = unsent.current;
    unsent.current = "";
    try {
      const { fate } = await server.answer({ question: id, text, pasted: isPasted.current && text !== "" });
      const isLost = fate !== "saved" && fate !== "interrupted" && text !== "";
      if (fate === "interrupted") unsent.current = before;
      else drafts.clear();
      const isSaved = fate === "saved";
      // If the person said nothing, there is no saved text to report.
      if (!isSaved || text !== "") onNotice({ words: FATES[fate], isSaved, ...(isLost ? { text } : {}) });
    } catch (error) {
      const reason = (error as Error).message;
      unsent.current = before;
      setProblem(`Not sent: ${reason}. Your text is kept on this device. Please send it again.`);
    }
    setSending(false);
  };
  const text = withoutUnwritable(draft.text).trim();
  const isEnabled = !isSending && !isOver && isOnline;
  const isTooLong = text.length > COMMENT_CHARS_MAX;
  const canSend = isEnabled && text !== "" && !isTooLong;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (canSend) void send(text);
      }}
    >
      <div class="composer-head">
        <label for="comment">{isModerator ? "Your comment as the moderator" : "Your comment"}</label>
        {seconds !== null && <TimeLeft seconds={seconds} />}
      </div>
      <textarea
        id="comment"
        ref={field}
        dir="auto"
        rows={4}
        value={draft.text}
        readOnly={isSending}
        aria-describedby="composer-hint"
        aria-invalid={problem !== null || isTooLong}
        onInput={({ currentTarget }) => change(currentTarget.value)}
        onPaste={() => void (isPasted.current = true)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
          event.preventDefault();
          if (canSend) void send(text);
        }}
      />
      <div class="composer-foot">
        <button type="submit" class="button main" disabled={!canSend}>
          {isSending ? "Sending…" : "Send"}
        </button>
        {mayBeSilent && (
          <button
            type="button"
            class="button"
            disabled={!isEnabled}
            onClick={() => void send("")}
          >
            Say nothing
          </button>
        )}
        <span id="composer-hint" class="under">
          {isOver ? "The time is over." : (
            <>
              <kbd>Ctrl</kbd>+<kbd>Enter</kbd> sends
            </>
          )}
          {seconds !== null && !isOver && " · Without an answer in time, the discussion continues"}
          {text.length > COUNTED_FROM && ` · ${text.length.toLocaleString("en")} of ${MOST} characters`}
        </span>
      </div>
      <p class="problem" role="alert">
        {isTooLong ? `Shorten the comment: at most ${MOST} characters are possible.` : problem}
      </p>
    </form>
  );
}
