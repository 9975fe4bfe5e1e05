/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** One slot of the transcript. */
import type { VNode } from "npm:preact@11.2.0";
import type { DiscussionSlots, Slot } from "../../../../analysis/projections/mod.ts";
import { count, counted } from "../base/numbers.ts";
import { Link } from "../base/parts.tsx";
import type { Route } from "../base/router.ts";
import { hiddenCharacters, Words } from "../base/words.tsx";
import { FailedRequests } from "./failed_requests.tsx";
import type { LiveLog } from "./live_log.ts";
import { memoized } from "./memoized.ts";
import { missingWords, partWords } from "./plain_words.ts";
import { type Problem, problemsOf } from "./problems.ts";
import { readingsOf, type ScaleReadings } from "./readings.ts";
import { SpreadBar } from "./spread_bar.tsx";
import { timingOf } from "./timings.ts";
import { LongText } from "./texts.tsx";

/** At most this many scales are shown beside a comment; the pane shows all. */
const SCALES_SHOWN_MAX = 3;

/**
 * The properties of a drawn slot. A slot changes in place, so it is drawn again when a count changes.
 */
export type CommentProps = Readonly<{
  slot: Slot;
  content: DiscussionSlots;
  log: LiveLog;
  /** How many annotations and earlier failures the slot has. */
  annotated: number;
  failed: number;
  /** How many slots there are, if not all of them are drawn; `null` otherwise. */
  of: number | null;
  className: string;
  isChosen: boolean;
  terms: readonly string[];
  link: (position: number) => Route;
  onChoose: (position: number) => void;
}>;

/** The id of a slot's element. */
export function commentId(position: number): string {
  return `comment-${position}`;
}

/** One slot: who, in which part, and the words or the reason for silence. */
export const Comment = memoized(
  ({ slot, content, log, of, className, isChosen, terms, link, onChoose }: CommentProps): VNode => {
    const { position, by, author, text, isPast } = slot;
    const id = commentId(position);
    const problems = problemsOf(slot, content, log);
    const choose = (event: MouseEvent) => {
      const target = event.target as Element;
      // A click that selects text, or that presses a link or a button, does not choose the comment.
      if (target.closest("a, button, summary") !== null || getSelection()?.isCollapsed === false) return;
      onChoose(position);
    };
    return (
      <article
        id={id}
        class={["comment", `by-${by}`, className, isChosen ? "chosen" : "", isPast ? "past" : ""].join(" ")}
        aria-labelledby={`${id}-head`}
        aria-current={isChosen ? "true" : undefined}
        aria-posinset={of === null ? undefined : position + 1}
        aria-setsize={of ?? undefined}
        tabIndex={-1}
        onClick={choose}
      >
        <header>
          <h3 id={`${id}-head`}>
            <Link to={link(position)} className="ordinal">{String(position + 1)}</Link>{" "}
            <span class="author">
              <Words text={author} />
            </span>{" "}
            <span class="part">
              <Words text={partWords(slot)} />
            </span>
            {isPast && <span class="part">, copied from the discussion that this branch continues</span>}
          </h3>
          <Values readings={readingsOf(slot, content.passes)} />
        </header>
        <FailedRequests failures={log.failuresBefore(position)} isAnswered />
        {text === null
          ? <p class="silence">{missingWords(slot, content.design.passWord)}</p>
          : <LongText text={text} terms={terms} />}
        <Findings
          problems={problems}
          hidden={text === null ? 0 : hiddenCharacters(text)}
          attempts={timingOf(slot.meta).attempts ?? 1}
        />
      </article>
    );
  },
);

/** Facts about a comment that its words do not show. */
function Findings(
  { problems, hidden, attempts }: Readonly<{
    problems: readonly Problem[];
    hidden: number;
    attempts: number;
  }>,
): VNode | null {
  const shown = problems.filter(({ kind }) => kind !== "silence" && kind !== "failure");
  if (shown.length === 0 && hidden === 0 && attempts < 2) return null;
  return (
    <ul class="findings" aria-label="Worth checking">
      {shown.map(({ kind, words }) => (
        <li key={kind}>
          <Words text={words} />
        </li>
      ))}
      {attempts > 1 && <li class="note">answered at attempt {count(attempts)}</li>}
      {hidden > 0 && <li>{counted(hidden, "hidden character")} (g m shows them)</li>}
    </ul>
  );
}

function Values({ readings }: Readonly<{ readings: readonly ScaleReadings[] }>): VNode | null {
  const shown = readings.filter(({ numbers }) => numbers !== null && numbers.length > 0);
  if (shown.length === 0) return null;
  const rest = shown.length - SCALES_SHOWN_MAX;
  return (
    <div class="values">
      {shown.slice(0, SCALES_SHOWN_MAX).map((scale) => (
        <SpreadBar key={scale.pass + scale.scale.name} {...scale} />
      ))}
      {rest > 0 && <span class="soft">and {rest} more</span>}
    </div>
  );
}
