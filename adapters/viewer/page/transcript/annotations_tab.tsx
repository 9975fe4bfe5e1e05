/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The annotations of one slot by pass and scale, with the annotators' spread, their replies and their prompts. */
import type { VNode } from "npm:preact@11.2.0";
import { useState } from "npm:preact@11.2.0/hooks";
import { scaleTypeOf } from "../../../../core/annotation/scales/mod.ts";
import type { Annotation, DiscussionSlots, Slot } from "../../../../analysis/projections/mod.ts";
import { annotatorMarks } from "../base/colours.ts";
import { share } from "../base/numbers.ts";
import { Empty } from "../base/parts.tsx";
import { Words } from "../base/words.tsx";
import type { LiveLog } from "./live_log.ts";
import { valueWords } from "./plain_words.ts";
import { PromptTab } from "./prompt_tab.tsx";
import { type Reading, readingsOf, type ScaleReadings } from "./readings.ts";
import { SpreadBar } from "./spread_bar.tsx";
import { LongText } from "./texts.tsx";

type TabProps = Readonly<{ slot: Slot; content: DiscussionSlots; log: LiveLog }>;

/** All annotations of a slot. */
export function AnnotationsTab({ slot, content, log }: TabProps): VNode {
  const scales = readingsOf(slot, content.passes);
  if (scales.length === 0) {
    return (
      <Empty
        title={content.passes.size === 0
          ? "The discussion was not annotated"
          : "No annotations of this comment"}
      >
        {content.passes.size > 0 && (
          <p>No annotator was asked about this comment, or no annotator has answered yet.</p>
        )}
      </Empty>
    );
  }
  const passes = Map.groupBy(scales, ({ pass }) => pass);
  return (
    <>
      {[...passes].map(([pass, found]) => {
        const { design, completed } = content.passes.get(pass)!;
        const marks = annotatorMarks(design.annotators.map(({ name }) => name));
        return (
          <section key={pass} class="pass">
            <h3>
              Pass <Words text={pass} />
              {!completed && <span class="soft">, not completed</span>}
            </h3>
            {found.map((one) => (
              <Scale
                key={one.scale.name}
                readings={one}
                markOf={(name) => marks.get(name)?.letter ?? ""}
                log={log}
              />
            ))}
          </section>
        );
      })}
    </>
  );
}

function Scale(
  { readings: one, markOf, log }: Readonly<{
    readings: ScaleReadings;
    markOf: (annotator: string) => string;
    log: LiveLog;
  }>,
): VNode {
  const { scale, readings, disagreement } = one;
  return (
    <div class="scale-readings">
      <h4>
        <Words text={scale.name} /> <span class="soft">{scaleTypeOf(scale).shown(scale)}</span>
      </h4>
      <p class="question">
        <Words text={scale.question} />
      </p>
      <p class="summary">
        <SpreadBar {...one} />
        {disagreement !== null && (
          <span class="soft">
            {disagreement === 0
              ? "The annotators agree."
              : scaleTypeOf(scale).level === "nominal"
              ? "The annotators differ."
              : `The annotators differ by ${share(disagreement, 1)} of the scale.`}
          </span>
        )}
      </p>
      <ul class="readings">
        {readings.map((reading) => (
          <li key={reading.annotator}>
            <span class="mark" aria-hidden="true">{markOf(reading.annotator)}</span>{" "}
            <Words text={reading.annotator} />: {reading.value === null
              ? (
                <span class="flagged">
                  no value, <Words text={reading.problem ?? ""} />
                </span>
              )
              : (
                <strong>
                  <Words text={valueWords(reading.value)} />
                </strong>
              )}
            <Replies reading={reading} log={log} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Replies({ reading: { replies }, log }: Readonly<{ reading: Reading; log: LiveLog }>): VNode | null {
  const [isOpen, setOpen] = useState(false);
  if (replies.every(({ raw, generation }) => raw === undefined && generation === undefined)) return null;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {replies.length === 1 ? "Reply and prompt" : `${replies.length} replies, and their prompts`}
      </summary>
      {isOpen && replies.map((reply, index) => <OneReply key={index} reply={reply} log={log} />)}
    </details>
  );
}

function OneReply({ reply, log }: Readonly<{ reply: Annotation; log: LiveLog }>): VNode {
  const event = log.eventOfAnnotation(reply);
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="reply">
      {reply.problem !== undefined && (
        <p class="flagged">
          Not read: <Words text={reply.problem} />
        </p>
      )}
      {reply.raw !== undefined && <LongText text={reply.raw} />}
      {reply.thoughts !== undefined && (
        <details>
          <summary>Thoughts</summary>
          <LongText text={reply.thoughts} />
        </details>
      )}
      {event !== undefined && (
        <details onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
          <summary>Prompt</summary>
          {isOpen && <PromptTab log={log} seq={event.seq} />}
        </details>
      )}
    </div>
  );
}
