/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The parts of the page around the items: progress, and what comes between practice and ratings. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useRef } from "npm:preact@11.2.0/hooks";
import type { RatingProgress } from "../../../core/rating/mod.ts";
import { ConnectionMark } from "../page_parts/connection.tsx";
import type { Connection } from "../page_parts/follow.ts";

/** What the rater does now. */
export function partName({ part }: RatingProgress): string {
  return part === "quiz" ? "Practice" : "Rating";
}

type HeaderProps = Readonly<{
  progress: RatingProgress;
  place: number;
  connection: Connection;
  hasInstructions: boolean;
  onOpen: (dialog: "instructions" | "help") => void;
}>;

/** How far the rater is, and the buttons that are always there. */
export function Header({ progress, place, connection, hasInstructions, onOpen }: HeaderProps): VNode {
  const { part, from, to, next, quiz } = progress;
  const of = to - from;
  const number = Math.min(place, to - 1) - from + 1;
  const attempt = quiz === null ? "" : `, attempt ${quiz.attempt} of ${quiz.of}`;
  return (
    <header class="frame">
      {part === "finished" ? <span>All rated</span> : (
        <>
          <span class="number">{`${partName(progress)}: ${number} of ${of}${attempt}`}</span>
          <progress value={next - from} max={of} aria-label="Rated so far" />
        </>
      )}
      <span class="buttons">
        {/* At the end, the page needs no server any more. */}
        {part === "finished" ? null : <ConnectionMark connection={connection} />}
        {hasInstructions
          ? (
            <button type="button" class="button quiet" onClick={() => onOpen("instructions")}>
              Instructions <kbd aria-hidden="true">i</kbd>
            </button>
          )
          : null}
        <button type="button" class="button quiet" onClick={() => onOpen("help")}>
          Keys <kbd aria-hidden="true">?</kbd>
        </button>
      </span>
    </header>
  );
}

type BetweenProps = Readonly<{
  progress: RatingProgress;
  debriefing: string | null;
  onNext: () => void;
  onBack: () => void;
}>;

/** All items of a part have answers: the rater confirms them. */
export function BetweenParts({ progress, debriefing, onNext, onBack }: BetweenProps): VNode {
  const { part, from, to } = progress;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [part]);
  if (part === "finished") {
    return (
      <section class="between">
        <h2 ref={heading} tabIndex={-1}>Thank you. Everything is rated and saved.</h2>
        {debriefing === null ? null : <div class="lines reading" dir="auto">{debriefing}</div>}
        <p>You can close this page.</p>
      </section>
    );
  }
  const isQuiz = part === "quiz";
  return (
    <section class="between">
      <h2 ref={heading} tabIndex={-1}>
        {isQuiz ? "You have answered the practice" : ratedAll(to - from)}
      </h2>
      <p>
        {isQuiz
          ? "Compare your answers with the known ones now. You can go back first, to correct an answer."
          : "Finish now. You can go back first, to correct one of the last ten ratings."}
      </p>
      <p class="actions">
        <button type="button" class="button" onClick={onBack}>
          Back <kbd aria-hidden="true">Backspace</kbd>
        </button>
        <button type="button" class="button main" onClick={onNext}>
          {isQuiz ? "Check my answers" : "Finish"} <kbd aria-hidden="true">Enter</kbd>
        </button>
      </p>
    </section>
  );
}

function ratedAll(count: number): string {
  return count === 1 ? "You have rated the only comment" : `You have rated all ${count} comments`;
}

type ResultProps = Readonly<{ progress: RatingProgress; hasInstructions: boolean }>;

/** Explains the practice, or shows its result until the rater continues; `null` if there is nothing to show. */
export function QuizResult({ progress, hasInstructions }: ResultProps): VNode | null {
  const { lastQuiz, next, from, part } = progress;
  if (next > from || part === "finished") return null;
  if (lastQuiz === null) {
    return part === "quiz"
      ? <p class="result">You practise first, with comments whose answers are known.</p>
      : null;
  }
  const again = hasInstructions ? "Read the instructions again, and try once more." : "Try once more.";
  return (
    <p class="result" role="status">
      Practice answers as expected: {lastQuiz.right} of {lastQuiz.of}.{" "}
      {part === "quiz" ? again : "The rating begins now."}
    </p>
  );
}
